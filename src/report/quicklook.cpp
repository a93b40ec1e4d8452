#include "lcclass/report/quicklook.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/core/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace lcclass::report {

namespace {

constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t most_values_of_block = std::int64_t{1} << 24U; ///< floats, 64 MiB
constexpr std::size_t n_codes = 65536;

std::int64_t divided_up(std::int64_t a, std::int64_t b) {
    return (a + b - 1) / b;
}

/// The bands that a plan reads, each once, and where each stands among them.
class BandList {
public:
    int add(int band) {
        const auto at = std::ranges::find(m_bands, band);
        if (at != m_bands.end()) {
            return static_cast<int>(at - m_bands.begin());
        }
        m_bands.push_back(band);
        return static_cast<int>(m_bands.size()) - 1;
    }
    [[nodiscard]] const std::vector<int>& bands() const { return m_bands; }

private:
    std::vector<int> m_bands;
};

/// Cells [first, end) of one axis whose shown pixel is among the `size` pixels from `from` on.
struct CellRange {
    std::int64_t first = 0;
    std::int64_t end = 0;
};

template <class Pixel>
CellRange cells_within(std::int64_t n_cells, std::int64_t step, std::int64_t from, std::int64_t size,
                       const Pixel& pixel_of) {
    CellRange range{.first = std::max<std::int64_t>(0, from / step - 1), .end = 0};
    while (range.first < n_cells && pixel_of(range.first) < from) {
        ++range.first;
    }
    range.end = range.first;
    while (range.end < n_cells && pixel_of(range.end) < from + size) {
        ++range.end;
    }
    return range;
}

/// Calls `visit(cell, pixel of the block)` for the cells of `grid` that show a pixel of `window`.
template <class Visit>
void for_shown_pixels(const QuicklookGrid& grid, const Window& window, const Visit& visit) {
    const CellRange columns = cells_within(grid.columns, grid.step, window.x, window.width,
                                           [&](std::int64_t i) { return grid.pixel_column(i); });
    const CellRange rows =
        cells_within(grid.rows, grid.step, window.y, window.height, [&](std::int64_t j) { return grid.pixel_row(j); });
    for (std::int64_t j = rows.first; j < rows.end; ++j) {
        const std::int64_t line = (grid.pixel_row(j) - window.y) * window.width;
        for (std::int64_t i = columns.first; i < columns.end; ++i) {
            visit(static_cast<std::size_t>(j * grid.columns + i),
                  static_cast<std::size_t>(line + grid.pixel_column(i) - window.x));
        }
    }
}

/// One block of the scene as it adds to the quicklook. Blocks hold whole cells of photos.
class BlockReader {
public:
    BlockReader(const RasterSource& source, const QuicklookPlan& plan, Quicklook& out)
        : m_source(source), m_plan(plan), m_out(out) {
        for (const QuicklookPlan::Exact& part : plan.exact) {
            m_exact.emplace_back();
            for (const int band : part.bands) {
                m_exact.back().push_back(m_bands.add(band));
            }
        }
        for (const auto& photo : plan.photos) {
            m_photos.push_back({m_bands.add(photo[0]), m_bands.add(photo[1]), m_bands.add(photo[2])});
        }
        for (const int band : plan.counted) {
            m_counted.push_back(m_bands.add(band));
        }
    }

    /// Side of the blocks: whole cells of photos, and no more memory than a block may take.
    [[nodiscard]] std::int64_t block_side() const {
        const auto n_bands = static_cast<std::int64_t>(std::max<std::size_t>(1, m_bands.bands().size()));
        const auto most = static_cast<std::int64_t>(std::sqrt(static_cast<double>(most_values_of_block / n_bands)));
        const std::int64_t side = std::max<std::int64_t>(1, std::min(m_plan.block_pixels, most));
        const std::int64_t cell = m_photos.empty() ? 1 : m_plan.photo_grid.step;
        return cell * std::max<std::int64_t>(1, side / cell);
    }

