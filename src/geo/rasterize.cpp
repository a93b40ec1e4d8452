#include "lcclass/geo/rasterize.h"

#include "geo/raster_dataset.h"
#include "geo/rasterize_common.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t strip_pixels = std::int64_t{1} << 22;
constexpr std::int64_t tile_rows = 256;

[[noreturn]] void refuse_option(const std::string& field, std::string problem, std::string fix) {
    throw Error(ExitCode::command_line,
                {.where = "rasterize", .field = field, .problem = std::move(problem), .fix = std::move(fix)});
}

template <class Enum, std::size_t N>
Enum parse_word(const std::string& option, const std::string& word, const std::array<Enum, N>& values) {
    std::vector<std::string> words;
    for (const Enum value : values) {
        words.push_back(to_string(value));
        if (words.back() == word) {
            return value;
        }
    }
    refuse_option(option + "=" + word, "is not one of its words" + did_you_mean(word, words),
                  "choose one of " + join(words, ", "));
}

void check_call(const RasterizeOptions& options, const GridSpec& grid) {
    if (options.erode < 0 || options.erode > 1000) {
        refuse_option("erode=" + std::to_string(options.erode), "is out of range", "give 0 to 1000 pixels");
    }
    if (options.min_patch < 0) {
        refuse_option("min-patch=" + std::to_string(options.min_patch), "is out of range", "give 0 or more pixels");
    }
    if (grid.crs_wkt.empty()) {
        throw Error(ExitCode::input, {.where = "grid",
                                      .field = "crs",
                                      .problem = "the grid does not say its reference system",
                                      .fix = "assign one to the raster given as --like"});
    }
    constexpr std::int64_t largest = std::numeric_limits<std::int32_t>::max();
    if (grid.width < 1 || grid.height < 1 || grid.width > largest || grid.height > largest) {
        throw Error(ExitCode::input, {.where = "grid",
                                      .field = std::to_string(grid.width) + " x " + std::to_string(grid.height),
                                      .problem = "is not a size that can be burned",
                                      .fix = "choose another raster as --like"});
    }
}

BandSpec label_band(const std::string& name) {
    return {.name = name, .unit = {}, .radiometry = {}, .resampling = {}};
}

} // namespace

std::string to_string(OverlapPolicy policy) {
    static constexpr std::array<const char*, 4> words = {"error", "drop", "first", "last"};
    return words.at(static_cast<std::size_t>(policy));
}

std::string to_string(InvalidPolicy policy) {
    static constexpr std::array<const char*, 3> words = {"error", "fix", "skip"};
    return words.at(static_cast<std::size_t>(policy));
}

OverlapPolicy parse_overlap_policy(const std::string& word) {
    return parse_word<OverlapPolicy, 4>(
        "overlap", word, {OverlapPolicy::error, OverlapPolicy::drop, OverlapPolicy::first, OverlapPolicy::last});
}

InvalidPolicy parse_invalid_policy(const std::string& word) {
    return parse_word<InvalidPolicy, 3>("invalid", word,
                                        {InvalidPolicy::error, InvalidPolicy::fix, InvalidPolicy::skip});
}

std::vector<Window> label_strips(const GridSpec& grid) {
    const std::int64_t rows = std::clamp<std::int64_t>(strip_pixels / grid.width, 1, grid.height);
    return block_windows(grid.extent(), grid.width, rows > tile_rows ? rows / tile_rows * tile_rows : rows);
}

void require_other_file(const std::filesystem::path& output, const std::string& input) {
    if (same_file(output, input)) {
        refuse_option("output=" + output.string(), "is the input itself", "give the label raster another name");
    }
}

void write_labels(const std::filesystem::path& output, const GridSpec& grid, const RasterizeResult& result,
                  bool overwrite, Progress& progress, const FillStrip& fill) {
    RasterLayout layout;
    layout.grid = grid;
    layout.bands = {label_band("class_code"), label_band("polygon_id")};
    layout.type = PixelType::int32;
    layout.nodata = 0;
    layout.overwrite = overwrite;
    layout.metadata = {{"LCCLASS_KIND", "labels"},
                       {"LCCLASS_VERSION", LCCLASS_VERSION},
                       {"LCCLASS_LEGEND", result.info.legend.to_json()},
                       {"LCCLASS_ACCOUNTING", result.accounting.to_json()}};
    if (!result.info.polygon_group.empty()) {
        layout.metadata["LCCLASS_GROUPS"] = nlohmann::json(result.info.polygon_group).dump();
    }
    const std::unique_ptr<RasterSink> sink = create_raster(output, layout);
    progress.begin("write labels", grid.n_pixels());
    PixelBlock block;
    for (const Window& strip : label_strips(grid)) {
        throw_if_stopped();
        block.reset(strip, 2);
        fill(strip, block.band(0), block.band(1));
        for (float& value : block.values) {
            value = value == 0 ? std::numeric_limits<float>::quiet_NaN() : value;
        }
        block.update_valid();
        sink->write(block);
        progress.advance(strip.n_pixels());
    }
    sink->commit();
    progress.end();
}

RasterizeResult rasterize(const RasterizeOptions& options, const GridSpec& grid, const std::filesystem::path& output,
                          Progress& progress) {
    check_call(options, grid);
    require_other_file(output, options.input);
    if (is_raster_file(options.input)) {
        return rasterize_class_raster(options, grid, output, progress);
    }
    if (options.min_patch > 0) {
        refuse_option("min-patch=" + std::to_string(options.min_patch), "has no meaning for polygons",
                      "leave the option out, or use --erode");
    }
    return rasterize_polygons(options, grid, output, progress);
}

} // namespace lcclass
