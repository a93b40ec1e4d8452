#include "lcclass/features/feature_groups.h"

#include "features/feature_call.h"
#include "features/feature_expression.h"
#include "features/feature_names.h"
#include "lcclass/core/date.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace lcclass {

namespace {

/// The name of a feature, taken apart.
struct NameParts {
    std::string base;     ///< without `when`
    std::string when;     ///< behind the `@` of the whole, or else of the one part that it is made of
    std::string band;     ///< that it is made of alone; empty: of several, or not known
    std::string function; ///< group of functions that the outermost one is of; empty: none
};

std::string function_of(const FeatureExpression& feature) {
    if (feature.kind == FeatureExpression::Kind::name) {
        return component_number(feature.name) ? "components" : "";
    }
    const FeatureCall call = read_call(feature);
    return std::holds_alternative<TextureCall>(call)   ? "texture"
           : std::holds_alternative<FocalCall>(call)   ? "surroundings"
           : std::holds_alternative<TerrainCall>(call) ? "terrain"
                                                       : "";
}

std::string band_of(const FeatureExpression& feature) {
    using Kind = FeatureExpression::Kind;
    if (feature.kind == Kind::name) {
        return feature.name;
    }
    return feature.kind == Kind::call && feature.parts.size() == 1 ? band_of(feature.parts.front()) : std::string();
}

/// What is behind the outermost `@`, taken out; empty when it is made of several parts, which may be of several dates.
std::string take_when(FeatureExpression& feature) {
    using Kind = FeatureExpression::Kind;
    if (feature.when.empty() && feature.kind == Kind::call && feature.parts.size() == 1) {
        return take_when(feature.parts.front());
    }
    return feature.kind == Kind::arithmetic ? std::string() : std::exchange(feature.when, std::string());
}

/// Names from other programs are taken as they are.
NameParts parts_of(const std::string& name) {
    try {
        FeatureExpression feature = parse_feature(name);
        if (feature.kind == FeatureExpression::Kind::arithmetic) {
            return {.base = name, .when = {}, .band = {}, .function = {}};
        }
        NameParts parts{.base = {}, .when = {}, .band = band_of(feature), .function = function_of(feature)};
        parts.when = take_when(feature);
        parts.base = feature.text();
        return parts;
    } catch (const Error&) {
        return {.base = name, .when = {}, .band = {}, .function = {}};
    }
}

/// `M05` for a date in May of any year, as periods have it; empty for what has no date.
std::string month_of(const NameParts& parts) {
    const auto date = parse_acquisition(parts.when);
    return date ? "M" + to_string(date->date).substr(5, 2) : std::string();
}

std::vector<NameParts> parts_of(const std::vector<std::string>& names) {
    std::vector<NameParts> parts;
    for (const std::string& name : names) {
        parts.push_back(parts_of(name));
    }
    return parts;
}

/// Groups in the order of their first features.
class Grouping {
public:
    void add(const std::string& name, const std::string& kind, int feature) {
        if (name.empty()) {
            return;
        }
        auto group = std::find_if(m_groups.begin(), m_groups.end(),
                                  [&](const FeatureGroup& entry) { return entry.name == name && entry.kind == kind; });
        if (group == m_groups.end()) {
            group = m_groups.insert(m_groups.end(), {.name = name, .kind = kind, .features = {}});
        }
        group->features.push_back(feature);
    }

    /// Those that say something that no single feature and no group before them says.
    [[nodiscard]] std::vector<FeatureGroup> take(std::size_t n_features) {
        std::vector<FeatureGroup> kept;
        std::set<std::vector<int>> seen;
        for (FeatureGroup& group : m_groups) {
            if (group.features.size() > 1 && group.features.size() < n_features && seen.insert(group.features).second) {
                kept.push_back(std::move(group));
            }
        }
        return kept;
    }

private:
    std::vector<FeatureGroup> m_groups;
};

/// `*` in `pattern` stands for any text.
bool matches(std::string_view pattern, std::string_view text) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) {
        return pattern == text;
    }
    if (!text.starts_with(pattern.substr(0, star))) {
        return false;
    }
    const std::string_view rest = pattern.substr(star + 1);
    for (std::size_t at = star; at <= text.size(); ++at) {
        if (matches(rest, text.substr(at))) {
            return true;
        }
    }
    return false;
}

