#include "geo/gdal_errors.h"
#include "geo/label_values.h"
#include "geo/raster_dataset.h"
#include "geo/rasterize_common.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <cpl_string.h>
#include <gdal_alg.h>
#include <gdalwarper.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t cell_size = 16;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

GDALResampleAlg algorithm_of(const std::string& word) {
    static const std::vector<std::string> words = {"nearest", "mode"};
    if (word != words[0] && word != words[1]) {
        throw Error(ExitCode::command_line, {.where = "rasterize",
                                             .field = "resampling=" + word,
                                             .problem = "classes cannot be resampled so" + did_you_mean(word, words),
                                             .fix = "choose nearest or mode"});
    }
    return word == "mode" ? GRA_Mode : GRA_NearestNeighbour;
}

/// A class raster brought to a grid by GDAL's warper, strip by strip.
class WarpedClasses {
public:
    WarpedClasses(const RasterizeOptions& options, const GridSpec& grid)
        : m_where(options.input), m_grid(grid), m_algorithm(algorithm_of(options.resampling)),
          m_source(open_raster_dataset(options.input)), m_source_grid(grid_of_dataset(m_source.get(), options.input)) {
        const std::vector<RasterBandInfo> bands = bands_of_dataset(m_source.get(), options.input);
        const auto named = std::find_if(bands.begin(), bands.end(),
                                        [](const RasterBandInfo& band) { return band.name == "class_code"; });
        const RasterBandInfo& chosen = named == bands.end() ? bands.front() : *named;
        m_band = chosen.number;
        m_alpha_band = chosen.alpha_band;
        m_nodata = chosen.nodata;
    }

    /// Class values of the strip, NaN where the raster has none.
    [[nodiscard]] std::vector<double> read(const Window& strip) const {
        const auto width = static_cast<int>(strip.width);
        const auto height = static_cast<int>(strip.height);
        std::vector<double> values(static_cast<std::size_t>(strip.n_pixels()), missing);
        const GdalErrorScope gdal;
        const DatasetHandle target = make_target(strip, values);
        const bool warped = target && warp(target.get());
        const bool copied = warped && GDALRasterIO(GDALGetRasterBand(target.get(), 1), GF_Read, 0, 0, width, height,
                                                   values.data(), width, height, GDT_Float64, 0, 0) == CE_None;
        if (!copied || gdal.n_own_failures() > 0) {
            refuse(m_where, "rows=" + std::to_string(strip.y) + ".." + std::to_string(strip.y + strip.height),
                   gdal.explain("cannot be brought to the grid"), "check the raster and its reference system");
        }
        if (m_nodata) {
            std::replace(values.begin(), values.end(), *m_nodata, missing);
        }
        return values;
    }

    [[nodiscard]] const GridSpec& source_grid() const { return m_source_grid; }
    [[nodiscard]] bool has_nodata() const { return m_nodata.has_value(); }

private:
    [[nodiscard]] DatasetHandle make_target(const Window& strip, std::vector<double>& values) const {
        const auto width = static_cast<int>(strip.width);
        const auto height = static_cast<int>(strip.height);
        DatasetHandle target(GDALCreate(GDALGetDriverByName("MEM"), "", width, height, 1, GDT_Float64, nullptr));
        std::array<double, 6> transform = {m_grid.origin_x + static_cast<double>(strip.x) * m_grid.pixel_width,
                                           m_grid.pixel_width,
                                           0,
                                           m_grid.origin_y - static_cast<double>(strip.y) * m_grid.pixel_height,
                                           0,
                                           -m_grid.pixel_height};
        GDALSetGeoTransform(target.get(), transform.data());
        GDALSetSpatialRef(target.get(), make_reference(m_grid.crs_wkt, "grid").get());
        const CPLErr filled = GDALRasterIO(GDALGetRasterBand(target.get(), 1), GF_Write, 0, 0, width, height,
                                           values.data(), width, height, GDT_Float64, 0, 0);
        return filled == CE_None ? std::move(target) : nullptr;
    }

