/// Hand-made metadata of Sentinel-2 products for tests.
/// A value.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lcclass::test {

struct ProductCase {
    std::string level = "L2A";
    std::string baseline = "05.11";
    std::string quantification = "10000";
    std::string saturated = "65535";
    std::string start_time = {}; ///< `2023-02-16T10:21:01.024Z`; empty: the product does not say
    std::vector<std::pair<std::string, std::string>> bands = {{"1", "B2"}, {"2", "B3"}, {"3", "B4"},
                                                              {"4", "B5"}, {"7", "B8"}, {"8", "B8A"}};
    std::vector<std::pair<std::string, std::string>> offsets = {{"1", "-1000"}, {"2", "-1000"}, {"3", "-1000"},
                                                                {"4", "-1000"}, {"7", "-1000"}, {"8", "-1000"}};

    [[nodiscard]] std::string file_name() const { return "MTD_MSI" + level + ".xml"; }

    [[nodiscard]] std::string xml() const {
        const bool l2a = level == "L2A";
        const std::string root = l2a ? "Level-2A_User_Product" : "Level-1C_User_Product";
        const std::string list = l2a ? "BOA_ADD_OFFSET_VALUES_LIST" : "Radiometric_Offset_List";
        const std::string offset = l2a ? "BOA_ADD_OFFSET" : "RADIO_ADD_OFFSET";
        std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<n1:" + root +
                           " xmlns:n1=\"https://psd-14.sentinel2.eo.esa.int/PSD/User_Product.xsd\">\n<n1:General_Info>"
                           "<Product_Info>" +
                           (start_time.empty() ? "" : "<PRODUCT_START_TIME>" + start_time + "</PRODUCT_START_TIME>") +
                           "<PROCESSING_BASELINE>" + baseline +
                           "</PROCESSING_BASELINE></Product_Info>\n<Product_Image_Characteristics>\n" +
                           special("NODATA", "0") + special("SATURATED", saturated);
        text += l2a ? "<QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit=\"none\">" + quantification +
                          "</BOA_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>\n"
                    : "<QUANTIFICATION_VALUE unit=\"none\">" + quantification + "</QUANTIFICATION_VALUE>\n";
        if (!offsets.empty()) {
            text += "<" + list + ">";
            for (const auto& [id, value] : offsets) {
                text += "<" + offset + " band_id=\"" + id + "\">" + value + "</" + offset + ">";
            }
            text += "</" + list + ">\n";
        }
        text += "<Spectral_Information_List>";
        for (const auto& [id, band] : bands) {
            text += "<Spectral_Information bandId=\"" + id + "\" physicalBand=\"" + band + "\"/>";
        }
        return text +
               "</Spectral_Information_List>\n</Product_Image_Characteristics>\n</n1:General_Info>\n</n1:" + root +
               ">\n";
    }

private:
    static std::string special(const std::string& name, const std::string& value) {
        return "<Special_Values><SPECIAL_VALUE_TEXT>" + name + "</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>" + value +
               "</SPECIAL_VALUE_INDEX></Special_Values>\n";
    }
};

} // namespace lcclass::test
