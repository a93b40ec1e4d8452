#include "features/feature_expression.h"

#include "features/arithmetic.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <regex>
#include <utility>

namespace lcclass {

namespace {

constexpr std::size_t longest_text = 4000;
constexpr int deepest = 50; ///< functions within functions

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Reads a text from left to right. Names and calls become parts; what is between them is left to muParser.
class Reader {
public:
    Reader(std::string_view text, std::string shown, int depth)
        : m_text(text), m_shown(std::move(shown)), m_depth(depth) {}

    FeatureExpression read() {
        if (m_depth > deepest) {
            fail("has functions within more than " + std::to_string(deepest) + " others", "define parts with --index");
        }
        FeatureExpression result{.kind = FeatureExpression::Kind::arithmetic};
        while (m_at < m_text.size()) {
            if (is_letter(peek())) {
                read_word(result);
            } else if (is_digit(peek()) || peek() == '.') {
                const std::string number = read_number();
                require_operator_before(result, number);
                result.arithmetic += number;
            } else {
                read_sign(result);
            }
        }
        if (result.parts.empty()) {
            fail(result.arithmetic.empty() ? "is empty" : "names no band",
                 "name a band, an index or a formula of them");
        }
        if (result.arithmetic == "v0") {
            return result.parts.front();
        }
        std::vector<std::string> names;
        for (const FeatureExpression& part : result.parts) {
            names.push_back(part.text());
        }
        static_cast<void>(Arithmetic(result.arithmetic, names, m_shown));
        return result;
    }

private:
    [[noreturn]] void fail(const std::string& problem, const std::string& fix) const {
        throw Error(ExitCode::configuration,
                    {.where = {}, .field = "feature=" + m_shown, .problem = problem, .fix = fix});
    }

    [[nodiscard]] char peek() const { return m_text[m_at]; }

    void skip_spaces() {
        while (m_at < m_text.size() && (peek() == ' ' || peek() == '\t')) {
            ++m_at;
        }
    }

    std::string read_number() {
        static const std::regex pattern(R"((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)");
        std::cmatch match;
        if (!std::regex_search(m_text.begin() + static_cast<std::ptrdiff_t>(m_at), m_text.end(), match, pattern,
                               std::regex_constants::match_continuous)) {
            fail("has a '" + std::string(1, peek()) + "' where none belongs", "write numbers as 0.5");
        }
        m_at += static_cast<std::size_t>(match.length());
        return match.str();
    }

    void read_sign(FeatureExpression& result) {
        static constexpr std::string_view signs = "+-*/^(),<>=!&|";
        const char sign = m_text[m_at++];
        if (sign == ' ' || sign == '\t') {
            return;
        }
        if (signs.find(sign) == std::string_view::npos) {
            fail("has a '" + std::string(1, sign) + "' where none belongs", "write names, numbers and + - * / ^ ( )");
        }
        result.arithmetic += sign;
    }

    /// Without spaces `B04 2` would read as one name.
    void require_operator_before(const FeatureExpression& result, const std::string& word) const {
        const char last = result.arithmetic.empty() ? '(' : result.arithmetic.back();
        if (is_digit(last) || is_letter(last) || last == ')' || last == '.') {
            fail("has no operator before '" + word + "'", "write + - * / or ^ between the two");
        }
    }

    void read_word(FeatureExpression& result) {
        const std::size_t start = m_at;
        while (m_at < m_text.size() && (is_letter(peek()) || is_digit(peek()) || peek() == '.')) {
            ++m_at;
        }
        FeatureExpression part{.kind = FeatureExpression::Kind::name,
                               .name = std::string(m_text.substr(start, m_at - start))};
        require_operator_before(result, part.name);
        const std::size_t after = m_at;
        skip_spaces();
        const bool is_call = m_at < m_text.size() && peek() == '(';
        if (is_call && holds(arithmetic_functions(), part.name)) {
            result.arithmetic += part.name;
            return;
        }
        if (is_call) {
            read_arguments(part);
        } else {
            m_at = after;
        }
        part.when = read_when(part.name);
        const std::string text = part.text();
        const auto same = std::find_if(result.parts.begin(), result.parts.end(),
                                       [&](const FeatureExpression& other) { return other.text() == text; });
        result.arithmetic += "v" + std::to_string(same - result.parts.begin());
        if (same == result.parts.end()) {
            result.parts.push_back(std::move(part));
        }
    }

