#include "lcclass/features/feature_source.h"

#include "features/feature_call.h"
#include "features/feature_compiler.h"
#include "features/recipe_walk.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace lcclass {

namespace {

/// Bands of another source picked by position.
class BandSelection final : public RasterSource {
public:
    BandSelection(std::shared_ptr<const RasterSource> source, std::vector<int> planes)
        : m_source(std::move(source)), m_planes(std::move(planes)) {
        for (const int plane : m_planes) {
            m_bands.push_back(m_source->bands()[static_cast<std::size_t>(plane)]);
        }
    }

    [[nodiscard]] const GridSpec& grid() const override { return m_source->grid(); }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_bands; }

    void read(const Window& window, PixelBlock& out) const override { m_source->read_bands(window, m_planes, out); }

private:
    std::shared_ptr<const RasterSource> m_source;
    std::vector<int> m_planes;
    std::vector<BandSpec> m_bands;
};

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

FeatureSource::FeatureSource(std::shared_ptr<const RasterSource> bands, FeatureRecipe recipe)
    : m_bands(std::move(bands)), m_recipe(std::move(recipe)), m_undefined(m_recipe.features.size()),
      m_tallies(m_bands->bands().size()) {
    FeatureCompiler compiler(m_recipe, *m_bands);
    const Definitions definitions(m_recipe.definitions);
    std::vector<int> results;
    for (const auto& feature : m_recipe.features) {
        const std::optional<int> plane = compiler.compile(feature.formula);
        if (!plane) {
            throw Error(
                ExitCode::internal,
                {.where = "recipe", .field = feature.name, .problem = "was not fitted", .fix = "report this as a bug"});
        }
        results.push_back(*plane);
        BandSpec spec{.name = feature.name,
                      .unit = UnitOf(m_recipe, definitions).feature(feature),
                      .radiometry = {},
                      .resampling = {}};
        if (const auto band = compiler.band_of(*plane)) {
            spec = m_bands->bands()[*band];
            spec.name = feature.name;
        }
        m_features.push_back(std::move(spec));
    }
    m_years_moved = compiler.roles().years();
    m_program = std::make_unique<const FeatureProgram>(compiler.finish(std::move(results)));
}

FeatureSource::~FeatureSource() = default;

void FeatureSource::read(const Window& window, PixelBlock& out) const {
    std::vector<std::int64_t> undefined(m_recipe.features.size());
    std::vector<BandTally> tallies(m_bands->bands().size());
    m_program->run(*m_bands, window, out, undefined, tallies);
    const std::lock_guard lock(m_mutex);
    for (std::size_t f = 0; f < undefined.size(); ++f) {
        m_undefined[f] += undefined[f];
    }
    for (std::size_t b = 0; b < tallies.size(); ++b) {
        m_tallies[b] += tallies[b];
    }
}

std::int64_t FeatureSource::margin() const {
    return m_program->margin();
}

std::int64_t FeatureSource::memory(const Window& window) const {
    return m_program->memory(window);
}

std::vector<std::int64_t> FeatureSource::undefined_counts() const {
    const std::lock_guard lock(m_mutex);
    return m_undefined;
}

std::vector<BandTally> FeatureSource::band_tallies() const {
    const std::lock_guard lock(m_mutex);
    return m_tallies;
}

BandTally& BandTally::operator+=(const BandTally& other) {
    valid += other.valid;
    negative += other.negative;
    saturated += other.saturated;
    below_minimum += other.below_minimum;
    return *this;
}

std::shared_ptr<const RasterSource> select_bands(std::shared_ptr<const RasterSource> source,
                                                 const std::vector<std::string>& names, const std::string& where) {
    const std::vector<std::string> available = band_names(*source);
    if (names == available) {
        return source;
    }
    std::vector<int> planes;
    std::vector<std::string> missing;
    for (const std::string& name : names) {
        const auto found = std::find(available.begin(), available.end(), name);
        if (found == available.end()) {
            missing.push_back(name);
        } else {
            planes.push_back(static_cast<int>(found - available.begin()));
        }
    }
    if (!missing.empty()) {
        throw Error(ExitCode::model, {.where = where,
                                      .field = "features",
                                      .problem = "lacks " + join(missing, ", ") + ", which the model needs",
                                      .fix = "stack --features '" + join(names, ",") + "'"});
    }
    return std::make_shared<BandSelection>(std::move(source), std::move(planes));
}

} // namespace lcclass
