#include "lcclass/features/feature_units.h"

#include "features/feature_call.h"
#include "features/recipe_walk.h"

#include <algorithm>
#include <map>
#include <variant>

namespace lcclass {

namespace {

/// The unit of a feature, as far as it follows from what the feature is made of.
class UnitOf {
public:
    UnitOf(const FeatureRecipe& recipe, const Definitions& definitions)
        : m_recipe(recipe), m_definitions(definitions) {}

    [[nodiscard]] std::string feature(const FeatureRecipe::Feature& feature) const {
        const std::string stated = m_definitions.unit_of(feature.name);
        return stated.empty() ? expression(expression_of(m_recipe, feature.formula)) : stated;
    }

private:
    [[nodiscard]] std::string expression(const FeatureExpression& expression) const {
        const std::string unit = undated(expression);
        const std::string statistic = expression.when.substr(0, expression.when.find(':'));
        if (statistic == "count") {
            return {};
        }
        return statistic == "slope" ? (unit.empty() ? "1" : unit) + "/year" : unit;
    }

    [[nodiscard]] std::string undated(const FeatureExpression& expression) const {
        if (expression.kind == FeatureExpression::Kind::arithmetic) {
            return {};
        }
        if (expression.kind == FeatureExpression::Kind::name) {
            const auto band = std::ranges::find_if(m_recipe.bands, [&](const FeatureRecipe::Band& candidate) {
                return candidate.spec.name == expression.name;
            });
            return band == m_recipe.bands.end() ? m_definitions.unit_of(expression.name) : band->spec.unit;
        }
        const FeatureCall call = read_call(expression);
        if (const auto* terrain = std::get_if<TerrainCall>(&call)) {
            const bool is_angle = terrain->kind == TerrainKind::slope || terrain->kind == TerrainKind::aspect;
            return is_angle ? "degree" : "";
        }
        return std::holds_alternative<FocalCall>(call) ? this->expression(expression.parts.front()) : "";
    }

    const FeatureRecipe& m_recipe;
    const Definitions& m_definitions;
};

} // namespace

std::vector<std::string> feature_units(const FeatureRecipe& recipe) {
    const Definitions definitions(recipe.definitions);
    const UnitOf unit_of(recipe, definitions);
    std::vector<std::string> units;
    for (const FeatureRecipe::Feature& feature : recipe.features) {
        units.push_back(unit_of.feature(feature));
    }
    return units;
}

std::vector<std::string> feature_units(const std::string& recipe_json, const std::vector<std::string>& names,
                                       const std::string& where) {
    std::map<std::string, std::string> unit_of;
    if (!recipe_json.empty()) {
        const FeatureRecipe recipe = FeatureRecipe::from_json(recipe_json, where);
        const std::vector<std::string> units = feature_units(recipe);
        for (std::size_t i = 0; i < units.size(); ++i) {
            unit_of[recipe.features[i].name] = units[i];
        }
    }
    std::vector<std::string> units;
    for (const std::string& name : names) {
        units.push_back(unit_of[name]);
    }
    return units;
}

} // namespace lcclass
