#include "lcclass/features/masked_bands.h"

#include "features/dilate.h"
#include "features/mask_rule.h"
#include "features/plane.h"
#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

namespace lcclass {

namespace {

/// Mask bands that work together, and the bands that they mask.
struct MaskGroup {
    struct Mask {
        MaskRule rule;
        int band = 0;
    };
    std::vector<Mask> masks;
    std::vector<int> targets;
};

std::string base_name(const std::string& name) {
    return date_in(name) ? split_dated_name(name).name : name;
}

class MaskedBands final : public RasterSource {
public:
    MaskedBands(std::shared_ptr<const RasterSource> bands, const std::vector<std::string>& rules, std::int64_t dilation)
        : m_bands(std::move(bands)), m_dilation(dilation) {
        std::map<std::optional<Acquisition>, MaskGroup> groups;
        std::vector<bool> is_mask(m_bands->bands().size(), false);
        for (const std::string& text : rules) {
            const MaskRule rule = parse_mask_rule(text, "--mask");
            bool found = false;
            for (std::size_t b = 0; b < is_mask.size(); ++b) {
                const std::string& name = m_bands->bands()[b].name;
                if (base_name(name) == rule.band) {
                    groups[date_in(name)].masks.push_back({.rule = rule, .band = static_cast<int>(b)});
                    is_mask[b] = found = true;
                }
            }
            if (!found) {
                throw Error(ExitCode::input, {.where = "scene",
                                              .field = "mask=" + rule.band,
                                              .problem = "is not there",
                                              .fix = "bands there are: " + join(band_names(*m_bands), " ")});
            }
        }
        for (auto& [date, group] : groups) {
            for (std::size_t b = 0; b < is_mask.size(); ++b) {
                if (!is_mask[b] && masks(date, m_bands->bands()[b])) {
                    group.targets.push_back(static_cast<int>(b));
                }
            }
            m_groups.push_back(std::move(group));
        }
    }

    [[nodiscard]] const GridSpec& grid() const override { return m_bands->grid(); }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_bands->bands(); }

    void read(const Window& window, PixelBlock& out) const override { read_bands(window, all_bands(*this), out); }

    void read_bands(const Window& window, std::span<const int> chosen, PixelBlock& out) const override {
        m_bands->read_bands(window, chosen, out);
        for (const MaskGroup& group : m_groups) {
            std::vector<int> targets; // positions in `out`
            for (std::size_t i = 0; i < chosen.size(); ++i) {
                if (std::ranges::find(group.targets, chosen[i]) != group.targets.end()) {
                    targets.push_back(static_cast<int>(i));
                }
            }
            if (!targets.empty()) {
                apply_group(group, targets, out);
            }
        }
        out.update_valid();
    }

private:
    /// Whether a mask of `date` takes pixels out of `band`.
    [[nodiscard]] bool masks(std::optional<Acquisition> date, const BandSpec& band) const {
        if (date) {
            return date_in(band.name) == date;
        }
        const bool some_are_sensed =
            std::ranges::any_of(m_bands->bands(), [](const BandSpec& other) { return other.sensed.has_value(); });
        return !some_are_sensed || band.sensed.has_value();
    }

    void apply_group(const MaskGroup& group, const std::vector<int>& targets, PixelBlock& out) const {
        std::vector<int> positions;
        std::ranges::transform(group.masks, std::back_inserter(positions), &MaskGroup::Mask::band);
        PixelBlock masks;
        m_bands->read_bands(widened(out.window, m_dilation, grid()), positions, masks);
        std::vector<std::uint8_t> masked(static_cast<std::size_t>(masks.n_pixels()), 0);
        for (std::size_t m = 0; m < positions.size(); ++m) {
            apply(group.masks[m].rule,
                  {.name = bands()[static_cast<std::size_t>(positions[m])].name,
                   .values = std::as_const(masks).band(static_cast<int>(m))},
                  masked);
        }
        std::vector<std::uint8_t> dilated(static_cast<std::size_t>(out.n_pixels()));
        dilate({.window = masks.window, .values = masked}, static_cast<int>(m_dilation),
               {.window = out.window, .values = dilated});
        for (const int target : targets) {
            const auto plane = out.band(target);
            for (std::size_t i = 0; i < plane.size(); ++i) {
                plane[i] = dilated[i] != 0 ? std::numeric_limits<float>::quiet_NaN() : plane[i];
            }
        }
    }

    std::shared_ptr<const RasterSource> m_bands;
    std::int64_t m_dilation;
    std::vector<MaskGroup> m_groups;
};

/// Rows to count at once, so that memory does not grow with the number of dates.
std::int64_t share_strip_height(const RasterSource& bands, const Window& window) {
    constexpr std::int64_t strip_memory = std::int64_t{16} << 20U;
    constexpr std::int64_t least = 16;
    const auto row = static_cast<std::int64_t>(bands.bands().size() * sizeof(float)) * window.width;
    return std::clamp(strip_memory / row, std::min(least, window.height), window.height);
}

/// Pixels with a value in all of `bands`.
std::int64_t count_valid(const PixelBlock& block, const std::vector<int>& bands) {
    std::int64_t n = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(block.n_pixels()); ++i) {
        n += std::ranges::none_of(bands, [&](int b) { return std::isnan(block.band(b)[i]); }) ? 1 : 0;
    }
    return n;
}

} // namespace

std::optional<Acquisition> date_in(const std::string& name) {
    return parse_acquisition(split_dated_name(name).when);
}

std::string mask_band_of(const std::string& rule) {
    return parse_mask_rule(rule, "--mask").band;
}

std::shared_ptr<const RasterSource> mask_bands(std::shared_ptr<const RasterSource> bands,
                                               const std::vector<std::string>& rules, std::int64_t dilation) {
    if (rules.empty()) {
        return bands;
    }
    return std::make_shared<MaskedBands>(std::move(bands), rules, dilation);
}

std::vector<SceneShare> valid_shares(const RasterSource& bands, std::int64_t block_size, Progress& progress) {
    std::map<std::optional<Acquisition>, std::vector<int>> bands_of;
    for (std::size_t b = 0; b < bands.bands().size(); ++b) {
        bands_of[date_in(bands.bands()[b].name)].push_back(static_cast<int>(b));
    }
    if (bands_of.size() > 1) {
        bands_of.erase(std::nullopt);
    }
    std::vector<SceneShare> shares;
    for (const auto& [date, members] : bands_of) {
        shares.push_back({.date = date, .valid = 0, .pixels = bands.grid().n_pixels(), .blocks = {}});
    }
    const auto count = [&](const Window& window) {
        std::vector<std::int64_t> valid(bands_of.size(), 0);
        for (const Window& strip : block_windows(window, window.width, share_strip_height(bands, window))) {
            PixelBlock block;
            bands.read(strip, block);
            auto total = valid.begin();
            for (const auto& [date, members] : bands_of) {
                *total++ += count_valid(block, members);
            }
        }
        return std::pair(window, valid);
    };
    stream_blocks(block_windows(bands.grid().extent(), block_size, block_size), "masks", progress, count,
                  [&](const std::pair<Window, std::vector<std::int64_t>>& counted) {
                      for (std::size_t s = 0; s < shares.size(); ++s) {
                          shares[s].valid += counted.second[s];
                          shares[s].blocks.push_back({.window = counted.first, .valid = counted.second[s]});
                      }
                  });
    return shares;
}

} // namespace lcclass
