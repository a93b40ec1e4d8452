#include "features/recipe_walk.h"

#include "features/feature_call.h"
#include "features/period.h"
#include "features/time_series.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/spectral_index.h"

#include <algorithm>
#include <utility>

namespace lcclass {

namespace {

constexpr int deepest = 60; ///< definitions within definitions

[[noreturn]] void refuse(const std::string& feature, std::string problem, std::string fix) {
    throw Error(ExitCode::configuration,
                {.where = {}, .field = "features=" + feature, .problem = std::move(problem), .fix = std::move(fix)});
}

std::string list_of(const std::vector<Acquisition>& dates) {
    std::vector<std::string> texts;
    for (const Acquisition date : dates) {
        texts.push_back(to_string(date));
    }
    return texts.empty() ? "none" : join(texts, " ");
}

} // namespace

void RecipeWalk::check(const FeatureExpression& expression, const std::string& feature) const {
    check(expression, feature, false, 0);
}

void RecipeWalk::check(const FeatureExpression& expression, const std::string& feature, bool dated, int depth) const {
    if (depth > deepest) {
        refuse(feature, "is defined by itself", "define every index by bands or by other indices");
    }
    if (!expression.when.empty()) {
        if (dated) {
            refuse(feature, "has a date or statistic within another one", "say it once");
        }
        check_when(expression, feature);
        dated = true;
    }
    if (expression.kind == FeatureExpression::Kind::name) {
        check_name(expression, feature, dated, depth);
        return;
    }
    if (expression.kind == FeatureExpression::Kind::call) {
        static_cast<void>(read_call(expression));
    }
    for (const FeatureExpression& part : expression.parts) {
        check(part, feature, dated, depth + 1);
    }
}

void RecipeWalk::check_name(const FeatureExpression& expression, const std::string& feature, bool dated,
                            int depth) const {
    const std::string& name = expression.name;
    if (m_bands.holds(name)) {
        return;
    }
    if (const FeatureExpression* definition = m_definitions.find(name)) {
        const SpectralIndex* index = find_spectral_index(name);
        if (index != nullptr && definition->text() == parse_feature(index->formula).text()) {
            std::vector<std::string> missing;
            for (const FeatureExpression& part : definition->parts) {
                if (!m_bands.holds(part.name) && m_definitions.find(part.name) == nullptr) {
                    missing.push_back(part.name);
                }
            }
            if (!missing.empty()) {
                refuse(feature, "= " + index->formula + " needs " + join(missing, ", ") + ", which the scene lacks",
                       "add the band or drop the index; bands there are: " + join(m_bands.names(), " "));
            }
        }
        check(*definition, name == feature ? name + "=" + definition->text() : feature, dated, depth + 1);
        return;
    }
    if (const auto number = component_number(name)) {
        if (!m_components || *number > m_components->n_components) {
            refuse(feature,
                   m_components ? "there are " + std::to_string(m_components->n_components) + " components"
                                : "is a component of bands that were not named",
                   m_components ? "raise --pca-components" : "name them, as in --pca B02,B03,B04,B08");
        }
        return;
    }
    refuse_unknown(name, feature);
}

void RecipeWalk::refuse_unknown(const std::string& name, const std::string& feature) const {
    std::vector<std::string> known = m_bands.names();
    for (const SpectralIndex& index : spectral_indices()) {
        known.push_back(index.name);
    }
    for (const FeatureDefinition& definition : m_definitions.all()) {
        known.push_back(definition.name);
    }
    refuse(feature,
           (name == feature ? "" : name + " ") + "is neither a band of the scene nor an index" +
               did_you_mean(name, known),
           "bands: " + join(m_bands.names(), " ") + "; indices: see lcclass stack --help");
}

void RecipeWalk::check_when(const FeatureExpression& expression, const std::string& feature) const {
    if (m_bands.dates().empty()) {
        refuse(feature, "asks for '@" + expression.when + "', but no band has a date",
               "name scenes of several dates, or bands as B04@2018-05-06=PATH");
    }
    if (parse_acquisition(expression.when)) {
        return; // whether it is there is known where dates are given their roles
    }
    const std::size_t colon = expression.when.find(':');
    const std::string statistic = expression.when.substr(0, colon);
    if (statistic != "medoid" && !parse_time_statistic(statistic)) {
        std::vector<std::string> words = time_statistic_words();
        words.emplace_back("medoid");
        refuse(feature, "'" + statistic + "' is no statistic over time" + did_you_mean(statistic, words),
               "use one of " + join(words, " "));
    }
    if (colon == std::string::npos) {
        return;
    }
    const std::string text = expression.when.substr(colon + 1);
    const auto period = parse_period(text);
    if (!period) {
        refuse(
            feature, "'" + text + "' is no period",
            "write a month 2018-05, a year 2018, a season JJA, a month of any year M05 or days 2018-04-01..2018-06-30");
    }
    if (std::none_of(m_bands.dates().begin(), m_bands.dates().end(),
                     [&](Acquisition date) { return period->contains(date.date); })) {
        refuse(feature, "no scene is of the period " + text, "dates there are: " + list_of(m_bands.dates()));
    }
}

bool RecipeWalk::needs_date(const FeatureExpression& expression) const {
    if (!expression.when.empty()) {
        return false;
    }
    if (expression.kind == FeatureExpression::Kind::name) {
        if (m_bands.holds(expression.name)) {
            return m_bands.is_dated(expression.name);
        }
        const FeatureExpression* definition = m_definitions.find(expression.name);
        return definition != nullptr && needs_date(*definition);
    }
    return std::any_of(expression.parts.begin(), expression.parts.end(),
                       [&](const FeatureExpression& part) { return needs_date(part); });
}

void RecipeWalk::add_bands(const FeatureExpression& expression, std::vector<std::string>& names, int depth) const {
    if (depth > deepest) {
        throw Error(ExitCode::input, {.where = "recipe",
                                      .field = expression.text(),
                                      .problem = "is defined by itself",
                                      .fix = "define every index by bands or by other indices"});
    }
    const auto add = [&](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(name);
        }
    };
    if (expression.kind == FeatureExpression::Kind::name) {
        const FeatureExpression* definition =
            m_bands.holds(expression.name) ? nullptr : m_definitions.find(expression.name);
        if (definition != nullptr) {
            add_bands(*definition, names, depth + 1);
        } else if (component_number(expression.name) && m_components && !m_bands.holds(expression.name)) {
            for (const std::string& input : m_components->inputs) {
                add_bands(m_bands.holds(input) ? FeatureExpression{.name = input} : parse_feature(input), names,
                          depth + 1);
            }
        } else {
            add(expression.name);
        }
    }
    for (const FeatureExpression& part : expression.parts) {
        add_bands(part, names, depth + 1);
    }
}

