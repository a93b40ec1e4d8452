#include "geo/raster_tiff.h"

#include "geo/gdal_errors.h"
#include "geo/raster_band_reader.h"
#include "geo/raster_legend.h"
#include "geo/raster_pixels.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/sha256.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <cpl_string.h>

#include <array>
#include <memory>
#include <span>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

struct DestroyList {
    void operator()(char** list) const { CSLDestroy(list); }
};

/// A list of `NAME=VALUE` in the form GDAL's C functions take.
class OptionList {
public:
    void set(const char* name, const std::string& value) {
        m_list.reset(CSLSetNameValue(m_list.release(), name, value.c_str()));
    }
    [[nodiscard]] char** get() const { return m_list.get(); }

private:
    std::unique_ptr<char*, DestroyList> m_list;
};

[[noreturn]] void fail(const fs::path& path, std::string problem,
                       std::string fix = "check free space, quota and the disk, then run again") {
    throw Error(ExitCode::output,
                {.where = path.string(), .field = {}, .problem = std::move(problem), .fix = std::move(fix)});
}

/// GDAL's workers compress on threads of their own, so that failures of all threads count, and one of them may be about
/// reading an input.
[[noreturn]] void fail_incomplete(const fs::path& path, const GdalErrorScope& gdal) {
    fail(path, gdal.explain("not everything could be written"),
         "check free space, quota and the disk, and the file that GDAL names if it is an input; then run again");
}

GDALDriverH require_driver(const char* name, const fs::path& path) {
    GDALDriverH driver = GDALGetDriverByName(name);
    if (driver == nullptr) {
        fail(path, std::string("GDAL has no driver ") + name);
    }
    return driver;
}

/// ZSTD where libtiff was built with it, else DEFLATE.
std::string best_compression(GDALDriverH driver) {
    const char* options = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, nullptr);
    const bool has_zstd = options != nullptr && std::string(options).find("<Value>ZSTD</Value>") != std::string::npos;
    return has_zstd ? "ZSTD" : "DEFLATE";
}

std::string n_threads() {
    return std::to_string(tbb::this_task_arena::max_concurrency());
}

void describe_bands(GDALDatasetH dataset, const RasterLayout& layout, double nodata) {
    for (std::size_t i = 0; i < layout.bands.size(); ++i) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, static_cast<int>(i) + 1);
        GDALSetDescription(band, layout.bands[i].name.c_str());
        if (!layout.bands[i].unit.empty()) {
            GDALSetRasterUnitType(band, layout.bands[i].unit.c_str());
        }
        GDALSetRasterNoDataValue(band, nodata);
    }
}

void set_legend(GDALDatasetH dataset, const RasterLayout& layout) {
    if (!layout.legend) {
        return;
    }
    GDALSetMetadataItem(dataset, legend_key, layout.legend->to_json().c_str(), nullptr);
    for (const LandCoverClass& entry : layout.legend->classes()) {
        const std::string key = "CLASS_" + std::to_string(entry.code);
        GDALSetMetadataItem(dataset, key.c_str(), entry.name.c_str(), nullptr);
    }
    if (has_palette(layout)) {
        set_color_table(GDALGetRasterBand(dataset, 1), *layout.legend);
    }
}

void set_georeference(GDALDatasetH dataset, const GridSpec& grid, const fs::path& path) {
    const SpatialReferenceHandle reference = make_reference(grid.crs_wkt, path.string());
    std::array<double, 6> transform = {grid.origin_x, grid.pixel_width, 0, grid.origin_y, 0, -grid.pixel_height};
    GDALSetSpatialRef(dataset, reference.get());
    GDALSetGeoTransform(dataset, transform.data());
}

int CPL_STDCALL stop_when_asked(double, const char*, void*) {
    try {
        throw_if_stopped();
    } catch (const Error&) {
        return FALSE; // an exception must not pass through GDAL; the caller asks again
    }
    return TRUE;
}

} // namespace

bool has_palette(const RasterLayout& layout) {
    const bool small_codes = layout.type == PixelType::uint8 || layout.type == PixelType::uint16;
    return layout.legend && small_codes && layout.bands.size() == 1;
}

Window TileLayout::window_of(std::int64_t index) const {
    const std::int64_t x = index % n_columns() * tile_size;
    const std::int64_t y = index / n_columns() * tile_size;
    return {.x = x, .y = y, .width = std::min(tile_size, width - x), .height = std::min(tile_size, height - y)};
}

DatasetHandle create_tiff(const fs::path& temporary, const fs::path& final_path, const RasterLayout& layout,
                          double nodata, bool for_staging) {
    GDALDriverH driver = require_driver("GTiff", final_path);
    const std::string compression = best_compression(driver);
    OptionList options;
    options.set("TILED", "YES");
    options.set("BLOCKXSIZE", std::to_string(tile_size));
    options.set("BLOCKYSIZE", std::to_string(tile_size));
    options.set("INTERLEAVE", "BAND");
    options.set("BIGTIFF", "IF_SAFER");
    options.set("COMPRESS", compression);
    options.set(compression == "ZSTD" ? "ZSTD_LEVEL" : "ZLEVEL", for_staging ? "1" : "5");
    options.set("PREDICTOR", for_staging ? "1" : layout.type == PixelType::float32 ? "3" : "2");
    options.set("NUM_THREADS", n_threads());
    const GdalErrorScope gdal;
    DatasetHandle dataset(GDALCreate(driver, temporary.c_str(), static_cast<int>(layout.grid.width),
                                     static_cast<int>(layout.grid.height), static_cast<int>(layout.bands.size()),
                                     gdal_type(layout.type), options.get()));
    if (!dataset) {
        fail(final_path, gdal.explain("the GeoTIFF cannot be created"));
    }
    set_georeference(dataset.get(), layout.grid, final_path);
    describe_bands(dataset.get(), layout, nodata);
    for (const auto& [key, value] : layout.metadata) {
        GDALSetMetadataItem(dataset.get(), key.c_str(), value.c_str(), nullptr);
    }
    set_legend(dataset.get(), layout);
    if (gdal.n_own_failures() > 0) {
        fail(final_path, gdal.explain("the GeoTIFF's header cannot be written"));
    }
    return dataset;
}

