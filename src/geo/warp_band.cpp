#include "geo/warp_band.h"

#include "geo/gdal_errors.h"
#include "geo/product_files.h"
#include "geo/xml_text.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <gdal_utils.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace lcclass {

namespace {

struct FreeOptions {
    void operator()(GDALWarpAppOptions* options) const { GDALWarpAppOptionsFree(options); }
};

[[noreturn]] void fail(const WarpSpec& spec, const GdalErrorScope& gdal) {
    throw Error(ExitCode::input, {.where = shown(spec.file.path) + ":band " + std::to_string(spec.file.number),
                                  .field = {},
                                  .problem = gdal.explain("the band cannot be brought to the grid"),
                                  .fix = "check the file and its reference system"});
}

/// Seventeen digits bring every double through text unchanged.
std::string exact(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    return text.data();
}

struct IntegerRange {
    std::int64_t lowest = -(std::int64_t{1} << 53); ///< beyond, doubles do not tell integers apart
    std::int64_t highest = std::int64_t{1} << 53;

    [[nodiscard]] bool contains(std::int64_t number) const { return lowest <= number && number <= highest; }
};

IntegerRange range_of(GDALDataType type) {
    switch (type) {
    case GDT_Byte:
        return {.lowest = 0, .highest = 255};
    case GDT_UInt16:
        return {.lowest = 0, .highest = 65535};
    case GDT_Int16:
        return {.lowest = -32768, .highest = 32767};
    case GDT_UInt32:
        return {.lowest = 0, .highest = 4294967295};
    case GDT_Int32:
        return {.lowest = -2147483648LL, .highest = 2147483647};
    default:
        return {};
    }
}

/// The integers that a band can hold and that mean nodata.
struct NodataIntegers {
    IntegerRange range;             ///< of the band's type
    std::int64_t lowest_valid = 0;  ///< every number from 0 to below it is nodata
    std::set<std::int64_t> numbers; ///< single ones, and both ends of the range below `lowest_valid`

