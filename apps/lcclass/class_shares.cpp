#include "class_shares.h"

#include "command_line.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr double sum_tolerance = 1e-6;
constexpr std::uintmax_t largest_file = std::uintmax_t{16} << 20U;

/// Collects shares by class code; every fault names where they are from.
class ShareCollector {
public:
    ShareCollector(std::string where, ExitCode code, const ClassLegend& legend)
        : m_where(std::move(where)), m_code(code), m_legend(legend) {}

    void add(const std::string& code_text, std::optional<double> share, const std::string& share_text) {
        const std::string field = code_text + "=" + share_text;
        const auto code = parse_int(code_text);
        if (!code || *code < 1 || *code > 65535) {
            fail(field, "'" + code_text + "' is not a class code", "write them as '1=0.3,2=0.7'");
        }
        if (!share || !(*share >= 0 && *share <= 1)) {
            fail(field, "the share is not a number from 0 to 1", "give the part of the area that the class has");
        }
        if (!m_legend.index_of(static_cast<std::int32_t>(*code))) {
            fail(field, "the model knows no class " + code_text, "give shares of its classes: " + known_codes());
        }
        if (!m_shares.emplace(static_cast<std::int32_t>(*code), *share).second) {
            fail(field, "class " + code_text + " has a share already", "give every class once");
        }
    }

    [[nodiscard]] std::vector<double> shares() const {
        std::vector<double> shares;
        double sum = 0;
        for (const LandCoverClass& entry : m_legend.classes()) {
            const auto found = m_shares.find(entry.code);
            if (found == m_shares.end()) {
                fail("class " + std::to_string(entry.code), "(" + entry.name + ") has no share",
                     "give shares of all classes of the model, 0 for what cannot be there: " + known_codes());
            }
            shares.push_back(found->second);
            sum += found->second;
        }
        if (!(std::abs(sum - 1) <= sum_tolerance)) {
            fail("sum=" + format_number(std::round(sum * 1e9) / 1e9), "the shares do not sum to 1",
                 "give parts of the whole area, with digits enough to sum to 1 within 0.000001");
        }
        for (double& share : shares) {
            share /= sum;
        }
        return shares;
    }

    [[noreturn]] void fail(const std::string& field, const std::string& problem, const std::string& fix) const {
        throw Error(m_code, {.where = m_where, .field = field, .problem = problem, .fix = fix});
    }

private:
    [[nodiscard]] std::string known_codes() const {
        std::vector<std::string> codes;
        for (const LandCoverClass& entry : m_legend.classes()) {
            codes.push_back(std::to_string(entry.code));
        }
        return join(codes, " ");
    }

    std::string m_where;
    ExitCode m_code;
    const ClassLegend& m_legend;
    std::map<std::int32_t, double> m_shares;
};

void collect_stated(const std::string& stated, ShareCollector& shares) {
    std::string text = stated;
    std::replace(text.begin(), text.end(), ',', ';');
    for (const TextPair& pair : split_pairs(text)) {
        if (!pair.value) {
            shares.fail(pair.text, "is not a class with its share", "write them as '1=0.3,2=0.7'");
        }
        shares.add(pair.name, parse_double(*pair.value), *pair.value);
    }
}

/// Areas of an `accuracy.json`; a class that the model does not know and that has no area is left out.
void collect_areas(const Json& content, const ClassLegend& legend, ShareCollector& shares) {
    const auto per_class = content.find("per_class");
    if (content.value("mode", "") != "sample" || per_class == content.end()) {
        shares.fail({}, "has no areas of classes", "give the accuracy.json of assess with a reference sample");
    }
    for (const auto& [name, entry] : per_class->items()) {
        const Json code = entry.value("class_code", Json());
        const Json estimate = entry.at("area").at("share").value("estimate", Json());
        if (!code.is_number_integer() || !estimate.is_number()) {
            shares.fail("per_class." + name, "has no share of the area",
                        "give the accuracy.json of assess with a reference sample");
        }
        const bool absent = estimate.get<double>() == 0 && !legend.index_of(code.get<std::int32_t>());
        if (!absent) {
            shares.add(code.dump(), estimate.get<double>(), estimate.dump());
        }
    }
}

void collect_table(const std::string& text, ShareCollector& shares) {
    const std::vector<std::string> lines = split(text, '\n');
    const std::vector<std::string> header = split(std::string(trim(lines.front())), ',');
    if (header != std::vector<std::string>{"class_code", "share"}) {
        shares.fail("line 1", "is not 'class_code,share'", "give a CSV with these two columns, or an accuracy.json");
    }
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const std::string_view line = trim(lines[i]);
        if (line.empty()) {
            continue;
        }
        const std::vector<std::string> cells = split(line, ',');
        if (cells.size() != 2) {
            shares.fail("line " + std::to_string(i + 1), "has not two values", "write a class code and its share");
        }
        const std::string share(trim(cells[1]));
        shares.add(std::string(trim(cells[0])), parse_double(share), share);
    }
}

} // namespace

void add_class_share_options(CLI::App& app, ClassShareArguments& arguments) {
    map_option(app, "--class-priors", arguments.stated,
               "class shares of the mapped land, as in '1=0.3,2=0.7': corrects for other shares in the training");
    some_words(
        path_or_word_option(app, "--class-priors-from", arguments.from,
                            "class shares from: accuracy.json of assess, a CSV, or estimate (from the scene itself)"),
        {"estimate"});
}

fs::path class_share_file(const ClassShareArguments& arguments) {
    if (!arguments.stated.empty() && !arguments.from.empty()) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--class-priors-from=" + arguments.from,
                                             .problem = "there are shares in --class-priors already",
                                             .fix = "give one of the two"});
    }
    return arguments.estimated() ? fs::path() : fs::path(arguments.from);
}

std::vector<double> read_class_shares(const ClassShareArguments& arguments, const ClassLegend& legend) {
    if (!arguments.stated.empty()) {
        ShareCollector shares("--class-priors", ExitCode::configuration, legend);
        collect_stated(arguments.stated, shares);
        return shares.shares();
    }
    ShareCollector shares(arguments.from, ExitCode::input, legend);
    const std::string text = read_file(arguments.from, largest_file);
    if (!trim(text).starts_with('{')) {
        collect_table(text, shares);
        return shares.shares();
    }
    const Json content = Json::parse(text, nullptr, false);
    if (!content.is_object()) {
        shares.fail({}, "is not JSON", "give the accuracy.json of assess, or a CSV");
    }
    try {
        collect_areas(content, legend, shares);
    } catch (const Json::exception&) {
        shares.fail({}, "is not an accuracy.json", "give the accuracy.json of assess with a reference sample");
    }
    return shares.shares();
}

std::string class_shares_text(const std::vector<double>& shares, const ClassLegend& legend) {
    std::vector<std::string> parts;
    for (std::size_t k = 0; k < shares.size(); ++k) {
        parts.push_back(std::to_string(legend.at(static_cast<int>(k)).code) + "=" +
                        format_number(std::round(shares[k] * 1e6) / 1e6));
    }
    return join(parts, ";");
}

} // namespace lcclass