void RecipeWalk::add_definitions(const FeatureExpression& expression, std::vector<FeatureDefinition>& used) const {
    if (expression.kind == FeatureExpression::Kind::name && !m_bands.holds(expression.name)) {
        const FeatureExpression* definition = m_definitions.find(expression.name);
        const bool is_known = std::any_of(
            used.begin(), used.end(), [&](const FeatureDefinition& other) { return other.name == expression.name; });
        if (definition != nullptr && !is_known) {
            used.push_back({.name = expression.name,
                            .formula = definition->text(),
                            .unit = m_definitions.unit_of(expression.name)});
            add_definitions(*definition, used);
        }
    }
    for (const FeatureExpression& part : expression.parts) {
        add_definitions(part, used);
    }
}

std::vector<FeatureDefinition> RecipeWalk::definitions_used(const FeatureRecipe& recipe) const {
    std::vector<FeatureDefinition> used;
    for (const FeatureRecipe::Feature& feature : recipe.features) {
        add_definitions(expression_of(recipe, feature.formula), used);
        if (!m_bands.holds(feature.name)) {
            add_definitions({.name = feature.name}, used);
        }
    }
    for (const std::string& input : recipe.components ? recipe.components->inputs : std::vector<std::string>()) {
        add_definitions(expression_of(recipe, input), used);
    }
    std::ranges::sort(used, {}, &FeatureDefinition::name);
    return used;
}

namespace {

/// Follows names to what they stand for.
class Search {
public:
    Search(const FeatureRecipe& recipe, const std::function<bool(const FeatureExpression&)>& holds)
        : m_recipe(recipe), m_definitions(recipe.definitions), m_holds(holds) {}

    [[nodiscard]] bool finds(const FeatureExpression& expression, int depth) const {
        if (depth > deepest) {
            return false; // a circle, which whoever makes the features refuses
        }
        if (m_holds(expression)) {
            return true;
        }
        if (expression.kind == FeatureExpression::Kind::name) {
            return finds_behind(expression.name, depth);
        }
        return std::any_of(expression.parts.begin(), expression.parts.end(),
                           [&](const FeatureExpression& part) { return finds(part, depth + 1); });
    }

private:
    [[nodiscard]] bool finds_behind(const std::string& name, int depth) const {
        const bool is_band = std::ranges::any_of(
            m_recipe.bands, [&](const FeatureRecipe::Band& band) { return band.spec.name == name; });
        if (is_band) {
            return false;
        }
        if (const FeatureExpression* definition = m_definitions.find(name)) {
            return finds(*definition, depth + 1);
        }
        return component_number(name) && m_recipe.components &&
               std::any_of(m_recipe.components->inputs.begin(), m_recipe.components->inputs.end(),
                           [&](const std::string& input) { return finds(expression_of(m_recipe, input), depth + 1); });
    }

    const FeatureRecipe& m_recipe;
    Definitions m_definitions;
    const std::function<bool(const FeatureExpression&)>& m_holds;
};

} // namespace

bool any_expression(const FeatureRecipe& recipe, const std::function<bool(const FeatureExpression&)>& holds) {
    const Search search(recipe, holds);
    return std::ranges::any_of(recipe.features, [&](const FeatureRecipe::Feature& feature) {
        return search.finds(expression_of(recipe, feature.formula), 0);
    });
}

FeatureExpression expression_of(const FeatureRecipe& recipe, const std::string& formula) {
    const bool is_band =
        std::ranges::any_of(recipe.bands, [&](const FeatureRecipe::Band& band) { return band.spec.name == formula; });
    return is_band ? FeatureExpression{.name = formula} : parse_feature(formula);
}

} // namespace lcclass
