/// Hand-typed polygons for tests: layers written from WKT, burned onto a small grid and read back.
/// Belongs to one thread.
#pragma once

#include "geo/gdal_handles.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/gdal_setup.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/rasterize.h"
#include "support/temporary_folder.h"

#include <cpl_conv.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lcclass::test {

/// One feature; `cells` are the texts of the fields, nothing for NULL.
struct CaseFeature {
    std::string wkt; ///< empty: no geometry
    std::vector<std::optional<std::string>> cells;
};

struct CaseLayer {
    std::string name = "labels";
    std::string crs = "EPSG:32633"; ///< empty: none
    OGRwkbGeometryType geometry = wkbUnknown;
    std::vector<std::pair<std::string, OGRFieldType>> fields = {{"cid", OFTInteger}};
    std::vector<CaseFeature> features;
};

/// Writes by the driver that the extension names: .gpkg, .shp, .geojson, .fgb.
inline void write_case(const std::filesystem::path& path, const std::vector<CaseLayer>& layers) {
    const std::string extension = path.extension().string();
    const char* driver = extension == ".gpkg"  ? "GPKG"
                         : extension == ".shp" ? "ESRI Shapefile"
                         : extension == ".fgb" ? "FlatGeobuf"
                                               : "GeoJSON";
    const DatasetHandle dataset(GDALCreate(GDALGetDriverByName(driver), path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    ASSERT_TRUE(dataset);
    for (const CaseLayer& layer : layers) {
        const SpatialReferenceHandle reference =
            layer.crs.empty() ? nullptr : make_reference(parse_crs(layer.crs), "test");
        OGRLayerH handle =
            GDALDatasetCreateLayer(dataset.get(), layer.name.c_str(), reference.get(), layer.geometry, nullptr);
        for (const auto& [name, type] : layer.fields) {
            OGRFieldDefnH field = OGR_Fld_Create(name.c_str(), type);
            OGR_L_CreateField(handle, field, TRUE);
            OGR_Fld_Destroy(field);
        }
        for (const CaseFeature& feature : layer.features) {
            const FeatureHandle record(OGR_F_Create(OGR_L_GetLayerDefn(handle)));
            for (std::size_t i = 0; i < feature.cells.size(); ++i) {
                if (feature.cells[i]) {
                    OGR_F_SetFieldString(record.get(), static_cast<int>(i), feature.cells[i]->c_str());
                }
            }
            if (!feature.wkt.empty()) {
                OGRGeometryH geometry = nullptr;
                std::string text = feature.wkt;
                char* at = text.data();
                ASSERT_EQ(OGR_G_CreateFromWkt(&at, nullptr, &geometry), OGRERR_NONE) << feature.wkt;
                OGR_F_SetGeometryDirectly(record.get(), geometry);
            }
            ASSERT_EQ(OGR_L_CreateFeature(handle, record.get()), OGRERR_NONE);
        }
    }
}

/// A square [x0, x1] x [y0, y1] in metres from the lower-left corner of `case_grid`.
inline std::string box(double x0, double y0, double x1, double y1) {
    const auto point = [](double x, double y) {
        return std::to_string(600000 + x) + " " + std::to_string(5100000 + y);
    };
    return "POLYGON((" + point(x0, y0) + "," + point(x1, y0) + "," + point(x1, y1) + "," + point(x0, y1) + "," +
           point(x0, y0) + "))";
}

/// 10 m pixels, lower-left corner at (600000, 5100000) in EPSG:32633.
inline GridSpec case_grid(std::int64_t width = 10, std::int64_t height = 10) {
    return {.width = width,
            .height = height,
            .origin_x = 600000,
            .origin_y = 5100000.0 + 10.0 * static_cast<double>(height),
            .pixel_width = 10,
            .pixel_height = 10,
            .crs_wkt = parse_crs("EPSG:32633")};
}

/// The planes of a label raster, 0 for no label.
struct BurnedLabels {
    RasterizeResult result;
    std::vector<int> class_code;
    std::vector<int> polygon_id;

    [[nodiscard]] std::int64_t count(int code) const { return std::count(class_code.begin(), class_code.end(), code); }
};

class VectorCase : public testing::Test {
protected:
    static void SetUpTestSuite() { set_up_gdal(std::int64_t{64} << 20); }

    [[nodiscard]] std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }

    void write(const CaseLayer& layer, const std::string& name = "labels.gpkg") const {
        write_case(path(name), {layer});
    }

    /// Options for `labels.gpkg` and its field `cid`.
    [[nodiscard]] RasterizeOptions options(const std::string& name = "labels.gpkg") const {
        RasterizeOptions result;
        result.input = path(name);
        result.class_field = "cid";
        return result;
    }

    BurnedLabels burn(const RasterizeOptions& choice, const GridSpec& grid = case_grid()) const {
        const std::string output = path("labels.tif");
        std::filesystem::remove(output);
        BurnedLabels labels;
        labels.result = rasterize(choice, grid, output, silent_progress());
        const RasterFile file = open_raster(output);
        PixelBlock block;
        file.source->read(grid.extent(), block);
        for (int b = 0; b < 2; ++b) {
            for (const float value : block.band(b)) {
                (b == 0 ? labels.class_code : labels.polygon_id).push_back(value > 0 ? static_cast<int>(value) : 0);
            }
        }
        return labels;
    }

    /// The message of a refusal, which must leave no file behind.
    [[nodiscard]] std::string refusal(const RasterizeOptions& choice, ExitCode code = ExitCode::input,
                                      const GridSpec& grid = case_grid()) const {
        try {
            burn(choice, grid);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), code) << error.what();
            EXPECT_FALSE(std::filesystem::exists(path("labels.tif")));
            return error.what();
        }
        return "no error";
    }

private:
    TemporaryFolder m_folder;
};

} // namespace lcclass::test