[[noreturn]] void refuse_groups(const std::string& part, const std::string& problem, const std::string& fix) {
    throw Error(ExitCode::configuration, {.where = {}, .field = "groups=" + part, .problem = problem, .fix = fix});
}

std::vector<int> features_of_item(const std::string& part, const std::string& item,
                                  const std::vector<std::string>& names, const std::vector<NameParts>& parts) {
    std::vector<int> features;
    for (std::size_t f = 0; f < names.size(); ++f) {
        if (matches(item, names[f]) || matches(item, parts[f].base)) {
            features.push_back(static_cast<int>(f));
        }
    }
    if (features.empty()) {
        refuse_groups(part, "no feature of the model is " + item + did_you_mean(item, names),
                      "name features of the model, with * for any text");
    }
    return features;
}

} // namespace

std::vector<FeatureGroup> groups_by_name(const std::vector<std::string>& names) {
    const std::vector<NameParts> parts = parts_of(names);
    Grouping grouping;
    const auto add_all = [&](auto&& name_of, auto&& kind_of) {
        for (std::size_t f = 0; f < parts.size(); ++f) {
            grouping.add(name_of(parts[f]), kind_of(parts[f]), static_cast<int>(f));
        }
    };
    add_all([](const NameParts& part) { return part.band; }, [](const NameParts&) { return "band"; });
    add_all([](const NameParts& part) { return part.when; },
            [](const NameParts& part) { return parse_acquisition(part.when) ? "date" : "statistic"; });
    add_all([](const NameParts& part) { return month_of(part); }, [](const NameParts&) { return "month"; });
    add_all([](const NameParts& part) { return part.function; }, [](const NameParts&) { return "function"; });
    return grouping.take(names.size());
}

std::vector<FeatureGroup> groups_by_user(const std::string& text, const std::vector<std::string>& names) {
    const std::vector<NameParts> parts = parts_of(names);
    std::vector<FeatureGroup> groups;
    for (const TextPair& pair : split_pairs(text)) {
        if (pair.name.empty() || !pair.value || pair.value->empty()) {
            refuse_groups(pair.text, "is no group of features", "write name=feature,feature;name=feature");
        }
        if (std::any_of(groups.begin(), groups.end(), [&](const auto& group) { return group.name == pair.name; })) {
            refuse_groups(pair.text, "the group is named twice", "give every group another name");
        }
        std::set<int> features;
        for (const std::string& item : split_features(*pair.value)) {
            const std::vector<int> of_item = features_of_item(pair.text, std::string(trim(item)), names, parts);
            features.insert(of_item.begin(), of_item.end());
        }
        groups.push_back({.name = pair.name, .kind = "user", .features = {features.begin(), features.end()}});
    }
    return groups;
}

DateTable features_by_date(const std::vector<std::string>& names) {
    const std::vector<NameParts> parts = parts_of(names);
    std::map<Acquisition, std::size_t> columns;
    for (const NameParts& part : parts) {
        if (const auto date = parse_acquisition(part.when)) {
            columns.emplace(*date, 0);
        }
    }
    if (columns.size() < 2) {
        return {};
    }
    DateTable table;
    for (auto& [date, column] : columns) {
        column = table.dates.size();
        table.dates.push_back(to_string(date));
    }
    for (std::size_t f = 0; f < parts.size(); ++f) {
        const auto date = parse_acquisition(parts[f].when);
        if (!date) {
            continue;
        }
        const auto row = std::find(table.features.begin(), table.features.end(), parts[f].base);
        const auto at = static_cast<std::size_t>(row - table.features.begin());
        if (row == table.features.end()) {
            table.features.push_back(parts[f].base);
            table.cells.emplace_back(table.dates.size(), -1);
        }
        table.cells[at][columns[*date]] = static_cast<int>(f);
    }
    return table;
}

} // namespace lcclass
