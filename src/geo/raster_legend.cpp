#include "geo/raster_legend.h"

#include "geo/xml_text.h"

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

std::string category_names_xml(const ClassLegend& legend) {
    std::string xml = "<PAMDataset>\n  <PAMRasterBand band=\"1\">\n    <CategoryNames>\n";
    for (std::int32_t code = 0; code <= legend.max_code(); ++code) {
        const auto index = legend.index_of(code);
        xml +=
            index ? "      <Category>" + escape_xml(legend.at(*index).name) + "</Category>\n" : "      <Category />\n";
    }
    return xml + "    </CategoryNames>\n  </PAMRasterBand>\n</PAMDataset>\n";
}

} // namespace lcclass
