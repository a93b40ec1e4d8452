#include "lcclass/features/feature_source.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/spectral_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t most_index_bands = 8;

int position_of(const std::string& name, const std::vector<std::string>& names, const std::string& where) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "band=" + name,
                                      .problem = "is missing" + did_you_mean(name, names),
                                      .fix = "bands there are: " + join(names, " ")});
    }
    return static_cast<int>(found - names.begin());
}

/// Computes one index over a block; returns how many pixels had all bands but no defined value.
std::int64_t evaluate(const SpectralIndex& index, const PixelBlock& bands, const std::vector<int>& planes,
                      std::span<float> out) {
    std::array<const float*, most_index_bands> inputs{};
    for (std::size_t b = 0; b < planes.size(); ++b) {
        inputs[b] = bands.band(planes[b]).data();
    }
    std::array<double, most_index_bands> values{};
    std::int64_t undefined = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        bool complete = true;
        for (std::size_t b = 0; b < planes.size(); ++b) {
            values[b] = static_cast<double>(inputs[b][i]);
            complete = complete && !std::isnan(values[b]);
        }
        if (!complete) {
            out[i] = no_value;
            continue;
        }
        const auto value = static_cast<float>(index.evaluate({values.data(), planes.size()}));
        out[i] = std::isfinite(value) ? value : no_value;
        undefined += std::isfinite(value) ? 0 : 1;
    }
    return undefined;
}

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

    void read(const Window& window, PixelBlock& out) const override {
        PixelBlock all;
        m_source->read(window, all);
        out.reset(window, static_cast<int>(m_planes.size()));
        for (std::size_t b = 0; b < m_planes.size(); ++b) {
            std::ranges::copy(all.band(m_planes[b]), out.band(static_cast<int>(b)).begin());
        }
        out.update_valid();
    }

private:
    std::shared_ptr<const RasterSource> m_source;
    std::vector<int> m_planes;
    std::vector<BandSpec> m_bands;
};

} // namespace

struct FeatureSource::Step {
    const SpectralIndex* index = nullptr; ///< null: copy the one plane
    std::vector<int> planes;
};

FeatureSource::FeatureSource(std::shared_ptr<const RasterSource> bands, FeatureRecipe recipe)
    : m_bands(std::move(bands)), m_recipe(std::move(recipe)), m_undefined(m_recipe.features.size()) {
    const std::vector<std::string> available = band_names(*m_bands);
    for (const auto& feature : m_recipe.features) {
        Step step;
        BandSpec spec{.name = feature.name, .unit = {}, .radiometry = {}, .resampling = {}};
        if (feature.formula == feature.name) {
            step.planes.push_back(position_of(feature.name, available, "scene"));
            spec = m_bands->bands()[static_cast<std::size_t>(step.planes[0])];
        } else {
            step.index = find_spectral_index(feature.name);
            if (step.index == nullptr || step.index->formula != feature.formula) {
                throw Error(ExitCode::input, {.where = "recipe",
                                              .field = feature.name + "=" + feature.formula,
                                              .problem = "is not a formula this lcclass computes",
                                              .fix = "use the lcclass version that made the recipe"});
            }
            spec.unit = step.index->unit;
            for (const std::string& band : step.index->bands) {
                step.planes.push_back(position_of(band, available, "scene"));
            }
        }
        m_features.push_back(std::move(spec));
        m_steps.push_back(std::move(step));
    }
}

FeatureSource::~FeatureSource() = default;

void FeatureSource::read(const Window& window, PixelBlock& out) const {
    PixelBlock bands;
    m_bands->read(window, bands);
    out.reset(window, static_cast<int>(m_steps.size()));
    for (std::size_t f = 0; f < m_steps.size(); ++f) {
        const Step& step = m_steps[f];
        const auto plane = out.band(static_cast<int>(f));
        if (step.index == nullptr) {
            std::ranges::copy(std::as_const(bands).band(step.planes[0]), plane.begin());
        } else {
            m_undefined[f].fetch_add(evaluate(*step.index, bands, step.planes, plane), std::memory_order_relaxed);
        }
    }
    out.update_valid();
}

std::vector<std::int64_t> FeatureSource::undefined_counts() const {
    std::vector<std::int64_t> counts;
    for (const auto& count : m_undefined) {
        counts.push_back(count.load(std::memory_order_relaxed));
    }
    return counts;
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
                                      .fix = "stack --features " + join(names, ",")});
    }
    return std::make_shared<BandSelection>(std::move(source), std::move(planes));
}

} // namespace lcclass
