#include "geo/warped_classes.h"

#include "geo/gdal_errors.h"
#include "geo/raster_dataset.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cpl_string.h>
#include <gdal_alg.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <utility>

namespace lcclass {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

GDALResampleAlg algorithm_of(const std::string& word) {
    static const std::vector<std::string> words = {"nearest", "mode"};
    if (word != words[0] && word != words[1]) {
        throw Error(ExitCode::command_line, {.where = "rasterize",
                                             .field = "resampling=" + word,
                                             .problem = "classes cannot be resampled so" + did_you_mean(word, words),
                                             .fix = "choose nearest or mode (the majority)"});
    }
    return word == "mode" ? GRA_Mode : GRA_NearestNeighbour;
}

} // namespace

WarpedClasses::WarpedClasses(const RasterizeOptions& options, const GridSpec& grid)
    : m_where(options.input), m_grid(grid), m_algorithm(algorithm_of(options.resampling)),
      m_source(open_raster_dataset(options.input)), m_source_grid(grid_of_dataset(m_source.get(), options.input)) {
    const std::vector<RasterBandInfo> bands = bands_of_dataset(m_source.get(), options.input);
    const auto named =
        std::find_if(bands.begin(), bands.end(), [](const RasterBandInfo& band) { return band.name == "class_code"; });
    const RasterBandInfo& chosen = named == bands.end() ? bands.front() : *named;
    m_band = chosen.number;
    m_alpha_band = chosen.alpha_band;
    m_nodata = chosen.nodata;
}

std::vector<double> WarpedClasses::read(const Window& strip) const {
    const auto width = static_cast<int>(strip.width);
    const auto height = static_cast<int>(strip.height);
    std::vector<double> values(static_cast<std::size_t>(strip.n_pixels()), missing);
    const GdalErrorScope gdal;
    const DatasetHandle target = make_target(strip, values);
    const bool warped = target && warp(target.get());
    const bool copied = warped && GDALRasterIO(GDALGetRasterBand(target.get(), 1), GF_Read, 0, 0, width, height,
                                               values.data(), width, height, GDT_Float64, 0, 0) == CE_None;
    if (!copied || gdal.n_failures() > 0) {
        throw Error(ExitCode::input,
                    {.where = m_where,
                     .field = "rows=" + std::to_string(strip.y) + ".." + std::to_string(strip.y + strip.height),
                     .problem = gdal.explain("cannot be brought to the grid"),
                     .fix = "check the raster and its reference system"});
    }
    if (m_nodata) {
        std::replace(values.begin(), values.end(), *m_nodata, missing);
    }
    return values;
}

DatasetHandle WarpedClasses::make_target(const Window& strip, std::vector<double>& values) const {
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
    const CPLErr filled = GDALRasterIO(GDALGetRasterBand(target.get(), 1), GF_Write, 0, 0, width, height, values.data(),
                                       width, height, GDT_Float64, 0, 0);
    return filled == CE_None ? std::move(target) : nullptr;
}

bool WarpedClasses::warp(GDALDatasetH target) const {
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
    const std::string threads = std::to_string(tbb::this_task_arena::max_concurrency());
    options->papszWarpOptions = CSLSetNameValue(options->papszWarpOptions, "NUM_THREADS", threads.c_str());
    if (m_nodata) {
        GDALWarpInitSrcNoDataReal(options.get(), *m_nodata);
    }
    using Transformer = std::unique_ptr<void, decltype(&GDALDestroyGenImgProjTransformer)>;
    const Transformer transformer(GDALCreateGenImgProjTransformer2(m_source.get(), target, nullptr),
                                  GDALDestroyGenImgProjTransformer);
    options->pTransformerArg = transformer.get();
    options->pfnTransformer = GDALGenImgProjTransform;
    using Operation = std::unique_ptr<void, decltype(&GDALDestroyWarpOperation)>;
    const Operation operation(transformer ? GDALCreateWarpOperation(options.get()) : nullptr, GDALDestroyWarpOperation);
    return operation && GDALChunkAndWarpImage(operation.get(), 0, 0, GDALGetRasterXSize(target),
                                              GDALGetRasterYSize(target)) == CE_None;
}

} // namespace lcclass
