/// Hand-typed rasters for tests, written with GDAL itself and not with what is tested.
/// Belongs to one thread.
#pragma once

#include "geo/gdal_handles.h"
#include "lcclass/core/error.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/geo/gdal_setup.h"
#include "lcclass/geo/raster_file.h"
#include "support/temporary_folder.h"

#include <cpl_conv.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lcclass::test {

inline constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

struct RasterCase {
    int width = 4;
    int height = 4;
    double origin_x = 600000;
    double origin_y = 5100000;
    double pixel = 10;
    std::string crs = "EPSG:32633"; ///< empty: none
    GDALDataType type = GDT_UInt16;
    std::vector<std::vector<double>> bands = {}; ///< row by row
    std::vector<std::string> names = {};
    std::optional<double> nodata = {};
    std::optional<std::pair<double, double>> scale_offset = {};
    std::optional<std::array<double, 6>> transform = {}; ///< instead of origin and pixel
    bool georeferenced = true;
    int alpha_band = 0;                  ///< number of a band marked as alpha, 0: none
    std::vector<std::uint8_t> mask = {}; ///< per-dataset mask inside the file, empty: none
};

/// Values by column and row.
inline std::vector<double> values_of(int width, int height, const std::function<double(int, int)>& value) {
    std::vector<double> values;
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
            values.push_back(value(column, row));
        }
    }
    return values;
}

inline void fill_dataset(GDALDatasetH dataset, const RasterCase& raster) {
    if (raster.georeferenced) {
        std::array<double, 6> north_up = {raster.origin_x, raster.pixel, 0, raster.origin_y, 0, -raster.pixel};
        std::array<double, 6> transform = raster.transform.value_or(north_up);
        GDALSetGeoTransform(dataset, transform.data());
    }
    if (!raster.crs.empty()) {
        GDALSetSpatialRef(dataset, make_reference(parse_crs(raster.crs), "test").get());
    }
    for (std::size_t i = 0; i < raster.bands.size(); ++i) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, static_cast<int>(i) + 1);
        if (i < raster.names.size()) {
            GDALSetDescription(band, raster.names[i].c_str());
        }
        if (raster.nodata) {
            GDALSetRasterNoDataValue(band, *raster.nodata);
        }
        if (raster.scale_offset) {
            GDALSetRasterScale(band, raster.scale_offset->first);
            GDALSetRasterOffset(band, raster.scale_offset->second);
        }
        std::vector<double> values = raster.bands[i];
        ASSERT_EQ(values.size(), static_cast<std::size_t>(raster.width) * static_cast<std::size_t>(raster.height));
        ASSERT_EQ(GDALRasterIO(band, GF_Write, 0, 0, raster.width, raster.height, values.data(), raster.width,
                               raster.height, GDT_Float64, 0, 0),
                  CE_None);
    }
}

/// A GeoTIFF's own mask, which lies in the file and not beside it.
inline void add_mask(GDALDatasetH dataset, const RasterCase& raster) {
    std::vector<std::uint8_t> mask = raster.mask;
    CPLSetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
    GDALCreateDatasetMaskBand(dataset, GMF_PER_DATASET);
    CPLSetConfigOption("GDAL_TIFF_INTERNAL_MASK", nullptr);
    ASSERT_EQ(GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(dataset, 1)), GF_Write, 0, 0, raster.width, raster.height,
                           mask.data(), raster.width, raster.height, GDT_Byte, 0, 0),
              CE_None);
}

/// Writes a GeoTIFF, or a lossless JPEG 2000 when the name ends on `.jp2`.
inline void write_raster(const std::filesystem::path& path, const RasterCase& raster) {
    std::filesystem::create_directories(path.parent_path());
    const bool jp2 = path.extension() == ".jp2";
    GDALDriverH driver = GDALGetDriverByName(jp2 ? "MEM" : "GTiff");
    const DatasetHandle dataset(GDALCreate(driver, jp2 ? "" : path.c_str(), raster.width, raster.height,
                                           static_cast<int>(raster.bands.size()), raster.type, nullptr));
    ASSERT_TRUE(dataset);
    if (raster.alpha_band > 0) {
        GDALSetRasterColorInterpretation(GDALGetRasterBand(dataset.get(), raster.alpha_band), GCI_AlphaBand);
    }
    if (!raster.mask.empty()) {
        add_mask(dataset.get(), raster);
    }
    fill_dataset(dataset.get(), raster);
    if (jp2) {
        std::array<std::string, 4> texts = {"QUALITY=100", "REVERSIBLE=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"};
        std::array<char*, 5> options = {texts[0].data(), texts[1].data(), texts[2].data(), texts[3].data(), nullptr};
        const DatasetHandle copy(GDALCreateCopy(GDALGetDriverByName("JP2OpenJPEG"), path.c_str(), dataset.get(), FALSE,
                                                options.data(), nullptr, nullptr));
        ASSERT_TRUE(copy);
    }
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

inline PixelBlock read_all(const RasterSource& source) {
    PixelBlock block;
    source.read(source.grid().extent(), block);
    return block;
}

inline std::vector<float> band_of(const PixelBlock& block, int band) {
    const auto values = block.band(band);
    return {values.begin(), values.end()};
}

/// Equal numbers, with NaN equal to NaN.
inline void expect_same(const std::vector<float>& actual, const std::vector<float>& expected, float tolerance = 0) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
        if (std::isnan(expected[i])) {
            EXPECT_TRUE(std::isnan(actual[i])) << "pixel " << i << " is " << actual[i];
        } else {
            EXPECT_NEAR(actual[i], expected[i], tolerance) << "pixel " << i;
        }
    }
}

/// The error line of what `action` throws; fails when it throws nothing or another code.
inline std::string error_of(ExitCode code, const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_EQ(static_cast<int>(error.code()), static_cast<int>(code)) << error.what();
        return error.what();
    }
    ADD_FAILURE() << "no error";
    return {};
}

/// Sets GDAL up as the program does, and gives a folder of its own to every test.
class RasterTest : public ::testing::Test {
protected:
    RasterTest() { set_up_gdal(64 << 20); }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return m_folder.path() / name; }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder.path(); }

private:
    TemporaryFolder m_folder;
};

} // namespace lcclass::test