    /// Pixels of each counted band by code. Writes cells, each of which belongs to one block only.
    std::vector<std::vector<std::int64_t>> read(const Window& window) const {
        PixelBlock block;
        m_source.read_bands(window, m_bands.bands(), block);
        take_exact(block);
        for (std::size_t p = 0; p < m_photos.size(); ++p) {
            take_photo(block, m_photos[p], m_out.photos[p]);
        }
        return count(block);
    }

private:
    void take_exact(const PixelBlock& block) const {
        for (std::size_t p = 0; p < m_exact.size(); ++p) {
            for (std::size_t b = 0; b < m_exact[p].size(); ++b) {
                const std::span<const float> values = block.band(m_exact[p][b]);
                std::vector<float>& cells = m_out.exact[p][b];
                for_shown_pixels(m_plan.exact[p].grid, block.window,
                                 [&](std::size_t cell, std::size_t pixel) { cells[cell] = values[pixel]; });
            }
        }
    }

    void take_photo(const PixelBlock& block, const std::array<int, 3>& bands,
                    std::array<std::vector<float>, 3>& out) const {
        const QuicklookGrid& grid = m_plan.photo_grid;
        const Window& window = block.window;
        const std::array<std::span<const float>, 3> values = {block.band(bands[0]), block.band(bands[1]),
                                                              block.band(bands[2])};
        for (std::int64_t y = 0; y < window.height; y += grid.step) {
            for (std::int64_t x = 0; x < window.width; x += grid.step) {
                const Window cell{.x = x,
                                  .y = y,
                                  .width = std::min(grid.step, window.width - x),
                                  .height = std::min(grid.step, window.height - y)};
                const std::int64_t at = (window.y + y) / grid.step * grid.columns + (window.x + x) / grid.step;
                const std::array<float, 3> mean = mean_of(values, cell, window.width);
                for (std::size_t band = 0; band < 3; ++band) {
                    out[band][static_cast<std::size_t>(at)] = mean[band];
                }
            }
        }
    }

    /// Over the pixels of `cell`, a part of a block `width` pixels wide, that have all three values.
    static std::array<float, 3> mean_of(const std::array<std::span<const float>, 3>& values, const Window& cell,
                                        std::int64_t width) {
        std::array<double, 3> sum = {};
        std::int64_t n = 0;
        for (std::int64_t y = cell.y; y < cell.y + cell.height; ++y) {
            for (std::int64_t x = cell.x; x < cell.x + cell.width; ++x) {
                const auto i = static_cast<std::size_t>(y * width + x);
                if (std::isfinite(values[0][i]) && std::isfinite(values[1][i]) && std::isfinite(values[2][i])) {
                    ++n;
                    for (std::size_t band = 0; band < 3; ++band) {
                        sum[band] += static_cast<double>(values[band][i]);
                    }
                }
            }
        }
        std::array<float, 3> mean = {nothing, nothing, nothing};
        for (std::size_t band = 0; band < 3 && n > 0; ++band) {
            mean[band] = static_cast<float>(sum[band] / static_cast<double>(n));
        }
        return mean;
    }

    [[nodiscard]] std::vector<std::vector<std::int64_t>> count(const PixelBlock& block) const {
        std::vector<std::vector<std::int64_t>> counts;
        for (const int band : m_counted) {
            counts.emplace_back(n_codes, 0);
            for (const float value : block.band(band)) {
                if (value >= 1 && value < static_cast<float>(n_codes)) {
                    ++counts.back()[static_cast<std::size_t>(value)];
                }
            }
        }
        return counts;
    }

    const RasterSource& m_source;
    const QuicklookPlan& m_plan;
    Quicklook& m_out;
    BandList m_bands;
    std::vector<std::vector<int>> m_exact; ///< positions among the bands that are read
    std::vector<std::array<int, 3>> m_photos;
    std::vector<int> m_counted;
};

Quicklook empty_quicklook(const QuicklookPlan& plan) {
    Quicklook out;
    for (const QuicklookPlan::Exact& part : plan.exact) {
        out.exact.emplace_back(part.bands.size(),
                               std::vector<float>(static_cast<std::size_t>(part.grid.n_cells()), nothing));
    }
    const std::vector<float> cells(static_cast<std::size_t>(plan.photo_grid.n_cells()), nothing);
    out.photos.resize(plan.photos.size(), {cells, cells, cells});
    out.counts.resize(plan.counted.size());
    return out;
}

} // namespace

std::int64_t QuicklookGrid::pixel_column(std::int64_t i) const {
    return std::min(i * step + step / 2, full.width - 1);
}

std::int64_t QuicklookGrid::pixel_row(std::int64_t j) const {
    return std::min(j * step + step / 2, full.height - 1);
}