    /// `(expression,number,...)`.
    void read_arguments(FeatureExpression& call) {
        if (!holds(neighbourhood_functions(), call.name)) {
            std::vector<std::string> known = neighbourhood_functions();
            known.insert(known.end(), arithmetic_functions().begin(), arithmetic_functions().end());
            fail("there is no function " + call.name + did_you_mean(call.name, known),
                 "use one of " + join(known, " "));
        }
        call.kind = FeatureExpression::Kind::call;
        const std::size_t open = m_at;
        int depth = 0;
        do {
            depth += peek() == '(' ? 1 : peek() == ')' ? -1 : 0;
            ++m_at;
        } while (depth > 0 && m_at < m_text.size());
        if (depth > 0) {
            fail("has a parenthesis that is not closed", "close it");
        }
        const std::vector<std::string> arguments = split_features(m_text.substr(open + 1, m_at - open - 2));
        if (arguments.empty()) {
            fail(call.name + " is given nothing", "name what it is of, as in " + call.name + "(B08)");
        }
        call.parts.push_back(Reader(arguments[0], m_shown, m_depth + 1).read());
        for (std::size_t i = 1; i < arguments.size(); ++i) {
            const auto number = parse_double(arguments[i]);
            if (!number) {
                fail(call.name + " is given '" + arguments[i] + "', which is not a number",
                     "write what it is of first, then numbers");
            }
            call.numbers.push_back(*number);
        }
    }

    /// What stands behind `@`: a date, or a statistic with an optional period.
    std::string read_when(const std::string& name) {
        if (m_at >= m_text.size() || peek() != '@') {
            return {};
        }
        static const std::regex pattern(
            R"(@(\d{4}-\d\d-\d\d(?:\.\d\d?)?|[a-z][a-z0-9]*(?:\.\d+)?)"
            R"((?::(?:\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d|\d{4}-\d\d|\d{4}|M\d\d\.\.M\d\d|M\d\d|[A-Z]{3}))?))");
        std::cmatch match;
        if (!std::regex_search(m_text.begin() + static_cast<std::ptrdiff_t>(m_at), m_text.end(), match, pattern,
                               std::regex_constants::match_continuous)) {
            fail("what follows " + name + "@ is neither a date nor a statistic",
                 "write " + name + "@2018-05-06, " + name + "@median or " + name + "@p10:2018-05");
        }
        m_at += static_cast<std::size_t>(match.length());
        return match.str(1);
    }

    std::string_view m_text;
    std::string m_shown;
    int m_depth;
    std::size_t m_at = 0;
};

} // namespace

std::string FeatureExpression::text() const {
    std::string result = name;
    if (kind == Kind::call) {
        result += "(" + parts.front().text();
        for (const double number : numbers) {
            result += "," + format_number(number);
        }
        result += ")";
    }
    if (kind != Kind::arithmetic) {
        return when.empty() ? result : result + "@" + when;
    }
    for (std::size_t i = 0; i < arithmetic.size(); ++i) {
        const bool is_variable = arithmetic[i] == 'v' && i + 1 < arithmetic.size() && is_digit(arithmetic[i + 1]);
        if (!is_variable) {
            result += arithmetic[i];
            continue;
        }
        std::size_t number = 0;
        while (i + 1 < arithmetic.size() && is_digit(arithmetic[i + 1])) {
            number = number * 10 + static_cast<std::size_t>(arithmetic[++i] - '0');
        }
        const FeatureExpression& part = parts[number];
        result += part.text();
    }
    return result;
}

FeatureExpression parse_feature(std::string_view text) {
    if (text.size() > longest_text) {
        throw Error(ExitCode::configuration, {.where = {},
                                              .field = "feature=" + std::string(text.substr(0, 60)) + "...",
                                              .problem = "is longer than " + std::to_string(longest_text) + " letters",
                                              .fix = "define parts of it with --index"});
    }
    return Reader(text, std::string(text), 0).read();
}

std::vector<std::string> split_features(std::string_view text) {
    std::vector<std::string> parts;
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ',';
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (i == text.size() || (c == ',' && depth <= 0)) {
            const std::string part(trim(text.substr(start, i - start)));
            if (!part.empty()) {
                parts.push_back(part);
            }
            start = i + 1;
        }
    }
    return parts;
}

} // namespace lcclass
