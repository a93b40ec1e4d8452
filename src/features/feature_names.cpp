#include "features/feature_names.h"

#include "lcclass/core/text.h"
#include "lcclass/features/spectral_index.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lcclass {

AvailableBands::AvailableBands(const std::vector<std::string>& names) {
    std::set<Acquisition> dates;
    for (const std::string& name : names) {
        const DatedName dated = split_dated_name(name);
        const std::optional<Acquisition> date = parse_acquisition(dated.when);
        const std::string& known = date ? dated.name : name;
        if (!m_dates.contains(known)) {
            m_names.push_back(known);
        }
        auto& of_band = m_dates[known];
        if (date) {
            of_band.insert(*date);
            dates.insert(*date);
        }
    }
    m_all_dates.assign(dates.begin(), dates.end());
}

bool AvailableBands::is_dated(const std::string& name) const {
    const auto found = m_dates.find(name);
    return found != m_dates.end() && !found->second.empty();
}

bool AvailableBands::holds(const std::string& name, Acquisition date) const {
    const auto found = m_dates.find(name);
    return found != m_dates.end() && found->second.contains(date);
}

std::string dated_band_name(const std::string& name, std::optional<Acquisition> date) {
    return date ? name + "@" + to_string(*date) : name;
}

std::string list_of(const std::vector<Acquisition>& dates) {
    std::vector<std::string> texts;
    std::ranges::transform(dates, std::back_inserter(texts), [](Acquisition date) { return to_string(date); });
    return texts.empty() ? "none" : join(texts, " ");
}

Definitions::Definitions(std::vector<FeatureDefinition> definitions) : m_definitions(std::move(definitions)) {
    for (const FeatureDefinition& definition : m_definitions) {
        m_expressions.emplace(definition.name, parse_feature(definition.formula));
    }
    for (const SpectralIndex& index : spectral_indices()) {
        m_expressions.try_emplace(index.name, parse_feature(index.formula));
    }
}

const FeatureExpression* Definitions::find(const std::string& name) const {
    const auto found = m_expressions.find(name);
    return found == m_expressions.end() ? nullptr : &found->second;
}

std::string Definitions::unit_of(const std::string& name) const {
    const auto defined = std::find_if(m_definitions.begin(), m_definitions.end(),
                                      [&](const FeatureDefinition& definition) { return definition.name == name; });
    if (defined != m_definitions.end()) {
        return defined->unit;
    }
    const SpectralIndex* index = find_spectral_index(name);
    return index == nullptr ? std::string() : index->unit;
}

std::optional<int> component_number(const std::string& name) {
    const auto number = name.starts_with("PC") ? parse_int(name.substr(2)) : std::nullopt;
    const bool is_component = number && *number >= 1 && *number <= 999 && name == "PC" + std::to_string(*number);
    return is_component ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

} // namespace lcclass
