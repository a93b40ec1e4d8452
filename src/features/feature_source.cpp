#include "lcclass/features/feature_source.h"

#include "features/feature_compiler.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_units.h"

#include <algorithm>
#include <utility>

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

} // namespace

FeatureSource::FeatureSource(std::shared_ptr<const RasterSource> bands, FeatureRecipe recipe)
    : m_bands(std::move(bands)), m_recipe(std::move(recipe)), m_undefined(m_recipe.features.size()),
      m_tallies(m_bands->bands().size()) {
    FeatureCompiler compiler(m_recipe, *m_bands);
    const std::vector<std::string> units = feature_units(m_recipe);
    std::vector<int> results;
    for (const auto& feature : m_recipe.features) {
        const std::optional<int> plane = compiler.compile(feature.formula);
        if (!plane) {
            throw Error(
                ExitCode::internal,
                {.where = "recipe", .field = feature.name, .problem = "was not fitted", .fix = "report this as a bug"});
        }
        results.push_back(*plane);
        BandSpec spec{.name = feature.name, .unit = units[m_features.size()], .radiometry = {}, .resampling = {}};
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
