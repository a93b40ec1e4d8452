#include "geo/raster_dataset.h"

#include "geo/gdal_errors.h"
#include "geo/virtual_raster.h"
#include "lcclass/core/error.h"

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

/// Looks before GDAL does: opening a FIFO or a device would hang.
void require_regular_file(const fs::path& path) {
    const std::string where = path.string();
    if (where.starts_with("/vsi")) {
        refuse(where, {}, "GDAL's virtual file systems are not read", "copy the file to a local disk");
    }
    std::error_code status;
    const fs::file_status file = fs::status(path, status);
    if (file.type() == fs::file_type::not_found || file.type() == fs::file_type::none) {
        refuse(where, {}, "does not exist", "check the path");
    }
    if (file.type() == fs::file_type::directory) {
        refuse(where, {}, "is a folder, not a raster file", "name a file in it");
    }
    if (file.type() != fs::file_type::regular) {
        refuse(where, {}, "is not a regular file", "name a GeoTIFF or JPEG 2000 file");
    }
    if (fs::file_size(path, status) == 0 && !status) {
        refuse(where, {}, "is empty (0 bytes)", "download or make it again");
    }
}

void require_north_up(const std::array<double, 6>& transform, GDALDatasetH dataset, const std::string& where) {
    const auto& t = transform;
    for (const double number : t) {
        if (!std::isfinite(number)) {
            refuse(where, "geotransform", "holds a number that is not finite", "set it with gdal_edit.py -a_ullr");
        }
    }
    if (t[0] == 0 && t[1] == 1 && t[2] == 0 && t[3] == 0 && t[4] == 0 && std::abs(t[5]) == 1) {
        refuse(where, "geotransform", "is the identity: the raster lies nowhere on earth",
               "set it with gdal_edit.py -a_ullr");
    }
    // A shear that moves no pixel by a thousandth is rounding.
    const double sheared = std::max(std::abs(t[2]) * GDALGetRasterYSize(dataset) / std::abs(t[1]),
                                    std::abs(t[4]) * GDALGetRasterXSize(dataset) / std::abs(t[5]));
    if (!(sheared <= 1e-3)) {
        refuse(where, "geotransform", "the raster is rotated or sheared", "bring it north-up with gdalwarp");
    }
    if (t[1] <= 0 || t[5] >= 0) {
        refuse(where, "geotransform", t[1] <= 0 ? "columns run from east to west" : "the raster is south-up",
               "bring it north-up with gdalwarp");
    }
}

std::string text_or_empty(const char* text) {
    return text == nullptr ? "" : text;
}

std::optional<double> nodata_of(GDALRasterBandH band, GDALDataType type) {
    int set = 0;
    double value = 0;
    if (type == GDT_Int64) {
        value = static_cast<double>(GDALGetRasterNoDataValueAsInt64(band, &set));
    } else if (type == GDT_UInt64) {
        value = static_cast<double>(GDALGetRasterNoDataValueAsUInt64(band, &set));
    } else {
        value = GDALGetRasterNoDataValue(band, &set);
    }
    return set != 0 ? std::optional(value) : std::nullopt;
}

/// GDAL takes the fourth of four uint8 bands for alpha unless told otherwise: what bears a name of its own is none.
bool is_alpha(GDALRasterBandH band) {
    const std::string name = text_or_empty(GDALGetDescription(band));
    return GDALGetRasterColorInterpretation(band) == GCI_AlphaBand && (name.empty() || EQUAL(name.c_str(), "alpha"));
}

/// 0 when there is none, and for a file of nothing else.
int alpha_band_of(GDALDatasetH dataset) {
    const int n_bands = GDALGetRasterCount(dataset);
    for (int number = 1; number <= n_bands && n_bands > 1; ++number) {
        if (is_alpha(GDALGetRasterBand(dataset, number))) {
            return number;
        }
    }
    return 0;
}

RasterBandInfo band_info(GDALDatasetH dataset, int number) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, number);
    RasterBandInfo info;
    info.number = number;
    info.name = text_or_empty(GDALGetDescription(band));
    if (info.name.empty()) {
        info.name = "band_" + std::to_string(number);
    }
    info.unit = text_or_empty(GDALGetRasterUnitType(band));
    info.type = GDALGetRasterDataType(band);
    info.nodata = nodata_of(band, info.type);
    int set = 0;
    const double scale = GDALGetRasterScale(band, &set);
    info.scale = set != 0 ? std::optional(scale) : std::nullopt;
    const double offset = GDALGetRasterOffset(band, &set);
    info.offset = set != 0 ? std::optional(offset) : std::nullopt;
    const int mask = GDALGetMaskFlags(band);
    info.has_mask = (mask & GMF_PER_DATASET) != 0 && (mask & GMF_ALPHA) == 0;
    return info;
}

