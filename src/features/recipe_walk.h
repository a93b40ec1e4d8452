/// What the expressions of a recipe mean and need, given the bands there are.
/// Views; const access is safe from any thread.
#pragma once

#include "features/feature_names.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

class RecipeWalk {
public:
    RecipeWalk(const Definitions& definitions, const AvailableBands& bands,
               const std::optional<PrincipalComponents>& components)
        : m_definitions(definitions), m_bands(bands), m_components(components) {}

    /// Throws Error(configuration) naming `feature` and what in it is unknown, missing or out of range.
    void check(const FeatureExpression& expression, const std::string& feature) const;

    /// Throws Error(configuration) naming `feature` when what follows the `@` is no date, no statistic, or of no scene.
    void check_when(const FeatureExpression& expression, const std::string& feature) const;

    /// True when a band in it has dates and nothing says which is meant.
    [[nodiscard]] bool needs_date(const FeatureExpression& expression) const;

    /// Adds the bands that it takes, without dates, in order of first use. Throws Error(input) for what is defined by
    /// itself, which `check` refuses too.
    void add_bands(const FeatureExpression& expression, std::vector<std::string>& names) const {
        add_bands(expression, names, 0);
    }

    /// The formulas behind the names that the features of `recipe` take, ordered by name.
    [[nodiscard]] std::vector<FeatureDefinition> definitions_used(const FeatureRecipe& recipe) const;

private:
    void check(const FeatureExpression& expression, const std::string& feature, bool dated, int depth) const;
    void check_name(const FeatureExpression& expression, const std::string& feature, bool dated, int depth) const;
    void add_bands(const FeatureExpression& expression, std::vector<std::string>& names, int depth) const;
    void add_definitions(const FeatureExpression& expression, std::vector<FeatureDefinition>& used) const;
    [[noreturn]] void refuse_unknown(const std::string& name, const std::string& feature) const;

    const Definitions& m_definitions;
    const AvailableBands& m_bands;
    const std::optional<PrincipalComponents>& m_components;
};

/// True when `holds` is true of any expression that the features are made of, those behind names and the inputs of
/// components included.
bool any_expression(const FeatureRecipe& recipe, const std::function<bool(const FeatureExpression&)>& holds);

/// The expression of a feature, whose formula may be the name of a band with any signs in it.
FeatureExpression expression_of(const FeatureRecipe& recipe, const std::string& formula);

} // namespace lcclass
