/// What the names in the features of a recipe stand for.
/// A value; const access is safe from any thread.
#pragma once

#include "features/feature_expression.h"
#include "lcclass/features/feature_recipe.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lcclass {

/// The bands there are, by name, with the dates of those that have any.
class AvailableBands {
public:
    /// From names such as `B04` and `B04@2018-05-06`.
    explicit AvailableBands(const std::vector<std::string>& names);

    [[nodiscard]] bool holds(const std::string& name) const { return m_dates.contains(name); }
    [[nodiscard]] bool is_dated(const std::string& name) const;
    /// All dates, ascending.
    [[nodiscard]] const std::vector<Acquisition>& dates() const { return m_all_dates; }
    [[nodiscard]] bool holds(const std::string& name, Acquisition date) const;
    /// Names without dates, in order of appearance.
    [[nodiscard]] const std::vector<std::string>& names() const { return m_names; }

private:
    std::vector<std::string> m_names;
    std::map<std::string, std::set<Acquisition>> m_dates; ///< empty for bands without date
    std::vector<Acquisition> m_all_dates;
};

/// `B04@2018-05-06`, or the name alone without a date.
std::string dated_band_name(const std::string& name, std::optional<Acquisition> date);

/// `2018-05-06 2018-06-05`, or `none`, for messages.
std::string list_of(const std::vector<Acquisition>& dates);

/// The formulas behind names: user definitions first, then the spectral indices.
class Definitions {
public:
    explicit Definitions(std::vector<FeatureDefinition> definitions);

    /// The formula of `name`, or null.
    [[nodiscard]] const FeatureExpression* find(const std::string& name) const;
    [[nodiscard]] std::string unit_of(const std::string& name) const;
    [[nodiscard]] const std::vector<FeatureDefinition>& all() const { return m_definitions; }

private:
    std::vector<FeatureDefinition> m_definitions;
    std::map<std::string, FeatureExpression> m_expressions;
};

/// The number of a component from 1 for `PC1`, ...; nothing for other names.
std::optional<int> component_number(const std::string& name);

} // namespace lcclass
