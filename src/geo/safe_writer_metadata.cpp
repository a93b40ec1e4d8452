#include "geo/safe_writer_metadata.h"

#include "geo/xml_text.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <array>

namespace lcclass {

namespace {

constexpr WordTable<SafeBaseline, 2> baseline_words = {
    {{SafeBaseline::n0301, "03.01"}, {SafeBaseline::n0511, "05.11"}}};

/// `N0511`, as names have it.
std::string baseline_in_names(SafeBaseline baseline) {
    const std::string word = to_string(baseline);
    return "N" + word.substr(0, 2) + word.substr(3);
}

struct InstrumentBand {
    const char* physical;
    int resolution_m;
    double center_nm;
};

/// Sentinel-2A, in the order of band ids (ESA, spectral response functions v3.0).
constexpr std::array<InstrumentBand, 13> instrument = {{{"B1", 60, 442.7},
                                                        {"B2", 10, 492.4},
                                                        {"B3", 10, 559.8},
                                                        {"B4", 10, 664.6},
                                                        {"B5", 20, 704.1},
                                                        {"B6", 20, 740.5},
                                                        {"B7", 20, 782.8},
                                                        {"B8", 10, 832.8},
                                                        {"B8A", 20, 864.7},
                                                        {"B9", 60, 945.1},
                                                        {"B10", 60, 1373.5},
                                                        {"B11", 20, 1613.7},
                                                        {"B12", 20, 2202.4}}};

std::string element(const std::string& name, const std::string& text, const std::string& attributes = {}) {
    return "<" + name + attributes + ">" + escape_xml(text) + "</" + name + ">\n";
}

std::string attribute(const std::string& name, const std::string& value) {
    return " " + name + "=\"" + value + "\"";
}

/// `2018-05-12T10:00:31.000Z` of `20180512T100031`.
std::string iso_time(const std::string& compact) {
    return compact.substr(0, 4) + "-" + compact.substr(4, 2) + "-" + compact.substr(6, 5) + ":" +
           compact.substr(11, 2) + ":" + compact.substr(13, 2) + ".000Z";
}

std::string image_list(const SafeProduct& product) {
    std::string list;
    for (const std::string& band : product.bands_10m) {
        list += element("IMAGE_FILE", image_name(product, band, 10));
    }
    for (const std::string& band : product.bands_20m) {
        list += element("IMAGE_FILE", image_name(product, band, 20));
    }
    return list + element("IMAGE_FILE", image_name(product, "SCL", 20));
}

std::string product_info(const SafeProduct& product) {
    const std::string time = iso_time(product.sensing_time);
    std::string granule = granule_folder(product);
    granule.erase(0, granule.rfind('/') + 1);
    return "<Product_Info>\n" + element("PRODUCT_START_TIME", time) + element("PRODUCT_STOP_TIME", time) +
           element("PRODUCT_URI", product.folder_name()) + element("PROCESSING_LEVEL", "Level-2A") +
           element("PRODUCT_TYPE", "S2MSI2A") + element("PROCESSING_BASELINE", to_string(product.baseline)) +
           element("SIMULATED", product.remark) + "<Datatake datatakeIdentifier=\"GS2A_" + product.sensing_time +
           "_015087_N" + to_string(product.baseline) + "\">\n" + element("SPACECRAFT_NAME", "Sentinel-2A") +
           element("DATATAKE_SENSING_START", time) + element("SENSING_ORBIT_NUMBER", "122") +
           element("SENSING_ORBIT_DIRECTION", "DESCENDING") + "</Datatake>\n<Query_Options" +
           attribute("completeSingleTile", "true") + ">\n" + element("PRODUCT_FORMAT", "SAFE_COMPACT") +
           "</Query_Options>\n<Product_Organisation>\n<Granule_List>\n<Granule" +
           attribute("granuleIdentifier", granule) + attribute("imageFormat", "JPEG2000") + ">\n" +
           image_list(product) + "</Granule>\n</Granule_List>\n</Product_Organisation>\n</Product_Info>\n";
}

std::string special_value(const std::string& name, int value) {
    return "<Special_Values>\n" + element("SPECIAL_VALUE_TEXT", name) +
           element("SPECIAL_VALUE_INDEX", std::to_string(value)) + "</Special_Values>\n";
}

/// Products before baseline 04.00 have no list of offsets.
std::string offset_list(SafeBaseline baseline) {
    if (boa_add_offset(baseline) == 0) {
        return {};
    }
    std::string text = "<BOA_ADD_OFFSET_VALUES_LIST>\n";
    for (std::size_t id = 0; id < instrument.size(); ++id) {
        text += element("BOA_ADD_OFFSET", format_number(boa_add_offset(baseline)),
                        attribute("band_id", std::to_string(id)));
    }
    return text + "</BOA_ADD_OFFSET_VALUES_LIST>\n";
}

std::string radiometry(SafeBaseline baseline) {
    std::string text =
        "<QUANTIFICATION_VALUES_LIST>\n" +
        element("BOA_QUANTIFICATION_VALUE", format_number(boa_quantification), attribute("unit", "none")) +
        "</QUANTIFICATION_VALUES_LIST>\n";
    return text + offset_list(baseline);
}

std::string spectral_information() {
    std::string text = "<Spectral_Information_List>\n";
    for (std::size_t id = 0; id < instrument.size(); ++id) {
        const InstrumentBand& band = instrument[id];
        text += "<Spectral_Information" + attribute("bandId", std::to_string(id)) +
                attribute("physicalBand", band.physical) + ">\n" +
                element("RESOLUTION", std::to_string(band.resolution_m)) + "<Wavelength>\n" +
                element("CENTRAL", format_number(band.center_nm), attribute("unit", "nm")) +
                "</Wavelength>\n</Spectral_Information>\n";
    }
    return text + "</Spectral_Information_List>\n";
}

std::string geocoding(const GridSpec& grid, int resolution_m) {
    const std::string resolution = std::to_string(resolution_m);
    const auto pixels = [&](std::int64_t fine) { return std::to_string(fine * 10 / resolution_m); };
    return "<Size" + attribute("resolution", resolution) + ">\n" + element("NROWS", pixels(grid.height)) +
           element("NCOLS", pixels(grid.width)) + "</Size>\n<Geoposition" + attribute("resolution", resolution) +
           ">\n" + element("ULX", format_number(grid.origin_x)) + element("ULY", format_number(grid.origin_y)) +
           element("XDIM", resolution) + element("YDIM", "-" + resolution) + "</Geoposition>\n";
}

constexpr const char* xml_head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
                                 "<!-- SIMULATED: made by lcclass, not an observation -->\n";

} // namespace

std::string to_string(SafeBaseline baseline) {
    return word_of(baseline_words, baseline);
}

SafeBaseline parse_safe_baseline(const std::string& word) {
    return parse_word(baseline_words, "baseline", word, "a baseline that can be simulated");
}

std::string SafeProduct::folder_name() const {
    return "S2A_MSIL2A_" + sensing_time + "_" + baseline_in_names(baseline) + "_R122_T" + tile + "_SIMULATED.SAFE";
}

std::string granule_folder(const SafeProduct& product) {
    return "GRANULE/L2A_T" + product.tile + "_A015087_" + product.sensing_time;
}

std::string image_name(const SafeProduct& product, const std::string& band, int resolution_m) {
    const std::string resolution = std::to_string(resolution_m) + "m";
    return granule_folder(product) + "/IMG_DATA/R" + resolution + "/T" + product.tile + "_" + product.sensing_time +
           "_" + band + "_" + resolution;
}

std::string product_xml(const SafeProduct& product) {
    return std::string(xml_head) +
           "<n1:Level-2A_User_Product "
           "xmlns:n1=\"https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd\">\n<n1:General_Info>\n" +
           product_info(product) + "<Product_Image_Characteristics>\n" + special_value("NODATA", 0) +
           special_value("SATURATED", 65535) + radiometry(product.baseline) + element("REFERENCE_BAND", "0") +
           spectral_information() + "</Product_Image_Characteristics>\n</n1:General_Info>\n" +
           "</n1:Level-2A_User_Product>\n";
}

std::string granule_xml(const SafeProduct& product, const std::string& epsg) {
    return std::string(xml_head) +
           "<n1:Level-2A_Tile_ID "
           "xmlns:n1=\"https://psd-14.sentinel2.eo.esa.int/PSD/S2_PDI_Level-2A_Tile_Metadata.xsd\">"
           "\n<n1:General_Info>\n" +
           element("SENSING_TIME", iso_time(product.sensing_time)) +
           "</n1:General_Info>\n<n1:Geometric_Info>\n<Tile_Geocoding" + attribute("metadataLevel", "Brief") + ">\n" +
           element("HORIZONTAL_CS_NAME", "WGS84 / UTM zone " + product.tile.substr(0, 2) + "N") +
           element("HORIZONTAL_CS_CODE", epsg) + geocoding(product.grid, 10) + geocoding(product.grid, 20) +
           "</Tile_Geocoding>\n</n1:Geometric_Info>\n</n1:Level-2A_Tile_ID>\n";
}

} // namespace lcclass
