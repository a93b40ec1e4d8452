#include "features/feature_names.h"
#include "features/mask_rule.h"
#include "features/period.h"
#include "features/recipe_walk.h"
#include "features/time_series.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lcclass {

namespace {

[[noreturn]] void refuse(const std::string& field, std::string problem, std::string fix) {
    throw Error(ExitCode::configuration,
                {.where = {}, .field = field, .problem = std::move(problem), .fix = std::move(fix)});
}

/// `NAME=FORMULA` cut at its `=`, which is not that of a comparison; nothing for a formula alone.
std::optional<std::pair<std::string, std::string>> split_definition(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals + 1 >= text.size() || text[equals + 1] == '=') {
        return std::nullopt;
    }
    const std::string name(trim(text.substr(0, equals)));
    const bool is_name = !name.empty() &&
                         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                "0123456789_.") == std::string::npos &&
                         (name[0] < '0' || name[0] > '9') && name[0] != '.';
    return is_name ? std::optional(std::pair(name, std::string(trim(text.substr(equals + 1))))) : std::nullopt;
}

FeatureDefinition parse_definition(const std::string& text) {
    const auto parts = split_definition(text);
    if (!parts) {
        refuse("index=" + text, "is not NAME=FORMULA", "write for example --index 'NDTI=(B11-B12)/(B11+B12)'");
    }
    FeatureDefinition definition{.name = parts->first, .formula = parts->second, .unit = {}};
    const std::size_t bracket = definition.formula.rfind('[');
    if (bracket != std::string::npos && definition.formula.back() == ']') {
        definition.unit = trim(definition.formula.substr(bracket + 1, definition.formula.size() - bracket - 2));
        definition.formula = trim(definition.formula.substr(0, bracket));
    }
    definition.formula = parse_feature(definition.formula).text();
    return definition;
}

/// A feature as asked for, under its name.
struct NamedFeature {
    std::string name;
    FeatureExpression expression;
};

/// Turns what is asked for into the features of a recipe.
class Planner {
public:
    Planner(const FeatureRequest& request, const std::vector<std::string>& available)
        : m_request(request), m_bands(available) {
        for (const std::string& text : request.definitions) {
            define(parse_definition(text));
        }
    }

    FeatureRecipe plan() {
        require_dates();
        const std::vector<NamedFeature> features = read_features();
        const Definitions definitions(m_recipe.definitions);
        m_recipe.components = m_request.components;
        m_recipe.gap_fill = m_request.gap_fill;
        plan_components(definitions);
        std::set<std::string> seen;
        for (const NamedFeature& feature : features) {
            for (FeatureRecipe::Feature& planned : spread(feature, definitions)) {
                if (!seen.insert(planned.name).second) {
                    refuse("features=" + planned.name, "is asked for twice", "name every feature once");
                }
                m_recipe.features.push_back(std::move(planned));
            }
        }
        require_components_used(definitions);
        plan_masks();
        add_bands(definitions);
        return std::move(m_recipe);
    }

private:
    void define(FeatureDefinition definition) {
        const auto same = [&](const FeatureDefinition& other) { return other.name == definition.name; };
        if (m_bands.holds(definition.name) || component_number(definition.name)) {
            refuse("index=" + definition.name, "is the name of a band or component already", "choose another name");
        }
        if (std::any_of(m_recipe.definitions.begin(), m_recipe.definitions.end(), same)) {
            refuse("index=" + definition.name, "is defined twice", "choose another name for one of the two");
        }
        m_recipe.definitions.push_back(std::move(definition));
    }

    /// What is made of dates needs some.
    void require_dates() const {
        if (m_bands.dates().empty() && (!m_request.composite.empty() || m_request.gap_fill)) {
            refuse(m_request.composite.empty() ? "gap-fill" : "composite=" + m_request.composite,
                   "is made of several dates, and no band has a date",
                   "name scenes of several dates, or bands as B04@2018-05-06=PATH");
        }
    }

    std::vector<NamedFeature> read_features() {
        std::vector<NamedFeature> features;
        for (const std::string& text : m_request.features) {
            if (m_bands.holds(text)) { // whatever signs are in it
                features.push_back({.name = text, .expression = {.name = text}});
            } else if (const auto parts = split_definition(text)) {
                define({.name = parts->first, .formula = parse_feature(parts->second).text(), .unit = {}});
                features.push_back({.name = parts->first, .expression = {.name = parts->first}});
            } else {
                FeatureExpression expression = parse_feature(text);
                std::string name = expression.text();
                features.push_back({.name = std::move(name), .expression = std::move(expression)});
            }
        }
        return features;
    }

    /// What a name stands for is its formula; everything else is written as it was asked for.
    [[nodiscard]] std::string formula_of(const FeatureExpression& expression, const Definitions& definitions) const {
        const bool is_plain = expression.kind == FeatureExpression::Kind::name && expression.when.empty();
        const FeatureExpression* definition =
            is_plain && !m_bands.holds(expression.name) ? definitions.find(expression.name) : nullptr;
        return definition == nullptr ? expression.text() : definition->text();
    }

    /// One feature, or one per date or composite when its bands have dates and it says none.
    std::vector<FeatureRecipe::Feature> spread(const NamedFeature& feature, const Definitions& definitions) const {
        const RecipeWalk walk(definitions, m_bands, m_recipe.components);
        walk.check(feature.expression, feature.name);
        if (!walk.needs_date(feature.expression)) {
            return {{.name = feature.name, .formula = formula_of(feature.expression, definitions)}};
        }
        if (feature.expression.kind == FeatureExpression::Kind::arithmetic) {
            refuse("features=" + feature.name, "is a formula of bands that have dates, and has no name to add them to",
                   "give it one, as in NAME=" + feature.name);
        }
        std::vector<FeatureRecipe::Feature> features;
        for (const std::string& when : whens()) {
            FeatureExpression dated = feature.expression;
            dated.when = when;
            walk.check_when(dated, feature.name + "@" + when);
            features.push_back({.name = feature.name + "@" + when, .formula = dated.text()});
        }
        return features;
    }

