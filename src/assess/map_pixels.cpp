#include "lcclass/assess/map_pixels.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t block_side = 1024;

/// So that the draw shares no numbers with other uses of the seed.
constexpr std::uint64_t draw_stream = 0x706C616E; // "plan"

std::int32_t code_of(float value) {
    if (std::isnan(value)) {
        return 0;
    }
    if (value != std::floor(value) || std::abs(value) > 65535) {
        throw Error(ExitCode::input, {.where = "raster",
                                      .field = "class_code=" + format_number(static_cast<double>(value)),
                                      .problem = "is not a whole number up to 65535",
                                      .fix = "name a raster of class codes"});
    }
    return static_cast<std::int32_t>(value);
}

std::vector<Window> all_windows(const RasterSource& raster) {
    return block_windows(raster.grid().extent(), block_side, block_side);
}

/// The i-th pixel of a window, counted over the grid.
std::int64_t pixel_in(const GridSpec& grid, const Window& window, std::int64_t i) {
    return (window.y + i / window.width) * grid.width + window.x + i % window.width;
}

using CodeCounts = std::map<std::int32_t, std::int64_t>;

CodeCounts count_block(const RasterSource& map, const RasterSource& codes, const Window& window) {
    PixelBlock frame;
    PixelBlock block;
    map.read(window, frame);
    codes.read(window, block);
    const auto framed = std::as_const(frame).band(0);
    const auto values = std::as_const(block).band(0);
    CodeCounts counts;
    std::int32_t last_code = 0;
    std::int64_t* last_count = nullptr; // neighbours are mostly of one class
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::int32_t code = std::isnan(framed[i]) ? 0 : code_of(values[i]);
        if (code == 0) {
            continue;
        }
        if (code != last_code) {
            last_count = &counts[code];
            last_code = code;
        }
        ++*last_count;
    }
    return counts;
}

std::vector<CodedPixel> coded_in_block(const RasterSource& raster, const Window& window) {
    PixelBlock block;
    raster.read(window, block);
    const auto values = std::as_const(block).band(0);
    std::vector<CodedPixel> coded;
    for (std::int64_t i = 0; i < window.n_pixels(); ++i) {
        if (const std::int32_t code = code_of(values[static_cast<std::size_t>(i)]); code != 0) {
            coded.push_back({.pixel = pixel_in(raster.grid(), window, i), .code = code});
        }
    }
    return coded;
}

/// The `limit` pixels with the smallest keys.
class SmallestKeys {
public:
    explicit SmallestKeys(std::int64_t limit) : m_limit(limit) {}

    [[nodiscard]] bool would_take(std::uint64_t key) const {
        return std::ssize(m_kept) < m_limit || (m_limit > 0 && key < m_kept.front().key);
    }
    /// Requires: would_take(pixel.key).
    void take(const DrawnPixel& pixel) {
        if (std::ssize(m_kept) == m_limit) {
            std::pop_heap(m_kept.begin(), m_kept.end(), before);
            m_kept.pop_back();
        }
        m_kept.push_back(pixel);
        std::push_heap(m_kept.begin(), m_kept.end(), before);
    }
    [[nodiscard]] const std::vector<DrawnPixel>& kept() const { return m_kept; }

    static bool before(const DrawnPixel& a, const DrawnPixel& b) {
        return std::tie(a.key, a.pixel) < std::tie(b.key, b.pixel);
    }

private:
    std::int64_t m_limit;
    std::vector<DrawnPixel> m_kept;
};

using Draws = std::map<std::int32_t, SmallestKeys>;

Draws empty_draws(const std::map<std::int32_t, std::int64_t>& per_code) {
    Draws draws;
    for (const auto& [code, limit] : per_code) {
        draws.emplace(code, SmallestKeys(limit));
    }
    return draws;
}

Draws draw_block(const RasterSource& map, const Window& window, Draws draws, std::span<const std::int64_t> excluded,
                 std::uint64_t seed) {
    PixelBlock block;
    map.read(window, block);
    const auto values = std::as_const(block).band(0);
    for (std::int64_t i = 0; i < window.n_pixels(); ++i) {
        const std::int32_t code = code_of(values[static_cast<std::size_t>(i)]);
        const auto draw = code == 0 ? draws.end() : draws.find(code);
        if (draw == draws.end()) {
            continue;
        }
        const std::int64_t pixel = pixel_in(map.grid(), window, i);
        const std::uint64_t key = mix64(seed, static_cast<std::uint64_t>(pixel));
        if (draw->second.would_take(key) && !std::binary_search(excluded.begin(), excluded.end(), pixel)) {
            draw->second.take({.pixel = pixel, .code = code, .key = key});
        }
    }
    return draws;
}

} // namespace

