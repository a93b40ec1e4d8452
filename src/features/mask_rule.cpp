#include "features/mask_rule.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace lcclass {

namespace {

using Words = std::span<const std::pair<int, const char*>>;

/// A band whose numbers have names.
struct Nomenclature {
    const char* band;
    Words words;
    bool of_bits; ///< the numbers are bits, not values
};

constexpr std::array<std::pair<int, const char*>, 12> scene_classes = {{{0, "nodata"},
                                                                        {1, "saturated"},
                                                                        {2, "dark"},
                                                                        {3, "cloud-shadow"},
                                                                        {4, "vegetation"},
                                                                        {5, "not-vegetated"},
                                                                        {6, "water"},
                                                                        {7, "unclassified"},
                                                                        {8, "cloud-medium"},
                                                                        {9, "cloud-high"},
                                                                        {10, "cirrus"},
                                                                        {11, "snow"}}};
constexpr std::array<std::pair<int, const char*>, 6> fmask_classes = {
    {{0, "clear"}, {1, "water"}, {2, "shadow"}, {3, "snow"}, {4, "cloud"}, {255, "fill"}}};
constexpr std::array<std::pair<int, const char*>, 8> landsat_bits = {{{0, "fill"},
                                                                      {1, "dilated-cloud"},
                                                                      {2, "cirrus"},
                                                                      {3, "cloud"},
                                                                      {4, "cloud-shadow"},
                                                                      {5, "snow"},
                                                                      {6, "clear"},
                                                                      {7, "water"}}};
constexpr std::array<Nomenclature, 3> nomenclatures = {
    {{"SCL", scene_classes, false}, {"FMASK", fmask_classes, false}, {"QA_PIXEL", landsat_bits, true}}};

constexpr Nomenclature unnamed = {"", {}, false};
constexpr int most_bits = 24; // whole numbers beyond 2^24 are not exact in a float
constexpr std::string_view bit_prefix = "bit:";

const Nomenclature& nomenclature_of(std::string_view band) {
    const auto* found = std::find_if(nomenclatures.begin(), nomenclatures.end(),
                                     [&](const Nomenclature& known) { return band == known.band; });
    return found == nomenclatures.end() ? unnamed : *found;
}

bool has_classes(const Nomenclature& names) {
    return !names.words.empty() && !names.of_bits;
}

std::vector<std::string> words_of(const Nomenclature& names) {
    std::vector<std::string> words;
    for (const auto& entry : names.words) {
        words.emplace_back(entry.second);
    }
    return words;
}

std::optional<int> number_of(const Nomenclature& names, std::string_view word) {
    for (const auto& [number, known] : names.words) {
        if (word == known) {
            return number;
        }
    }
    return std::nullopt;
}

std::optional<std::string> word_of(const Nomenclature& names, double number) {
    for (const auto& [known, word] : names.words) {
        if (number == known) {
            return word;
        }
    }
    return std::nullopt;
}

/// Reads the values of one rule.
class RuleReader {
public:
    RuleReader(MaskRule& rule, const std::string& option)
        : m_rule(&rule), m_option(&option), m_names(&nomenclature_of(rule.band)) {}

    void read(const std::string& value) {
        if (const std::optional<int> number = number_of(*m_names, value)) {
            return m_names->of_bits ? add_bit(*number) : add_range({double(*number), double(*number)}, value);
        }
        if (value.starts_with(bit_prefix)) {
            return read_bit(value);
        }
        const std::size_t dots = value.find("..");
        const std::optional<double> first = parse_double(std::string_view(value).substr(0, dots));
        const std::optional<double> last =
            dots == std::string::npos ? first : parse_double(std::string_view(value).substr(dots + 2));
        if (!first || !last || !std::isfinite(*first) || !std::isfinite(*last) || *last < *first) {
            refuse(value, "is no value of a mask" + did_you_mean(value, words_of(*m_names)));
        }
        if (m_names->of_bits) {
            refuse(value, "is a number, but the numbers of this band are made of bits");
        }
        add_range({*first, *last}, value);
    }

private:
    [[noreturn]] void refuse(const std::string& value, const std::string& problem) const {
        const std::vector<std::string> words = words_of(*m_names);
        std::string fix = words.empty() ? "" : "use " + join(words, " ") + ", or ";
        fix += m_names->of_bits ? "bit:3" : words.empty() ? "use numbers, ranges as 40..100, or bit:3" : "numbers";
        throw Error(
            ExitCode::command_line,
            {.where = {}, .field = *m_option + " " + m_rule->band + "=" + value, .problem = problem, .fix = fix});
    }

    void read_bit(const std::string& value) {
        const std::optional<std::int64_t> bit = parse_int(std::string_view(value).substr(bit_prefix.size()));
        if (has_classes(*m_names)) {
            refuse(value, "is a bit, but the numbers of this band are classes");
        }
        if (!bit || *bit < 0 || *bit >= most_bits) {
            refuse(value, "is no bit from 0 to " + std::to_string(most_bits - 1));
        }
        add_bit(static_cast<int>(*bit));
    }