    /// The dates, or composites of periods, that features without a date are spread over.
    [[nodiscard]] std::vector<std::string> whens() const {
        std::vector<std::string> result;
        if (!m_request.composite.empty()) {
            for (const std::string& period : periods()) {
                result.push_back(m_request.composite + (period == "all" ? "" : ":" + period));
            }
            return result;
        }
        if (m_request.gap_fill) {
            std::ranges::transform(m_request.gap_fill->dates, std::back_inserter(result),
                                   [](Date date) { return to_string(date); });
            return result;
        }
        std::ranges::transform(m_bands.dates(), std::back_inserter(result),
                               [](Acquisition date) { return to_string(date); });
        return result;
    }

    /// Those of the asked kind in which there is a date, from the first to the last.
    [[nodiscard]] std::vector<std::string> periods() const {
        std::vector<std::string> result;
        for (const Acquisition date : m_bands.dates()) {
            const std::string text = to_string(date);
            const std::string period = m_request.period == "month"    ? text.substr(0, 7)
                                       : m_request.period == "year"   ? text.substr(0, 4)
                                       : m_request.period == "season" ? season_of(date.date)
                                                                      : "all";
            if (std::find(result.begin(), result.end(), period) == result.end()) {
                result.push_back(period);
            }
        }
        return result;
    }

    void plan_components(const Definitions& definitions) {
        if (!m_recipe.components) {
            return;
        }
        const std::optional<PrincipalComponents> no_components; // components are not made of components
        const RecipeWalk walk(definitions, m_bands, no_components);
        std::vector<std::string> inputs;
        for (const std::string& text : m_recipe.components->inputs) {
            const FeatureExpression expression =
                m_bands.holds(text) ? FeatureExpression{.name = text} : parse_feature(text);
            walk.check(expression, text);
            for (const FeatureRecipe::Feature& input :
                 spread({.name = expression.text(), .expression = expression}, definitions)) {
                inputs.push_back(input.name);
            }
        }
        if (m_recipe.components->n_components > static_cast<int>(inputs.size())) {
            refuse("pca-components=" + std::to_string(m_recipe.components->n_components),
                   "is more than the " + std::to_string(inputs.size()) + " bands it is made of",
                   "ask for fewer components");
        }
        m_recipe.components->inputs = std::move(inputs);
    }

    [[nodiscard]] bool uses_components(const FeatureExpression& expression, const Definitions& definitions) const {
        if (expression.kind == FeatureExpression::Kind::name && !m_bands.holds(expression.name)) {
            const FeatureExpression* definition = definitions.find(expression.name);
            return definition == nullptr ? component_number(expression.name).has_value()
                                         : uses_components(*definition, definitions);
        }
        return std::ranges::any_of(expression.parts,
                                   [&](const FeatureExpression& part) { return uses_components(part, definitions); });
    }

    void require_components_used(const Definitions& definitions) const {
        const auto is_of_components = [&](const FeatureRecipe::Feature& feature) {
            return !m_bands.holds(feature.formula) && uses_components(parse_feature(feature.formula), definitions);
        };
        if (m_recipe.components && std::ranges::none_of(m_recipe.features, is_of_components)) {
            refuse("pca=" + join(m_recipe.components->inputs, ","), "makes components that no feature takes",
                   "add them, as in --features PC1,PC2");
        }
    }

    void plan_masks() {
        m_recipe.mask_dilation = m_request.mask_dilation;
        for (const std::string& text : m_request.masks) {
            const MaskRule rule = parse_mask_rule(text, "--mask");
            if (!m_bands.holds(rule.band)) {
                throw Error(ExitCode::input, {.where = "scene",
                                              .field = "mask=" + rule.band,
                                              .problem = "is not there" + did_you_mean(rule.band, m_bands.names()),
                                              .fix = "name a band of the scene: " + join(m_bands.names(), " ")});
            }
            m_recipe.masks.push_back(to_string(rule));
        }
        std::ranges::sort(m_recipe.masks); // they add up, in whatever order
    }

    void add_bands(const Definitions& definitions) {
        const RecipeWalk walk(definitions, m_bands, m_recipe.components);
        std::vector<std::string> names;
        for (const FeatureRecipe::Feature& feature : m_recipe.features) {
            walk.add_bands(m_bands.holds(feature.formula) ? FeatureExpression{.name = feature.formula}
                                                          : parse_feature(feature.formula),
                           names);
        }
        for (const std::string& name : names) {
            FeatureRecipe::Band& band = m_recipe.bands.emplace_back();
            band.spec.name = name;
            band.dated = m_bands.is_dated(name);
        }
        if (std::any_of(m_recipe.bands.begin(), m_recipe.bands.end(), [](const auto& band) { return band.dated; })) {
            m_recipe.dates = m_bands.dates();
        }
        m_recipe.definitions = walk.definitions_used(m_recipe);
    }

    const FeatureRequest& m_request;
    AvailableBands m_bands;
    FeatureRecipe m_recipe;
};

} // namespace

FeatureRecipe plan_recipe(const FeatureRequest& request, const std::vector<std::string>& available) {
    return Planner(request, available).plan();
}

} // namespace lcclass
