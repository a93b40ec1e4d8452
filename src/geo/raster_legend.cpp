#include "geo/raster_legend.h"

#include "geo/xml_text.h"
#include "lcclass/core/text.h"

#include <gdal.h>

#include <cpl_string.h>

#include <memory>
#include <vector>

namespace lcclass {

namespace {

Rgb color_of(const GDALColorEntry& entry) {
    return {.red = static_cast<std::uint8_t>(entry.c1),
            .green = static_cast<std::uint8_t>(entry.c2),
            .blue = static_cast<std::uint8_t>(entry.c3)};
}

/// A palette is padded with black to its full length: black without a name is not a class.
std::optional<ClassLegend> legend_from_colors(GDALRasterBandH band) {
    GDALColorTableH table = GDALGetRasterColorTable(band);
    if (table == nullptr || GDALGetPaletteInterpretation(table) != GPI_RGB) {
        return std::nullopt;
    }
    char** names = GDALGetRasterCategoryNames(band);
    const int n_names = CSLCount(names);
    int has_nodata = 0;
    const double nodata = GDALGetRasterNoDataValue(band, &has_nodata);
    std::vector<LandCoverClass> classes;
    for (int code = 1; code < GDALGetColorEntryCount(table); ++code) {
        const Rgb color = color_of(*GDALGetColorEntry(table, code));
        const std::string name = code < n_names ? names[code] : "";
        const bool is_nodata = has_nodata != 0 && nodata == code;
        if (!is_nodata && (color != Rgb{} || !name.empty())) {
            classes.push_back(
                {.code = code, .name = name.empty() ? "class " + std::to_string(code) : name, .color = color});
        }
    }
    return classes.empty() ? std::nullopt : std::optional(ClassLegend(std::move(classes)));
}

std::string column_xml(int index, const char* name, GDALRATFieldType type, GDALRATFieldUsage usage) {
    return "      <FieldDefn index=\"" + std::to_string(index) + "\"><Name>" + name + "</Name><Type>" +
           std::to_string(type) + "</Type><Usage>" + std::to_string(usage) + "</Usage></FieldDefn>\n";
}

/// Pixels are a real column: integers of these tables have 32 bits.
std::string attribute_table(const ClassLegend& legend, const CodeCounts& pixels, std::optional<double> pixel_hectares) {
    std::string xml = "    <GDALRasterAttributeTable tableType=\"thematic\">\n" +
                      column_xml(0, "class_code", GFT_Integer, GFU_MinMax) +
                      column_xml(1, "class", GFT_String, GFU_Name) + column_xml(2, "red", GFT_Integer, GFU_Red) +
                      column_xml(3, "green", GFT_Integer, GFU_Green) + column_xml(4, "blue", GFT_Integer, GFU_Blue) +
                      column_xml(5, "pixels", GFT_Real, GFU_PixelCount) +
                      (pixel_hectares ? column_xml(6, "area_ha", GFT_Real, GFU_Generic) : std::string());
    for (int i = 0; i < legend.size(); ++i) {
        const LandCoverClass& entry = legend.at(i);
        const auto found = pixels.find(entry.code);
        const std::int64_t count = found == pixels.end() ? 0 : found->second;
        const auto cell = [](const std::string& text) { return "<F>" + text + "</F>"; };
        xml += "      <Row index=\"" + std::to_string(i) + "\">" + cell(std::to_string(entry.code)) +
               cell(escape_xml(entry.name)) + cell(std::to_string(entry.color.red)) +
               cell(std::to_string(entry.color.green)) + cell(std::to_string(entry.color.blue)) +
               cell(std::to_string(count)) +
               (pixel_hectares ? cell(format_number(static_cast<double>(count) * *pixel_hectares)) : std::string()) +
               "</Row>\n";
    }
    return xml + "    </GDALRasterAttributeTable>\n";
}

} // namespace

std::optional<ClassLegend> legend_of_dataset(GDALDatasetH dataset, const std::map<std::string, std::string>& metadata,
                                             const std::string& where) {
    const auto ours = metadata.find(legend_key);
    if (ours != metadata.end()) {
        return ClassLegend::from_json(ours->second, where);
    }
    if (GDALGetRasterCount(dataset) != 1) {
        return std::nullopt;
    }
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    const GDALDataType type = GDALGetRasterDataType(band);
    return type == GDT_Byte || type == GDT_UInt16 ? legend_from_colors(band) : std::nullopt;
}

void set_color_table(GDALRasterBandH band, const ClassLegend& legend) {
    struct DestroyTable {
        void operator()(void* table) const { GDALDestroyColorTable(table); }
    };
    const std::unique_ptr<void, DestroyTable> table(GDALCreateColorTable(GPI_RGB));
    const GDALColorEntry transparent = {0, 0, 0, 0};
    GDALSetColorEntry(table.get(), 0, &transparent);
    for (const LandCoverClass& entry : legend.classes()) {
        const GDALColorEntry color = {entry.color.red, entry.color.green, entry.color.blue, 255};
        GDALSetColorEntry(table.get(), entry.code, &color);
    }
    GDALSetRasterColorTable(band, table.get());
}

std::string categories_xml(const ClassLegend& legend, const CodeCounts& pixels, std::optional<double> pixel_hectares) {
    std::string xml = "<PAMDataset>\n  <PAMRasterBand band=\"1\">\n    <CategoryNames>\n";
    for (std::int32_t code = 0; code <= legend.max_code(); ++code) {
        const auto index = legend.index_of(code);
        xml +=
            index ? "      <Category>" + escape_xml(legend.at(*index).name) + "</Category>\n" : "      <Category />\n";
    }
    return xml + "    </CategoryNames>\n" + attribute_table(legend, pixels, pixel_hectares) +
           "  </PAMRasterBand>\n</PAMDataset>\n";
}

} // namespace lcclass