    void add_bit(int bit) { m_rule->bits |= 1U << bit; }

    /// Ranges of classes become the classes in it.
    void add_range(MaskRule::Range range, const std::string& value) {
        if (!has_classes(*m_names)) {
            m_rule->ranges.push_back(range);
            return;
        }
        const std::size_t before = m_rule->ranges.size();
        for (const auto& entry : m_names->words) {
            if (range.first <= entry.first && entry.first <= range.last) {
                m_rule->ranges.push_back({double(entry.first), double(entry.first)});
            }
        }
        if (m_rule->ranges.size() == before) {
            refuse(value, "is no class of this band");
        }
    }

    MaskRule* m_rule;
    const std::string* m_option;
    const Nomenclature* m_names;
};

enum class Verdict : std::uint8_t { stays, masked, senseless };

/// What a rule says of single values.
class Judge {
public:
    explicit Judge(const MaskRule& rule) : m_rule(&rule), m_names(&nomenclature_of(rule.band)) {
        for (std::size_t value = 0; value < m_known.size(); ++value) {
            m_known[value] = judge(static_cast<float>(value));
        }
    }

    [[nodiscard]] Verdict operator()(float value) const {
        const bool is_known = value >= 0 && value < static_cast<float>(m_known.size()) && value == std::floor(value);
        return is_known ? m_known[static_cast<std::size_t>(value)] : judge(value);
    }

    [[noreturn]] void refuse(const MaskBand& band, float value) const {
        const bool classes = has_classes(*m_names);
        throw Error(ExitCode::input,
                    {.where = {},
                     .field = band.name + "=" + format_number(static_cast<double>(value)),
                     .problem = classes ? std::string("is no class of ") + m_names->band : "is no number made of bits",
                     .fix = classes ? "join the band by nearest, or under another name with its numbers in the mask"
                                    : "use values or ranges instead of bits"});
    }

private:
    [[nodiscard]] Verdict judge(float value) const {
        if (std::isnan(value)) {
            return Verdict::masked;
        }
        if (has_classes(*m_names) && !word_of(*m_names, static_cast<double>(value))) {
            return Verdict::senseless;
        }
        bool listed = std::any_of(m_rule->ranges.begin(), m_rule->ranges.end(), [&](const MaskRule::Range& range) {
            return static_cast<float>(range.first) <= value && value <= static_cast<float>(range.last);
        });
        if (m_rule->bits != 0) {
            if (!(value >= 0 && value < static_cast<float>(1U << most_bits)) || value != std::floor(value)) {
                return Verdict::senseless;
            }
            listed = listed || (static_cast<std::uint32_t>(value) & m_rule->bits) != 0;
        }
        return listed == m_rule->keep ? Verdict::stays : Verdict::masked;
    }

    const MaskRule* m_rule;
    const Nomenclature* m_names;
    std::array<Verdict, 256> m_known{};
};

} // namespace

MaskRule parse_mask_rule(const std::string& text, const std::string& option) {
    const std::size_t equals = text.find('=');
    const auto name = trim(std::string_view(text).substr(0, equals));
    const auto values =
        equals == std::string::npos ? std::string_view{} : trim(std::string_view(text).substr(equals + 1));
    MaskRule rule{.band = std::string(name), .keep = values.starts_with('!')};
    if (name.empty() || values.empty() || values == "!") {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = option + "=" + text,
                                             .problem = "does not say which values of which band to mask",
                                             .fix = "write NAME=VALUE,VALUE as in SCL=cloud-shadow,cloud-high"});
    }
    RuleReader reader(rule, option);
    for (const std::string& value : split(values.substr(rule.keep ? 1 : 0), ',')) {
        reader.read(std::string(trim(value)));
    }
    std::sort(rule.ranges.begin(), rule.ranges.end());
    rule.ranges.erase(std::unique(rule.ranges.begin(), rule.ranges.end()), rule.ranges.end());
    return rule;
}

std::string to_string(const MaskRule& rule) {
    const Nomenclature& names = nomenclature_of(rule.band);
    std::vector<std::string> values;
    for (const auto& [first, last] : rule.ranges) {
        const std::string number = format_number(first);
        values.push_back(first == last ? word_of(names, first).value_or(number) : number + ".." + format_number(last));
    }
    for (int bit = 0; bit < most_bits; ++bit) {
        if (((rule.bits >> bit) & 1U) != 0) {
            const std::string number = std::string(bit_prefix) + std::to_string(bit);
            values.push_back(names.of_bits ? word_of(names, bit).value_or(number) : number);
        }
    }
    return rule.band + "=" + (rule.keep ? "!" : "") + join(values, ",");
}

void apply(const MaskRule& rule, const MaskBand& band, std::span<std::uint8_t> masked) {
    const Judge judge(rule);
    for (std::size_t i = 0; i < band.values.size(); ++i) {
        const Verdict verdict = judge(band.values[i]);
        if (verdict == Verdict::senseless) {
            judge.refuse(band, band.values[i]);
        }
        masked[i] = verdict == Verdict::masked ? 1 : masked[i];
    }
}

} // namespace lcclass