    [[nodiscard]] bool holds(std::int64_t number) const {
        return (number >= 0 && number < lowest_valid) || numbers.contains(number);
    }
};

NodataIntegers nodata_integers(const WarpSpec& spec) {
    NodataIntegers nodata{.range = range_of(spec.file.info.type), .numbers = {}};
    for (const auto& number : {spec.masked.nodata, spec.masked.saturated}) {
        if (number) {
            nodata.numbers.insert(std::llround(*number));
        }
    }
    if (spec.file.info.nodata && std::abs(*spec.file.info.nodata) < 1e15) {
        nodata.numbers.insert(std::llround(*spec.file.info.nodata));
    }
    if (spec.masked.lowest_valid && *spec.masked.lowest_valid > 0) {
        const double lowest = std::ceil(static_cast<double>(*spec.masked.lowest_valid));
        nodata.lowest_valid = std::llround(std::min(lowest, static_cast<double>(nodata.range.highest) + 1));
        nodata.numbers.insert({0, nodata.lowest_valid - 1});
    }
    const IntegerRange& range = nodata.range;
    std::erase_if(nodata.numbers, [&](std::int64_t number) { return !range.contains(number); });
    return nodata;
}

/// A lookup table that keeps every integer but maps each nodata number to the first of them: the warper knows one.
/// It spans the whole range of the type, since GDAL clamps numbers beyond its ends.
std::string lookup_table(const NodataIntegers& nodata) {
    std::set<std::int64_t> neighbours = nodata.numbers;
    neighbours.insert({nodata.range.lowest, nodata.range.highest});
    for (const std::int64_t number : nodata.numbers) {
        neighbours.insert(number - 1);
        neighbours.insert(number + 1);
    }
    std::erase_if(neighbours, [&](std::int64_t number) { return !nodata.range.contains(number); });
    std::string table;
    for (const std::int64_t number : neighbours) {
        if (!table.empty()) {
            table += ',';
        }
        table += std::to_string(number);
        table += ':';
        table += std::to_string(nodata.holds(number) ? *nodata.numbers.begin() : number);
    }
    return table;
}

std::string source_xml(const std::string& kind, const std::string& file, const std::string& band,
                       const std::string& rules) {
    return "<" + kind + "><SourceFilename relativeToVRT=\"0\" shared=\"0\">" + escape_xml(file) +
           "</SourceFilename><SourceBand>" + band + "</SourceBand>" + rules + "</" + kind + ">";
}

/// One band of `source` with `nodata`, unless empty, and `mask`, unless empty, as GDAL's virtual raster.
std::string virtual_raster(const WarpSpec& spec, const std::string& source, const std::string& nodata,
                           const std::string& mask) {
    return "<VRTDataset rasterXSize=\"" + std::to_string(spec.from.width) + "\" rasterYSize=\"" +
           std::to_string(spec.from.height) + "\"><VRTRasterBand dataType=\"" +
           GDALGetDataTypeName(spec.file.info.type) + "\" band=\"1\">" +
           (nodata.empty() ? "" : "<NoDataValue>" + nodata + "</NoDataValue>") + source + "</VRTRasterBand>" +
           (mask.empty() ? "" : "<MaskBand><VRTRasterBand dataType=\"Byte\">" + mask + "</VRTRasterBand></MaskBand>") +
           "</VRTDataset>";
}

/// The file's own mask: its alpha band, or what GDAL calls its mask. Empty when it has none.
std::string mask_source(const WarpSpec& spec, const std::string& path) {
    const int alpha = spec.file.info.alpha_band;
    if (alpha == 0 && !spec.file.info.has_mask) {
        return "";
    }
    return source_xml("SimpleSource", path, alpha != 0 ? std::to_string(alpha) : "mask,1", "");
}

/// The band alone, with all that means nodata brought to one nodata value, or else to a mask: where a band has a
/// nodata value, the warper does not look at its mask.
std::string band_to_warp(const WarpSpec& spec) {
    // Absolute, since relative names in a VRT are relative to a file that does not exist here.
    const std::string path = std::filesystem::absolute(spec.file.path).string();
    const bool is_integer = GDALDataTypeIsInteger(spec.file.info.type) != 0;
    const NodataIntegers masked = is_integer ? nodata_integers(spec) : NodataIntegers();
    std::string nodata;
    if (!masked.numbers.empty()) {
        nodata = std::to_string(*masked.numbers.begin());
    } else if (!is_integer) {
        nodata = spec.file.info.nodata ? exact(*spec.file.info.nodata) : "nan";
    }
    const std::string band = std::to_string(spec.file.number);
    const std::string mask = mask_source(spec, path);
    if (nodata.empty()) {
        return virtual_raster(spec, source_xml("SimpleSource", path, band, ""), "", mask);
    }
    const std::string table = masked.numbers.size() > 1 ? "<LUT>" + lookup_table(masked) + "</LUT>" : "";
    if (mask.empty()) {
        const std::string kind = table.empty() ? "SimpleSource" : "ComplexSource";
        return virtual_raster(spec, source_xml(kind, path, band, table), nodata, "");
    }
    // What the inner raster masks is not written over the outer one, which begins as nodata.
    const std::string inner = virtual_raster(spec, source_xml("SimpleSource", path, band, ""), "", mask);
    return virtual_raster(spec, source_xml("ComplexSource", inner, "1", "<UseMaskBand>true</UseMaskBand>" + table),
                          nodata, "");
}

DatasetHandle open_base(const WarpSpec& spec, const GdalErrorScope& gdal) {
    static constexpr std::array<const char*, 2> allowed = {"VRT", nullptr};
    const std::string xml = band_to_warp(spec);
    DatasetHandle base(
        GDALOpenEx(xml.c_str(), GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR, allowed.data(), nullptr, nullptr));
    if (!base) {
        fail(spec, gdal);
    }
    std::array<double, 6> transform = {spec.from.origin_x,     spec.from.pixel_width, 0, spec.from.origin_y, 0,
                                       -spec.from.pixel_height};
    GDALSetGeoTransform(base.get(), transform.data());
    GDALSetSpatialRef(base.get(), make_reference(spec.from.crs_wkt, spec.file.path).get());
    return base;
}

/// Pixels of the grid per pixel of the band, along the grid's columns and rows, in the middle of the grid.
std::array<double, 2> scale_of(const WarpSpec& spec) {
    const double center_x = spec.to.origin_x + static_cast<double>(spec.to.width) / 2 * spec.to.pixel_width;
    const double center_y = spec.to.origin_y - static_cast<double>(spec.to.height) / 2 * spec.to.pixel_height;
    std::array<double, 3> x = {center_x, center_x + spec.to.pixel_width, center_x};
    std::array<double, 3> y = {center_y, center_y, center_y - spec.to.pixel_height};
    if (!same_crs(spec.from.crs_wkt, spec.to.crs_wkt)) {
        const TransformationHandle to_band = make_transformation(spec.to.crs_wkt, spec.from.crs_wkt, spec.file.path);
        if (OCTTransform(to_band.get(), 3, x.data(), y.data(), nullptr) == 0) {
            return {1, 1};
        }
    }
    const auto one_over_step = [&](std::size_t i) {
        const double step = std::hypot((x[i] - x[0]) / spec.from.pixel_width, (y[i] - y[0]) / spec.from.pixel_height);
        return std::isfinite(step) && step > 0 ? 1 / step : 1;
    };
    return {one_over_step(1), one_over_step(2)};
}

std::vector<std::string> warp_arguments(const WarpSpec& spec) {
    const Bounds bounds = spec.to.bounds();
    std::vector<std::string> arguments = {"-of",
                                          "VRT",
                                          "-ot",
                                          "Float32",
                                          "-wt",
                                          "Float32",
                                          "-et",
                                          "0",
                                          "-ovr",
                                          "NONE",
                                          "-dstnodata",
                                          "nan",
                                          "-r",
                                          spec.resampling == Resampling::nearest ? "near" : to_string(spec.resampling),
                                          "-te",
                                          exact(bounds.min_x),
                                          exact(bounds.min_y),
                                          exact(bounds.max_x),
                                          exact(bounds.max_y),
                                          "-ts",
                                          std::to_string(spec.to.width),
                                          std::to_string(spec.to.height)};
    // Otherwise the warper guesses the scale from the extent of each chunk, and blurs where the grids are turned.
    const auto [scale_x, scale_y] = scale_of(spec);
    arguments.insert(arguments.end(), {"-wo", "XSCALE=" + exact(scale_x), "-wo", "YSCALE=" + exact(scale_y)});
    if (!same_crs(spec.from.crs_wkt, spec.to.crs_wkt)) {
        arguments.insert(arguments.end(), {"-t_srs", spec.to.crs_wkt});
    }
    return arguments;
}

} // namespace

PooledDataset open_warped(const WarpSpec& spec) {
    const GdalErrorScope gdal;
    PooledDataset result{.base = open_base(spec, gdal), .dataset = nullptr};
    std::vector<std::string> arguments = warp_arguments(spec);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    const std::unique_ptr<GDALWarpAppOptions, FreeOptions> options(GDALWarpAppOptionsNew(pointers.data(), nullptr));
    GDALDatasetH source = result.base.get();
    if (options) {
        result.dataset.reset(GDALWarp("", nullptr, 1, &source, options.get(), nullptr));
    }
    if (!result.dataset) {
        fail(spec, gdal);
    }
    return result;
}

BandToRead warped_band(const WarpSpec& spec) {
    BandToRead band = spec.file;
    band.number = 1;
    band.info.type = GDT_Float32;
    band.info.nodata = std::numeric_limits<double>::quiet_NaN();
    band.info.has_mask = false;
    band.info.alpha_band = 0;
    return band;
}

} // namespace lcclass
