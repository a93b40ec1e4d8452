#include "lcclass/features/fit_recipe.h"

#include "features/feature_compiler.h"
#include "features/principal_components.h"
#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"

#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t largest_block = 1024; ///< side, pixels
constexpr std::int64_t smallest_block = 128;
constexpr std::uint64_t pixel_stream = 0x66697470; ///< keeps these draws apart from those of other stages
constexpr double low_percentile = 1;
constexpr double high_percentile = 99;

/// Values of the pixels drawn, in the order of the pixels in the grid.
struct DrawnPixels {
    std::vector<std::vector<float>> columns; ///< one per plane
};

bool is_drawn(const FitOptions& options, std::int64_t pixel, double share) {
    constexpr double range = 18446744073709551616.0; // 2^64
    const std::uint64_t key = mix64(mix64(options.seed, pixel_stream), static_cast<std::uint64_t>(pixel));
    return static_cast<double>(key) < share * range;
}

/// The side of blocks that stay within the memory on all threads.
std::int64_t block_size_for(const FeatureProgram& program, const FitOptions& options) {
    const std::int64_t threads = tbb::this_task_arena::max_concurrency();
    std::int64_t side = largest_block;
    while (side > smallest_block &&
           threads * program.memory({.x = 0, .y = 0, .width = side, .height = side}) > options.memory) {
        side /= 2;
    }
    return side;
}

DrawnPixels draw_pixels(const FeatureProgram& program, std::size_t n_planes, const RasterSource& bands,
                        const FitOptions& options, Progress& progress) {
    struct Row {
        std::int64_t pixel = 0;
        std::vector<float> values;
    };
    const GridSpec& grid = bands.grid();
    const double share = static_cast<double>(options.n_pixels) / static_cast<double>(grid.n_pixels());
    std::vector<Row> rows;
    const std::int64_t block_size = block_size_for(program, options);
    stream_blocks(
        block_windows(grid.extent(), block_size, block_size), "fit", progress,
        [&](const Window& window) {
            PixelBlock block;
            std::vector<std::int64_t> undefined(n_planes);
            program.run(bands, window, block, undefined);
            std::vector<Row> drawn;
            for (std::int64_t i = 0; i < block.n_pixels(); ++i) {
                const std::int64_t pixel = (window.y + i / window.width) * grid.width + window.x + i % window.width;
                if (is_drawn(options, pixel, share)) {
                    Row& row = drawn.emplace_back(Row{.pixel = pixel, .values = {}});
                    for (std::size_t p = 0; p < n_planes; ++p) {
                        row.values.push_back(
                            std::as_const(block).band(static_cast<int>(p))[static_cast<std::size_t>(i)]);
                    }
                }
            }
            return drawn;
        },
        [&](std::vector<Row>&& drawn) { std::move(drawn.begin(), drawn.end(), std::back_inserter(rows)); });
    std::ranges::sort(rows, {}, &Row::pixel);
    DrawnPixels result;
    result.columns.resize(n_planes);
    for (const Row& row : rows) {
        for (std::size_t p = 0; p < n_planes; ++p) {
            result.columns[p].push_back(row.values[p]);
        }
    }
    return result;
}

[[noreturn]] void refuse_empty(const std::string& what) {
    throw Error(ExitCode::input, {.where = "scene",
                                  .field = what,
                                  .problem = "none of the pixels drawn has a value to fit to",
                                  .fix = "raise --fit-pixels, or check masks and bounds"});
}

/// All values of some columns that are there, with `key` for messages.
std::vector<float> values_of(std::span<const std::vector<float>> columns, const std::string& key) {
    std::vector<float> values;
    for (const std::vector<float>& column : columns) {
        std::copy_if(column.begin(), column.end(), std::back_inserter(values),
                     [](float value) { return !std::isnan(value); });
    }
    if (values.empty()) {
        refuse_empty(key);
    }
    return values;
}

double percentile(const std::vector<float>& sorted, double percent) {
    const auto rank = static_cast<std::size_t>(percent / 100 * static_cast<double>(sorted.size() - 1));
    return static_cast<double>(sorted[rank]);
}

FeatureRecipe::Fitted range_of(std::vector<float> values) {
    std::ranges::sort(values);
    const double low = percentile(values, low_percentile);
    const double high = percentile(values, high_percentile);
    return {.first = low, .second = high > low ? high : low + 1};
}

FeatureRecipe::Fitted standard_of(const std::vector<float>& values) {
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    const double squares = std::accumulate(values.begin(), values.end(), 0.0, [&](double sum, float value) {
        const double off = static_cast<double>(value) - mean;
        return sum + off * off;
    });
    return {.first = mean, .second = squares > 0 ? std::sqrt(squares / n) : 1};
}

/// The rows in which every column has a value.
std::vector<std::vector<float>> complete_rows(std::span<const std::vector<float>> columns) {
    std::vector<std::vector<float>> complete(columns.size());
    for (std::size_t row = 0; row < columns[0].size(); ++row) {
        if (std::ranges::none_of(columns, [&](const auto& column) { return std::isnan(column[row]); })) {
            for (std::size_t c = 0; c < columns.size(); ++c) {
                complete[c].push_back(columns[c][row]);
            }
        }
    }
    return complete;
}

void fit(FeatureRecipe& recipe, const FitRequest& request, std::span<const std::vector<float>> columns) {
    if (request.kind == FitRequest::Kind::range) {
        recipe.ranges[request.key] = range_of(values_of(columns, request.key));
    } else if (request.kind == FitRequest::Kind::standard) {
        recipe.standards[request.key] = standard_of(values_of(columns, request.key));
    } else {
        const auto rows = complete_rows(columns);
        if (rows[0].size() < 2) {
            refuse_empty("pca");
        }
        fit_components(rows, *recipe.components);
    }
}

} // namespace

void fit_recipe(FeatureRecipe& recipe, const RasterSource& bands, const FitOptions& options, Progress& progress) {
    while (true) {
        FeatureCompiler compiler(recipe, bands);
        for (const FeatureRecipe::Feature& feature : recipe.features) {
            static_cast<void>(compiler.compile(feature.formula));
        }
        const std::vector<FitRequest> requests = compiler.requests();
        if (requests.empty()) {
            return;
        }
        std::vector<int> planes;
        for (const FitRequest& request : requests) {
            planes.insert(planes.end(), request.planes.begin(), request.planes.end());
        }
        const std::size_t n_planes = planes.size();
        const DrawnPixels drawn = draw_pixels(compiler.finish(std::move(planes)), n_planes, bands, options, progress);
        std::size_t first = 0;
        for (const FitRequest& request : requests) {
            fit(recipe, request, std::span(drawn.columns).subspan(first, request.planes.size()));
            first += request.planes.size();
        }
    }
}

} // namespace lcclass