CodeCounts count_codes(const RasterSource& map, const RasterSource& codes, Progress& progress) {
    CodeCounts total;
    stream_blocks(
        all_windows(map), "count classes", progress,
        [&](const Window& window) { return count_block(map, codes, window); },
        [&](CodeCounts&& counts) {
            for (const auto& [code, count] : counts) {
                total[code] += count;
            }
        });
    return total;
}

std::vector<std::int32_t> codes_at(const RasterSource& raster, std::span<const std::int64_t> pixels,
                                   Progress& progress) {
    if (pixels.empty()) {
        return {};
    }
    const std::int64_t width = raster.grid().width;
    const std::int64_t blocks_across = (width + block_side - 1) / block_side;
    std::map<std::int64_t, std::vector<std::size_t>> by_block; // positions in `pixels`
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        by_block[pixels[i] / width / block_side * blocks_across + pixels[i] % width / block_side].push_back(i);
    }
    const std::vector<Window> all = all_windows(raster);
    std::vector<Window> windows;
    std::vector<const std::vector<std::size_t>*> members;
    for (const auto& [block, positions] : by_block) {
        windows.push_back(all[static_cast<std::size_t>(block)]);
        members.push_back(&positions);
    }
    std::vector<std::int32_t> codes(pixels.size());
    std::size_t next = 0;
    stream_blocks(
        windows, "read classes", progress,
        [&](const Window& window) {
            PixelBlock block;
            raster.read(window, block);
            return block;
        },
        [&](PixelBlock&& block) {
            const Window& window = block.window;
            for (const std::size_t i : *members[next++]) {
                const std::int64_t offset =
                    (pixels[i] / width - window.y) * window.width + pixels[i] % width - window.x;
                codes[i] = code_of(std::as_const(block).band(0)[static_cast<std::size_t>(offset)]);
            }
        });
    return codes;
}

std::vector<CodedPixel> coded_pixels(const RasterSource& raster, std::int64_t limit, Progress& progress) {
    std::vector<CodedPixel> all;
    stream_blocks(
        all_windows(raster), "read reference", progress,
        [&](const Window& window) { return coded_in_block(raster, window); },
        [&](std::vector<CodedPixel>&& block) {
            all.insert(all.end(), block.begin(), block.end());
            if (std::ssize(all) > limit) {
                throw Error(ExitCode::input,
                            {.where = "reference",
                             .field = "pixels>" + std::to_string(limit),
                             .problem = "has more reference pixels than a sample of pixels has",
                             .fix = "leave --design out to compare with a raster that covers the map"});
            }
        });
    std::sort(all.begin(), all.end(), [](const CodedPixel& a, const CodedPixel& b) { return a.pixel < b.pixel; });
    return all;
}

std::vector<DrawnPixel> draw_pixels(const RasterSource& map, const std::map<std::int32_t, std::int64_t>& per_code,
                                    std::span<const std::int64_t> excluded, std::uint64_t seed, Progress& progress) {
    const Draws empty = empty_draws(per_code);
    const std::uint64_t draw_seed = mix64(seed, draw_stream);
    Draws total = empty;
    stream_blocks(
        all_windows(map), "draw points", progress,
        [&](const Window& window) { return draw_block(map, window, empty, excluded, draw_seed); },
        [&](Draws&& draws) {
            for (auto& [code, draw] : total) {
                for (const DrawnPixel& pixel : draws.at(code).kept()) {
                    if (draw.would_take(pixel.key)) {
                        draw.take(pixel);
                    }
                }
            }
        });
    std::vector<DrawnPixel> drawn;
    for (const auto& [code, draw] : total) {
        drawn.insert(drawn.end(), draw.kept().begin(), draw.kept().end());
    }
    std::sort(drawn.begin(), drawn.end(), SmallestKeys::before);
    return drawn;
}

} // namespace lcclass
