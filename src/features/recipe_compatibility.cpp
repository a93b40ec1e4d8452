#include "features/feature_call.h"
#include "features/feature_names.h"
#include "features/recipe_walk.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_recipe.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace lcclass {

namespace {

[[noreturn]] void refuse_use(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::model,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

std::string describe(const Radiometry& radiometry) {
    return "scale " + format_number(radiometry.scale) + " offset " + format_number(radiometry.offset) + " (" +
           radiometry.origin + ")";
}

/// A feature spelled out to the bands and the fitted numbers: equal texts mean equal features.
class Meaning {
public:
    explicit Meaning(const FeatureRecipe& recipe) : m_recipe(recipe), m_definitions(recipe.definitions) {}

    [[nodiscard]] std::string of(const std::string& formula) const { return of(expression_of(m_recipe, formula), 0); }

private:
    [[nodiscard]] std::string of(const FeatureExpression& expression, int depth) const {
        constexpr int deepest = 60;
        if (depth > deepest) {
            return "a circle of definitions";
        }
        const std::string at = when_of(expression);
        if (expression.kind == FeatureExpression::Kind::name) {
            return of_name(expression.name, depth) + at;
        }
        FeatureExpression spelled = expression;
        spelled.when.clear();
        for (FeatureExpression& part : spelled.parts) {
            part = {.name = of(part, depth + 1)};
        }
        return spelled.text() + fitted_of(expression) + at;
    }

    /// A medoid is of all bands, whichever of them is asked for.
    [[nodiscard]] std::string when_of(const FeatureExpression& expression) const {
        if (expression.when.empty()) {
            return {};
        }
        std::string text = "@" + expression.when;
        if (expression.when.starts_with("medoid")) {
            text += "{";
            for (const FeatureRecipe::Band& band : m_recipe.bands) {
                text += band.dated ? " " + band.spec.name : "";
            }
            text += " }";
        }
        return text;
    }

    [[nodiscard]] std::string of_name(const std::string& name, int depth) const {
        const bool is_band = std::ranges::any_of(
            m_recipe.bands, [&](const FeatureRecipe::Band& band) { return band.spec.name == name; });
        if (is_band) {
            return name;
        }
        if (const FeatureExpression* definition = m_definitions.find(name)) {
            const std::string text = of(*definition, depth + 1);
            return definition->kind == FeatureExpression::Kind::arithmetic ? "(" + text + ")" : text;
        }
        const auto number = component_number(name);
        if (!number || !m_recipe.components || m_recipe.components->mean.empty()) {
            return name;
        }
        const PrincipalComponents& components = *m_recipe.components;
        const auto row = static_cast<std::size_t>(*number - 1);
        std::string text = name + "{";
        for (std::size_t i = 0; i < components.inputs.size() && row < components.loadings.size(); ++i) {
            text += format_number(components.loadings[row][i]) + "*(" + of(components.inputs[i]) + "-" +
                    format_number(components.mean[i]) + ")/" + format_number(components.scale[i]) + " ";
        }
        return text + "}";
    }

    [[nodiscard]] std::string fitted_of(const FeatureExpression& expression) const {
        if (expression.kind != FeatureExpression::Kind::call) {
            return {};
        }
        const FeatureCall call = read_call(expression);
        const auto* texture = std::get_if<TextureCall>(&call);
        const bool has_range = texture != nullptr && !texture->has_range;
        const bool has_standard = std::holds_alternative<StandardizeCall>(call);
        const auto& known = has_range ? m_recipe.ranges : m_recipe.standards;
        const auto found = known.find(expression.parts.front().text());
        if ((!has_range && !has_standard) || found == known.end()) {
            return {};
        }
        return "[" + format_number(found->second.first) + ".." + format_number(found->second.second) + "]";
    }

    const FeatureRecipe& m_recipe;
    Definitions m_definitions;
};

void require_same_features(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where) {
    const Meaning wanted(expected);
    const Meaning had(offered);
    std::vector<std::string> missing;
    for (const auto& feature : expected.features) {
        const auto found = std::find_if(offered.features.begin(), offered.features.end(),
                                        [&](const auto& other) { return other.name == feature.name; });
        if (found == offered.features.end()) {
            missing.push_back(feature.name);
            continue;
        }
        const std::string trained = wanted.of(feature.formula);
        const std::string given = had.of(found->formula);
        if (trained != given) {
            refuse_use(where, feature.name + "=" + given, "the model was trained with " + trained,
                       "give predict the scene itself: it makes the model's features");
        }
    }
    if (!missing.empty()) {
        refuse_use(where, "features", "lacks " + join(missing, ", ") + ", which the model needs",
                   "stack --features '" + join(expected.feature_names(), ",") + "'");
    }
}

void require_same_radiometry(const BandSpec& expected, const BandSpec& offered, const std::string& where) {
    const bool from_products = (expected.radiometry.origin == "product" || expected.radiometry.origin == "stated") &&
                               offered.radiometry.origin == "product";
    const bool same_numbers = expected.radiometry.scale == offered.radiometry.scale &&
                              expected.radiometry.offset == offered.radiometry.offset;
    if (!from_products && !same_numbers) {
        refuse_use(where, expected.name,
                   "the model was trained with " + describe(expected.radiometry) + ", this has " +
                       describe(offered.radiometry),
                   "make the stack with the radiometry of its scene, stated as for the training stack");
    }
    if (expected.level != offered.level && !expected.level.empty() && !offered.level.empty()) {
        refuse_use(where, expected.name + " of level " + offered.level,
                   "the model was trained on level " + expected.level, "use a product of level " + expected.level);
    }
}

void require_same_bands(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where) {
    for (const FeatureRecipe::Band& band : expected.bands) {
        const auto other = std::ranges::find_if(
            offered.bands, [&](const FeatureRecipe::Band& candidate) { return candidate.spec.name == band.spec.name; });
        if (other != offered.bands.end()) {
            require_same_radiometry(band.spec, other->spec, where);
        }
    }
}

void require_same_pixel(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where) {
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(a); };
    if (!near(expected.pixel_width, offered.pixel_width) || !near(expected.pixel_height, offered.pixel_height)) {
        const auto size = [](double width, double height) {
            return format_number(width) + (width == height ? "" : " x " + format_number(height));
        };
        refuse_use(where, "pixel size=" + size(offered.pixel_width, offered.pixel_height),
                   "the model was trained on pixels of " + size(expected.pixel_width, expected.pixel_height),
                   expected.pixel_width == expected.pixel_height
                       ? "stack --resolution " + format_number(expected.pixel_width)
                       : "bring the bands to such pixels, as in --like a raster that has them");
    }
}

std::string masks_text(const FeatureRecipe& recipe) {
    return recipe.masks.empty() ? "no mask"
                                : join(recipe.masks, " ") + " dilated by " + std::to_string(recipe.mask_dilation);
}

/// Masks decide what statistics over time are of; elsewhere more of them than in training do no harm.
void require_same_masks(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where) {
    const bool same = expected.masks == offered.masks && expected.mask_dilation == offered.mask_dilation;
    if (!same && (!expected.masks.empty() || uses_time(expected))) {
        refuse_use(where, "mask",
                   "has " + masks_text(offered) + ", and the model was trained with " + masks_text(expected),
                   "make the stack with the masks of the training stack");
    }
    if (expected.gap_fill != offered.gap_fill) {
        refuse_use(where, "gap_fill", "gaps are not filled as for the model",
                   "make the stack with the model's --gap-fill");
    }
}

} // namespace

void require_compatible(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where) {
    require_same_features(expected, offered, where);
    require_same_bands(expected, offered, where);
    require_same_masks(expected, offered, where);
    require_same_pixel(expected, offered, where);
}

void require_fillable(const FeatureRecipe& recipe, const FeatureRecipe& filling, const std::string& where) {
    FeatureRecipe common = recipe;
    std::erase_if(common.features, [&](const FeatureRecipe::Feature& feature) {
        return std::ranges::none_of(filling.features, [&](const auto& other) { return other.name == feature.name; });
    });
    try {
        require_same_features(common, filling, where);
        require_same_bands(common, filling, where);
        require_same_pixel(common, filling, where);
    } catch (const Error& error) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = error.fault().field,
                                      .problem = "cannot fill holes: it has another recipe for the feature",
                                      .fix = "make it by lcclass stack with the options of this stack"});
    }
}

} // namespace lcclass