void close_tiff(DatasetHandle dataset, const fs::path& final_path) {
    const GdalErrorScope gdal;
    bool flushed = true;
    for (int band = 1; band <= GDALGetRasterCount(dataset.get()); ++band) {
        flushed = GDALFlushRasterCache(GDALGetRasterBand(dataset.get(), band)) == CE_None && flushed;
    }
    GDALFlushCache(dataset.get());
    dataset.reset();
    if (!flushed || gdal.n_failures() > 0) {
        fail_incomplete(final_path, gdal);
    }
}

void copy_to_cog(const fs::path& from, const fs::path& to, const fs::path& final_path, const RasterLayout& layout) {
    GDALDriverH driver = require_driver("COG", final_path);
    OptionList options;
    options.set("BLOCKSIZE", std::to_string(tile_size));
    const std::string compression = best_compression(driver);
    options.set("COMPRESS", compression);
    // Differences of class codes are no smaller than the codes; ZSTD's default of 9 takes three times as long as 5 for
    // a twentieth less.
    options.set("PREDICTOR", layout.type == PixelType::float32 ? "YES" : "NO");
    options.set("LEVEL", "5");
    options.set("BIGTIFF", "IF_SAFER");
    options.set("OVERVIEW_RESAMPLING", layout.legend                       ? "MODE"
                                       : layout.type == PixelType::float32 ? "AVERAGE"
                                                                           : "NEAREST");
    options.set("NUM_THREADS", n_threads());
    const GdalErrorScope gdal;
    static constexpr std::array<const char*, 2> allowed = {"GTiff", nullptr};
    const DatasetHandle source(GDALOpenEx(from.c_str(), GDAL_OF_RASTER, allowed.data(), nullptr, nullptr));
    DatasetHandle copy;
    if (source) {
        copy.reset(GDALCreateCopy(driver, to.c_str(), source.get(), FALSE, options.get(), stop_when_asked, nullptr));
    }
    throw_if_stopped();
    if (!copy) {
        fail(final_path, gdal.explain("the cloud optimized GeoTIFF cannot be written"));
    }
    close_tiff(std::move(copy), final_path);
    if (gdal.n_failures() > 0) {
        fail_incomplete(final_path, gdal);
    }
}

std::string tile_digest(const Window& window, int n_bands, std::size_t pixel_bytes,
                        const std::function<const std::byte*(int)>& band_pixels) {
    Sha256 digest;
    const std::size_t row_bytes = static_cast<std::size_t>(window.width) * pixel_bytes;
    for (int band = 0; band < n_bands; ++band) {
        const std::byte* pixels = band_pixels(band);
        for (std::int64_t row = 0; row < window.height; ++row) {
            const std::size_t start = static_cast<std::size_t>(row * tile_size) * pixel_bytes;
            digest.update(std::span(pixels + start, row_bytes));
        }
    }
    return digest.hex_digest();
}

void verify_tiles(const fs::path& file, const fs::path& final_path, const RasterLayout& layout,
                  const std::vector<std::string>& digests) {
    DatasetPool pool([&] { return PooledDataset{.base = nullptr, .dataset = open_raster_dataset(file)}; });
    const TileLayout tiles{layout.grid.width, layout.grid.height};
    const std::size_t pixel_bytes = bytes_per_pixel(layout.type);
    const int n_bands = static_cast<int>(layout.bands.size());
    const auto check = [&](std::int64_t index) {
        throw_if_stopped();
        const DatasetPool::Lease dataset = pool.borrow();
        std::vector<std::byte> pixels(static_cast<std::size_t>(tile_size * tile_size) * pixel_bytes);
        const GdalErrorScope gdal;
        bool readable = true;
        const auto read_tile = [&](int band) -> const std::byte* {
            const CPLErr status =
                GDALReadBlock(GDALGetRasterBand(dataset.get(), band + 1), static_cast<int>(index % tiles.n_columns()),
                              static_cast<int>(index / tiles.n_columns()), pixels.data());
            readable = status == CE_None && readable;
            return pixels.data();
        };
        const std::string digest = tile_digest(tiles.window_of(index), n_bands, pixel_bytes, read_tile);
        if (!readable || digest != digests.at(static_cast<std::size_t>(index))) {
            fail(final_path,
                 gdal.explain("what was written is not what is read back (tile " + std::to_string(index) + ")"));
        }
    };
    tbb::parallel_for(std::int64_t{0}, tiles.n_tiles(), check);
}

} // namespace lcclass
