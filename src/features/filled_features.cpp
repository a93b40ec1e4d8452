#include "lcclass/features/filled_features.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lcclass {

FilledFeatures::FilledFeatures(std::shared_ptr<const RasterSource> features,
                               std::shared_ptr<const RasterSource> filling, const std::string& where)
    : m_features(std::move(features)), m_filling(std::move(filling)), m_filled(m_features->bands().size()) {
    const std::vector<std::string> offered = band_names(*m_filling);
    for (const BandSpec& feature : m_features->bands()) {
        const auto found = std::find(offered.begin(), offered.end(), feature.name);
        m_band.push_back(found == offered.end() ? -1 : static_cast<int>(found - offered.begin()));
    }
    if (std::ranges::all_of(m_band, [](int band) { return band < 0; })) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "bands=" + join(offered, " "),
                                      .problem = "none is one of the features " + join(band_names(*m_features), " "),
                                      .fix = "make it by lcclass stack with the same --features"});
    }
}

void FilledFeatures::read(const Window& window, PixelBlock& out) const {
    m_features->read(window, out);
    PixelBlock filling;
    bool is_read = false;
    for (std::size_t f = 0; f < m_band.size(); ++f) {
        const auto plane = out.band(static_cast<int>(f));
        if (m_band[f] < 0 || std::ranges::none_of(plane, [](float value) { return std::isnan(value); })) {
            continue;
        }
        if (!std::exchange(is_read, true)) {
            m_filling->read(window, filling);
        }
        const auto values = std::as_const(filling).band(m_band[f]);
        std::int64_t filled = 0;
        for (std::size_t i = 0; i < plane.size(); ++i) {
            if (std::isnan(plane[i]) && !std::isnan(values[i])) {
                plane[i] = values[i];
                ++filled;
            }
        }
        m_filled[f].fetch_add(filled, std::memory_order_relaxed);
    }
    out.update_valid();
}

std::vector<std::int64_t> FilledFeatures::filled_counts() const {
    std::vector<std::int64_t> counts;
    for (const auto& count : m_filled) {
        counts.push_back(count.load(std::memory_order_relaxed));
    }
    return counts;
}

} // namespace lcclass