    [[nodiscard]] bool warp(GDALDatasetH target) const {
        using Options = std::unique_ptr<GDALWarpOptions, decltype(&GDALDestroyWarpOptions)>;
        const Options options(GDALCreateWarpOptions(), GDALDestroyWarpOptions);
        options->hSrcDS = m_source.get();
        options->hDstDS = target;
        options->eResampleAlg = m_algorithm;
        options->eWorkingDataType = GDT_Float64;
        GDALWarpInitDefaultBandMapping(options.get(), 1);
        options->panSrcBands[0] = m_band;
        options->nSrcAlphaBand = m_alpha_band;
        options->papszWarpOptions = CSLSetNameValue(options->papszWarpOptions, "SRC_ALPHA_MAX", "1"); // 0 or not
        if (m_nodata) {
            GDALWarpInitSrcNoDataReal(options.get(), *m_nodata);
        }
        using Transformer = std::unique_ptr<void, decltype(&GDALDestroyGenImgProjTransformer)>;
        const Transformer transformer(GDALCreateGenImgProjTransformer2(m_source.get(), target, nullptr),
                                      GDALDestroyGenImgProjTransformer);
        options->pTransformerArg = transformer.get();
        options->pfnTransformer = GDALGenImgProjTransform;
        using Operation = std::unique_ptr<void, decltype(&GDALDestroyWarpOperation)>;
        const Operation operation(transformer ? GDALCreateWarpOperation(options.get()) : nullptr,
                                  GDALDestroyWarpOperation);
        return operation && GDALChunkAndWarpImage(operation.get(), 0, 0, GDALGetRasterXSize(target),
                                                  GDALGetRasterYSize(target)) == CE_None;
    }

    std::string m_where;
    GridSpec m_grid;
    GDALResampleAlg m_algorithm;
    DatasetHandle m_source;
    GridSpec m_source_grid;
    int m_band = 1;
    int m_alpha_band = 0;
    std::optional<double> m_nodata;
};

std::int64_t cells_across(const GridSpec& grid) {
    return (grid.width + cell_size - 1) / cell_size;
}

std::int32_t cell_of(const GridSpec& grid, std::int64_t col, std::int64_t row) {
    return static_cast<std::int32_t>(row / cell_size * cells_across(grid) + col / cell_size + 1);
}

/// Codes of the raster's values; 0 for what is no class.
class ValueCodes {
public:
    /// Requires: `counts` of all values of the raster.
    ValueCodes(const RasterizeOptions& options, const std::map<double, std::int64_t>& counts,
               const ClassLegend& raster_legend, bool zero_is_nodata) {
        ClassValues values(options.class_map, options.input, "class_code");
        std::vector<double> numbers;
        for (const auto& [number, count] : counts) {
            if (number != std::floor(number) || std::abs(number) > 1e15) {
                refuse(options.input, "class_code=" + format_number(number), "is not a whole number",
                       "name a raster of class codes");
            }
            if (number == 0 && zero_is_nodata && !values.has_map()) {
                notes.push_back(with_thousands(count) + " pixels of value 0 taken as nodata");
                continue;
            }
            values.intern(std::to_string(static_cast<std::int64_t>(number)), options.input);
            numbers.push_back(number);
        }
        ClassCodes codes = values.resolve(true);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            m_code[numbers[i]] = codes.code_of[i];
        }
        notes.insert(notes.end(), codes.notes.begin(), codes.notes.end());
        legend = values.has_map() ? codes.legend : named(codes.legend, raster_legend);
    }

    [[nodiscard]] std::int32_t of(double value) const {
        const auto found = std::isnan(value) ? m_code.end() : m_code.find(value);
        return found == m_code.end() ? 0 : found->second;
    }

    ClassLegend legend;
    std::vector<std::string> notes;

private:
    /// Names and colours that the raster gives to its codes.
    static ClassLegend named(const ClassLegend& codes, const ClassLegend& raster_legend) {
        std::vector<LandCoverClass> classes;
        for (const LandCoverClass& entry : codes.classes()) {
            const auto index = raster_legend.index_of(entry.code);
            classes.push_back(index ? raster_legend.at(*index) : entry);
        }
        return ClassLegend(std::move(classes));
    }

    std::map<double, std::int32_t> m_code;
};

std::map<double, std::int64_t> count_values(const WarpedClasses& classes, const GridSpec& grid,
                                            const std::string& where, Progress& progress) {
    constexpr std::size_t most_values = 65536;
    std::map<double, std::int64_t> counts;
    progress.begin("read classes", grid.n_pixels());
    for (const Window& strip : label_strips(grid)) {
        throw_if_stopped();
        for (const double value : classes.read(strip)) {
            if (!std::isnan(value)) {
                ++counts[value];
            }
        }
        if (counts.size() > most_values) {
            refuse(where, {}, "holds more than 65,536 distinct values", "name a raster of class codes");
        }
        progress.advance(strip.n_pixels());
    }
    progress.end();
    return counts;
}