constexpr std::array<const char*, 3> raster_drivers = {"GTiff", "JP2OpenJPEG", nullptr};

DatasetHandle open_with_raster_drivers(const std::string& name, const std::string& where) {
    const GdalErrorScope gdal;
    DatasetHandle dataset(GDALOpenEx(name.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                     raster_drivers.data(), nullptr, nullptr));
    if (!dataset) {
        refuse(where, {}, gdal.explain("is not a readable GeoTIFF or JPEG 2000 file"),
               "check that it is one, whole and readable; convert other formats with gdal_translate");
    }
    if (GDALGetRasterCount(dataset.get()) == 0) {
        refuse(where, {}, "has no bands", "name a raster file with at least one band");
    }
    return dataset;
}

} // namespace

bool is_raster_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored) &&
           GDALIdentifyDriverEx(path.c_str(), GDAL_OF_RASTER, raster_drivers.data(), nullptr) != nullptr;
}

DatasetHandle open_raster_dataset(const fs::path& path) {
    require_regular_file(path);
    if (is_virtual_raster(path)) {
        refuse(path.string(), {}, "is a virtual raster (VRT), which can refer to anything",
               "make it a GeoTIFF with gdal_translate; stack and predict read it with --allow-vrt");
    }
    return open_with_raster_drivers(path.string(), path.string());
}

DatasetHandle open_zipped_dataset(const std::string& name, const std::string& where) {
    return open_with_raster_drivers(name, where);
}

GridSpec grid_of_dataset(GDALDatasetH dataset, const std::string& where) {
    std::array<double, 6> transform{};
    if (GDALGetGeoTransform(dataset, transform.data()) != CE_None) {
        const bool has_gcps = GDALGetGCPCount(dataset) > 0;
        refuse(where, "geotransform", has_gcps ? "has ground control points only" : "is missing",
               has_gcps ? "georeference the raster with gdalwarp" : "set it with gdal_edit.py -a_ullr");
    }
    require_north_up(transform, dataset, where);
    OGRSpatialReferenceH reference = GDALGetSpatialRef(dataset);
    if (reference == nullptr) {
        refuse(where, "crs", "the raster does not say its reference system",
               "assign the right one, for example gdal_edit.py -a_srs EPSG:32633");
    }
    return {.width = GDALGetRasterXSize(dataset),
            .height = GDALGetRasterYSize(dataset),
            .origin_x = transform[0],
            .origin_y = transform[3],
            .pixel_width = transform[1],
            .pixel_height = -transform[5],
            .crs_wkt = wkt_of(reference, where)};
}

void RasterBandInfo::clear_nodata(std::span<float> values) const {
    if (!nodata || std::isnan(*nodata)) {
        return;
    }
    constexpr float largest = std::numeric_limits<float>::max();
    constexpr float infinity = std::numeric_limits<float>::infinity();
    float low = largest; // beyond the floats: what was read is the largest float or infinity
    float high = infinity;
    if (*nodata < -static_cast<double>(largest)) {
        low = -infinity;
        high = -largest;
    } else if (*nodata <= static_cast<double>(largest)) {
        low = high = static_cast<float>(*nodata);
    }
    for (float& value : values) {
        value = value >= low && value <= high ? std::numeric_limits<float>::quiet_NaN() : value;
    }
}

std::vector<RasterBandInfo> bands_of_dataset(GDALDatasetH dataset, const std::string& where, bool names_must_differ) {
    std::vector<RasterBandInfo> bands;
    std::set<std::string> names;
    const int alpha = alpha_band_of(dataset);
    for (int number = 1; number <= GDALGetRasterCount(dataset); ++number) {
        if (number == alpha) {
            continue;
        }
        RasterBandInfo info = band_info(dataset, number);
        info.alpha_band = alpha;
        const std::string field = "band " + std::to_string(number);
        if (GDALDataTypeIsComplex(info.type) != 0 || info.type == GDT_Unknown) {
            refuse(where, field, "its pixels are not real numbers", "convert it with gdal_translate -ot Float32");
        }
        if (!names.insert(info.name).second && names_must_differ) {
            refuse(where, field, "two bands have the description '" + info.name + "'",
                   "give every band a description of its own");
        }
        bands.push_back(std::move(info));
    }
    return bands;
}

} // namespace lcclass
