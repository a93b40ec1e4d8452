#include "lcclass/features/feature_recipe.h"

#include "features/feature_call.h"
#include "features/feature_names.h"
#include "features/recipe_walk.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/masked_bands.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace lcclass {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The bands of a recipe as if they were there, on the recipe's dates.
AvailableBands bands_of(const FeatureRecipe& recipe) {
    std::vector<std::string> names;
    for (const FeatureRecipe::Band& band : recipe.bands) {
        for (const Acquisition date : band.dated ? recipe.dates : std::vector<Acquisition>()) {
            names.push_back(dated_band_name(band.spec.name, date));
        }
        if (!band.dated) {
            names.push_back(band.spec.name);
        }
    }
    return AvailableBands(names);
}

/// Adds the names that one band of a recipe has in a scene: itself, or one per date.
class BandReading {
public:
    BandReading(const AvailableBands& available, const std::string& where) : m_available(available), m_where(where) {}

    void add(const std::string& name, bool dated) {
        if (!m_available.holds(name)) {
            m_missing.push_back(name);
        } else if (!dated || !m_available.is_dated(name)) {
            add_name(m_available.is_dated(name) ? dated_band_name(name, only_date(name)) : name);
        } else {
            for (const Acquisition date : m_available.dates()) {
                if (m_available.holds(name, date)) {
                    add_name(dated_band_name(name, date));
                } else {
                    m_missing.push_back(dated_band_name(name, date));
                }
            }
        }
    }

    std::vector<std::string> names() {
        if (!m_missing.empty()) {
            throw Error(ExitCode::input, {.where = m_where,
                                          .field = "band=" + m_missing.front(),
                                          .problem = "is not there, and the features need " + join(m_missing, ", "),
                                          .fix = "bands there are: " + join(m_available.names(), " ")});
        }
        return std::move(m_names);
    }

private:
    void add_name(const std::string& name) {
        if (!holds(m_names, name)) {
            m_names.push_back(name);
        }
    }

    /// Of a band that a recipe takes without date. Throws where there are several.
    [[nodiscard]] Acquisition only_date(const std::string& name) const {
        if (m_available.dates().size() == 1) {
            return m_available.dates().front();
        }
        throw Error(ExitCode::model, {.where = m_where,
                                      .field = "band=" + name,
                                      .problem = "is there on " + std::to_string(m_available.dates().size()) +
                                                 " dates, and the features are made of one",
                                      .fix = "name the scene of one date"});
    }

    const AvailableBands& m_available;
    const std::string& m_where;
    std::vector<std::string> m_names;
    std::vector<std::string> m_missing;
};

/// The dates of a band are put together: all of them must be of the same quantity.
void require_same_meaning(const BandSpec& first, const BandSpec& other) {
    const bool from_products = first.radiometry.origin == "product" && other.radiometry.origin == "product";
    const bool same_numbers =
        first.radiometry.scale == other.radiometry.scale && first.radiometry.offset == other.radiometry.offset;
    if (from_products || same_numbers) {
        return;
    }
    const auto describe = [](const BandSpec& band) {
        return "scale " + format_number(band.radiometry.scale) + " offset " + format_number(band.radiometry.offset);
    };
    throw Error(ExitCode::input, {.where = "scene",
                                  .field = "band=" + other.name,
                                  .problem = "has " + describe(other) + ", and " + first.name + " has " +
                                             describe(first) + ": dates of one band must mean the same",
                                  .fix = "name the products with their metadata, or bring the files to one scale"});
}

} // namespace

std::vector<std::string> FeatureRecipe::feature_names() const {
    std::vector<std::string> names;
    for (const Feature& feature : features) {
        names.push_back(feature.name);
    }
    return names;
}

std::vector<std::string> bands_to_read(const FeatureRecipe& recipe, const std::vector<std::string>& available,
                                       const std::string& where) {
    const AvailableBands bands(available);
    BandReading reading(bands, where);
    for (const FeatureRecipe::Band& band : recipe.bands) {
        reading.add(band.spec.name, band.dated);
    }
    for (const std::string& rule : recipe.masks) {
        const std::string name = mask_band_of(rule);
        reading.add(name, bands.is_dated(name));
    }
    return reading.names();
}

void describe_bands(FeatureRecipe& recipe, const RasterSource& bands) {
    for (FeatureRecipe::Band& band : recipe.bands) {
        const std::string name = band.spec.name;
        const BandSpec* first = nullptr;
        for (const BandSpec& offered : bands.bands()) {
            if (offered.name != name && !(parse_acquisition(split_dated_name(offered.name).when) &&
                                          split_dated_name(offered.name).name == name)) {
                continue;
            }
            if (first != nullptr) {
                require_same_meaning(*first, offered);
            }
            first = first == nullptr ? &offered : first;
        }
        if (first != nullptr) {
            band.spec = *first;
            band.spec.name = name;
            band.spec.sensed = std::nullopt; // of one scene; a recipe is for all
        }
    }
    recipe.pixel_width = bands.grid().pixel_width;
    recipe.pixel_height = bands.grid().pixel_height;
}

bool uses_time(const FeatureRecipe& recipe) {
    return recipe.gap_fill || any_expression(recipe, [](const FeatureExpression& expression) {
               return !expression.when.empty() && !parse_acquisition(expression.when);
           });
}

bool uses_terrain(const FeatureRecipe& recipe) {
    return any_expression(recipe, [](const FeatureExpression& expression) {
        return expression.kind == FeatureExpression::Kind::call &&
               std::holds_alternative<TerrainCall>(read_call(expression));
    });
}

FeatureRecipe narrow_recipe(const FeatureRecipe& recipe, const std::vector<std::string>& features,
                            const std::string& where) {
    FeatureRecipe narrow = recipe;
    narrow.features.clear();
    for (const std::string& name : features) {
        const auto found = std::find_if(recipe.features.begin(), recipe.features.end(),
                                        [&](const auto& feature) { return feature.name == name; });
        if (found == recipe.features.end()) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "feature=" + name,
                                          .problem = "is not made by the recipe of the table",
                                          .fix = "use features of the stack: " + join(recipe.feature_names(), ",")});
        }
        narrow.features.push_back(*found);
    }
    const Definitions definitions(recipe.definitions);
    const AvailableBands available = bands_of(recipe);
    const RecipeWalk walk(definitions, available, recipe.components);
    std::vector<std::string> needed;
    for (const FeatureRecipe::Feature& feature : narrow.features) {
        walk.add_bands(expression_of(recipe, feature.formula), needed);
    }
    // A medoid is of all bands, so that leaving one out would change it.
    const bool has_medoid = any_expression(
        narrow, [](const FeatureExpression& expression) { return expression.when.starts_with("medoid"); });
    if (!has_medoid) {
        std::erase_if(narrow.bands, [&](const FeatureRecipe::Band& band) { return !holds(needed, band.spec.name); });
    }
    if (std::ranges::none_of(narrow.bands, &FeatureRecipe::Band::dated)) {
        narrow.dates.clear();
    }
    return narrow;
}

} // namespace lcclass