/// The account of cells; `pixels` come from the counts of values.
LabelAccounting account_of(const WarpedClasses& classes, const ValueCodes& codes, const GridSpec& grid,
                           const std::map<double, std::int64_t>& counts) {
    std::vector<std::set<std::int32_t>> codes_in_cell(
        static_cast<std::size_t>(cell_of(grid, grid.width - 1, grid.height - 1)));
    for (const Window& strip : label_strips(grid)) {
        throw_if_stopped();
        const std::vector<double> values = classes.read(strip);
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (const std::int32_t code = codes.of(values[i]); code > 0) {
                const auto at = static_cast<std::int64_t>(i);
                const std::int32_t cell = cell_of(grid, at % grid.width, strip.y + at / grid.width);
                codes_in_cell[static_cast<std::size_t>(cell - 1)].insert(code);
            }
        }
    }
    LabelAccounting account;
    account.features = static_cast<std::int64_t>(codes_in_cell.size());
    std::map<std::int32_t, LabelAccounting::ClassCount> by_code;
    for (const auto& cell : codes_in_cell) {
        account.burned += cell.empty() ? 0 : 1;
        for (const std::int32_t code : cell) {
            ++by_code[code].polygons;
        }
    }
    for (const auto& [value, count] : counts) {
        by_code[codes.of(value)].pixels += codes.of(value) > 0 ? count : 0;
    }
    for (const LandCoverClass& entry : codes.legend.classes()) {
        by_code[entry.code].class_code = entry.code;
        account.classes.push_back(by_code[entry.code]);
    }
    if (account.burned < account.features) {
        account.skipped["without a class"] = account.features - account.burned;
    }
    account.notes = codes.notes;
    account.notes.insert(account.notes.begin(), "class raster: features are cells of 16 x 16 pixels");
    return account;
}

void require_vector_options_unset(const RasterizeOptions& options) {
    const std::array<std::pair<const char*, bool>, 6> set = {{{"layer", !options.layer.empty()},
                                                              {"where", !options.where.empty()},
                                                              {"group-field", !options.group_field.empty()},
                                                              {"class-field", !options.class_field.empty()},
                                                              {"erode", options.erode > 0},
                                                              {"all-touched", options.all_touched}}};
    for (const auto& [name, given] : set) {
        if (given) {
            throw Error(ExitCode::command_line, {.where = options.input,
                                                 .field = name,
                                                 .problem = "has no meaning for a class raster",
                                                 .fix = "leave the option out, or give polygons"});
        }
    }
}

} // namespace

RasterizeResult rasterize_class_raster(const RasterizeOptions& options, const GridSpec& grid,
                                       const std::filesystem::path& output, Progress& progress) {
    require_vector_options_unset(options);
    const WarpedClasses classes(options, grid);
    if (cells_across(grid) * ((grid.height + cell_size - 1) / cell_size) >= std::int64_t{1} << 24) {
        refuse("grid", {}, "has more than 16,777,215 cells of 16 x 16 pixels", "cut it into smaller grids");
    }
    const std::map<double, std::int64_t> counts = count_values(classes, grid, options.input, progress);
    const ClassLegend raster_legend = open_raster(options.input).legend.value_or(ClassLegend());
    const ValueCodes codes(options, counts, raster_legend, !classes.has_nodata());
    if (codes.legend.empty()) {
        refuse(options.input, "extent=" + describe(classes.source_grid().bounds()),
               "no class pixel lies on the grid, extent " + describe(grid.bounds()) + " in " + crs_label(grid.crs_wkt),
               "check the area, the reference systems and the class map");
    }
    RasterizeResult result{.info = {.legend = codes.legend, .polygon_group = {}},
                           .accounting = account_of(classes, codes, grid, counts)};
    write_labels(output, grid, result, options.overwrite, progress,
                 [&](const Window& strip, std::span<float> class_code, std::span<float> polygon_id) {
                     const std::vector<double> values = classes.read(strip);
                     for (std::size_t i = 0; i < values.size(); ++i) {
                         const auto at = static_cast<std::int64_t>(i);
                         const std::int32_t code = codes.of(values[i]);
                         class_code[i] = static_cast<float>(code);
                         polygon_id[i] =
                             code == 0 ? 0.0F
                                       : static_cast<float>(cell_of(grid, at % grid.width, strip.y + at / grid.width));
                     }
                 });
    return result;
}

} // namespace lcclass