QuicklookGrid quicklook_grid(const GridSpec& full, std::int64_t most) {
    const std::int64_t step = std::max<std::int64_t>(1, divided_up(std::max(full.width, full.height), most));
    return {.full = full, .step = step, .columns = divided_up(full.width, step), .rows = divided_up(full.height, step)};
}

Quicklook read_quicklook(const RasterSource& source, const QuicklookPlan& plan, Progress& progress) {
    Quicklook out = empty_quicklook(plan);
    const BlockReader reader(source, plan, out);
    const std::int64_t side = reader.block_side();
    std::vector<std::vector<std::int64_t>> totals(plan.counted.size(), std::vector<std::int64_t>(n_codes, 0));
    const std::vector<Window> windows = block_windows(source.grid().extent(), side, side);
    stream_blocks(
        windows, "report", progress, [&](const Window& window) { return reader.read(window); },
        [&](const std::vector<std::vector<std::int64_t>>& counts) {
            for (std::size_t band = 0; band < counts.size(); ++band) {
                std::ranges::transform(totals[band], counts[band], totals[band].begin(), std::plus<>());
            }
        });
    for (std::size_t band = 0; band < totals.size(); ++band) {
        for (std::size_t code = 1; code < n_codes; ++code) {
            if (totals[band][code] > 0) {
                out.counts[band].emplace(static_cast<std::int32_t>(code), totals[band][code]);
            }
        }
    }
    return out;
}

std::vector<std::uint8_t> class_cells(std::span<const float> values, std::span<const std::int32_t> codes) {
    std::vector<std::uint8_t> position(n_codes, 0);
    for (std::size_t k = 0; k < codes.size(); ++k) {
        position.at(static_cast<std::size_t>(codes[k])) = static_cast<std::uint8_t>(k + 1);
    }
    std::vector<std::uint8_t> cells;
    cells.reserve(values.size());
    for (const float value : values) {
        const bool is_code = value >= 1 && value < static_cast<float>(n_codes);
        cells.push_back(is_code ? position[static_cast<std::size_t>(value)] : std::uint8_t{0});
    }
    return cells;
}

std::vector<std::uint8_t> scale_cells(std::span<const float> values, double low, double high) {
    std::vector<std::uint8_t> cells;
    cells.reserve(values.size());
    for (const float value : values) {
        if (!std::isfinite(value)) {
            cells.push_back(0);
            continue;
        }
        const double share = std::clamp((static_cast<double>(value) - low) / (high - low), 0.0, 1.0);
        cells.push_back(static_cast<std::uint8_t>(1 + std::lround(254 * share)));
    }
    return cells;
}

double scale_value(std::uint8_t cell, double low, double high) {
    return low + (high - low) * (static_cast<double>(cell) - 1) / 254;
}

std::optional<double> share_below(std::span<const float> values, double share) {
    std::vector<double> sorted;
    sorted.reserve(values.size());
    std::ranges::copy_if(values, std::back_inserter(sorted), [](float value) { return std::isfinite(value); });
    if (sorted.empty()) {
        return std::nullopt;
    }
    std::ranges::sort(sorted);
    return quantile(sorted, share);
}

void stretch_photo(const std::array<std::vector<float>, 3>& bands, PhotoLayer& photo) {
    constexpr double cut = 0.02;
    constexpr double gamma = 1.2;
    const std::size_t n = bands[0].size();
    photo.pixels.assign(n, {});
    photo.valid.assign(n, 0);
    const std::array<std::uint8_t Rgb::*, 3> colors = {&Rgb::red, &Rgb::green, &Rgb::blue};
    for (std::size_t band = 0; band < 3; ++band) {
        const double low = share_below(bands[band], cut).value_or(0);
        const double high = std::max(share_below(bands[band], 1 - cut).value_or(1), low + 1e-9);
        for (std::size_t i = 0; i < n; ++i) {
            if (std::isfinite(bands[band][i])) {
                const double share = std::clamp((static_cast<double>(bands[band][i]) - low) / (high - low), 0.0, 1.0);
                photo.pixels[i].*colors[band] =
                    static_cast<std::uint8_t>(std::lround(255 * std::pow(share, 1 / gamma)));
                photo.valid[i] = 1;
            }
        }
    }
}

} // namespace lcclass::report
