#include "geo/sentinel2_product.h"

#include "geo/gdal_errors.h"
#include "geo/product_files.h"
#include "geo/sentinel2_names.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cpl_minixml.h>

#include <array>
#include <cmath>
#include <memory>
#include <regex>
#include <utility>
#include <vector>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

struct DestroyTree {
    void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
};

/// One metadata file while it is read: knows its own name and level for messages.
class ProductXml {
public:
    explicit ProductXml(const fs::path& file) : m_file(file), m_level(level_of_product_file(file)) {
        const GdalErrorScope gdal;
        m_tree.reset(CPLParseXMLString(read_product_text(file, std::uintmax_t{64} << 20).c_str()));
        if (!m_tree || gdal.n_own_failures() > 0) {
            fail("", "is not well-formed XML" + (gdal.text().empty() ? "" : " (GDAL: " + gdal.text() + ")"));
        }
        CPLStripXMLNamespace(m_tree.get(), nullptr, TRUE);
        m_root_name = m_level == "L2A" ? "Level-2A_User_Product" : "Level-1C_User_Product";
        m_root = CPLSearchXMLNode(m_tree.get(), ("=" + m_root_name).c_str());
        if (m_root == nullptr) {
            fail("/" + m_root_name, "is missing");
        }
    }

    [[nodiscard]] const std::string& level() const { return m_level; }
    [[nodiscard]] std::string xpath(const std::string& path) const {
        std::string slashed = path;
        for (char& c : slashed) {
            c = c == '.' ? '/' : c;
        }
        return "/" + m_root_name + "/" + slashed;
    }
    [[nodiscard]] CPLXMLNode* find(const std::string& path) const {
        CPLXMLNode* node = CPLGetXMLNode(m_root, path.c_str());
        return node != nullptr ? node : CPLGetXMLNode(m_root, old_path(path).c_str());
    }
    [[nodiscard]] std::optional<std::string> text_if_any(const std::string& path) const {
        CPLXMLNode* node = find(path);
        const char* value = node == nullptr ? nullptr : CPLGetXMLValue(node, nullptr, nullptr);
        return value == nullptr ? std::nullopt : std::optional(std::string(trim(value)));
    }
    [[nodiscard]] std::string text(const std::string& path) const {
        const auto value = text_if_any(path);
        if (!value) {
            fail(xpath(path), "is missing");
        }
        return *value;
    }
    [[nodiscard]] double number(const std::string& value, const std::string& where) const {
        const auto parsed = parse_double(trim(value));
        if (!parsed || !std::isfinite(*parsed)) {
            fail(where + "=" + value, "is not a number");
        }
        return *parsed;
    }
    [[noreturn]] void fail(const std::string& field, const std::string& problem) const {
        throw Error(ExitCode::input, {.where = shown(m_file),
                                      .field = field,
                                      .problem = problem,
                                      .fix = "download the product again, or state --radiometry scale=S,offset=O"});
    }

private:
    /// As Level-2A products of baselines before 02.07 spell it (product specification 14.2).
    static std::string old_path(std::string path) {
        static const std::array<std::pair<std::string, std::string>, 4> old_names = {
            {{"Product_Info", "L2A_Product_Info"},
             {"Product_Image_Characteristics", "L2A_Product_Image_Characteristics"},
             {"QUANTIFICATION_VALUES_LIST", "L1C_L2A_Quantification_Values_List"},
             {"BOA_QUANTIFICATION_VALUE", "L2A_BOA_QUANTIFICATION_VALUE"}}};
        for (const auto& [name, old_name] : old_names) {
            if (const std::size_t at = path.find("." + name); at != std::string::npos) {
                path.replace(at + 1, name.size(), old_name);
            }
        }
        return path;
    }

    fs::path m_file;
    std::string m_level;
    std::unique_ptr<CPLXMLNode, DestroyTree> m_tree;
    std::string m_root_name;
    CPLXMLNode* m_root = nullptr;
};

const std::string characteristics = "General_Info.Product_Image_Characteristics.";

std::vector<CPLXMLNode*> elements(CPLXMLNode* parent, const std::string& name) {
    std::vector<CPLXMLNode*> found;
    for (CPLXMLNode* child = parent == nullptr ? nullptr : parent->psChild; child != nullptr; child = child->psNext) {
        if (child->eType == CXT_Element && name == child->pszValue) {
            found.push_back(child);
        }
    }
    return found;
}

/// Product metadata numbers the bands; this says which is which.
std::map<std::string, std::string> bands_by_id(const ProductXml& xml) {
    const std::string path = characteristics + "Spectral_Information_List";
    std::map<std::string, std::string> bands;
    for (CPLXMLNode* entry : elements(xml.find(path), "Spectral_Information")) {
        const std::string id = CPLGetXMLValue(entry, "bandId", "");
        const std::string band = CPLGetXMLValue(entry, "physicalBand", "");
        if (id.empty() || band.empty() || !bands.emplace(id, padded_band_name(band)).second) {
            xml.fail(xml.xpath(path) + "/Spectral_Information", "needs one bandId and one physicalBand per band");
        }
    }
    if (bands.empty()) {
        xml.fail(xml.xpath(path), "is missing, so the offsets cannot be told apart");
    }
    return bands;
}

bool baseline_has_offsets(const ProductXml& xml, const std::string& baseline) {
    const std::vector<std::string> parts = split(baseline, '.');
    const auto major = parts.size() == 2 ? parse_int(parts[0]) : std::nullopt;
    if (!major || !parse_int(parts[1])) {
        xml.fail(xml.xpath("General_Info.Product_Info.PROCESSING_BASELINE") + "=" + baseline,
                 "is not a baseline such as 05.11");
    }
    return *major >= 4;
}

void read_offsets(const ProductXml& xml, Sentinel2Product& product) {
    const bool l2a = product.level == "L2A";
    const std::string list = characteristics + (l2a ? "BOA_ADD_OFFSET_VALUES_LIST" : "Radiometric_Offset_List");
    const std::string name = l2a ? "BOA_ADD_OFFSET" : "RADIO_ADD_OFFSET";
    product.offset_xpath = xml.xpath(list) + "/" + name;
    const std::vector<CPLXMLNode*> offsets = elements(xml.find(list), name);
    if (offsets.empty()) {
        if (baseline_has_offsets(xml, product.baseline)) {
            xml.fail(product.offset_xpath, "is missing although baseline " + product.baseline + " has offsets");
        }
        return;
    }
    const std::map<std::string, std::string> bands = bands_by_id(xml);
    for (CPLXMLNode* offset : offsets) {
        const std::string id = CPLGetXMLValue(offset, "band_id", "");
        const std::string where = product.offset_xpath + "[@band_id='" + id + "']";
        const auto band = bands.find(id);
        if (band == bands.end()) {
            xml.fail(where, "belongs to no band in Spectral_Information_List");
        }
        const double value = xml.number(CPLGetXMLValue(offset, nullptr, ""), where);
        if (!product.add_offset.emplace(band->second, value).second) {
            xml.fail(where, "occurs twice");
        }
    }
}

void read_special_values(const ProductXml& xml, Sentinel2Product& product) {
    CPLXMLNode* parent = xml.find("General_Info.Product_Image_Characteristics");
    for (CPLXMLNode* special : elements(parent, "Special_Values")) {
        const std::string name = CPLGetXMLValue(special, "SPECIAL_VALUE_TEXT", "");
        const std::string where = xml.xpath(characteristics + "Special_Values") + "[" + name + "]";
        if (name == "NODATA" || name == "SATURATED") {
            const double value = xml.number(CPLGetXMLValue(special, "SPECIAL_VALUE_INDEX", ""), where);
            (name == "NODATA" ? product.nodata_dn : product.saturated_dn) = value;
        }
    }
}

} // namespace

Radiometry Sentinel2Product::radiometry_of(const std::string& band) const {
    double offset = 0;
    if (!add_offset.empty()) {
        const auto found = add_offset.find(band);
        if (found == add_offset.end()) {
            throw Error(ExitCode::input, {.where = shown(file),
                                          .field = offset_xpath,
                                          .problem = "the list has no offset for band " + band,
                                          .fix = "download the product again, or state --radiometry scale=S,offset=O"});
        }
        offset = found->second;
    }
    return {.scale = 1 / quantification, .offset = offset / quantification, .origin = "product"};
}

std::optional<Date> sensing_date(const fs::path& file) {
    try {
        const ProductXml xml(file);
        const std::string info = "General_Info.Product_Info.";
        for (const std::string& path : {info + "PRODUCT_START_TIME", info + "Datatake.DATATAKE_SENSING_START"}) {
            const std::string text = xml.text_if_any(path).value_or("");
            if (const auto date = parse_date(text.substr(0, 10))) {
                return date;
            }
        }
    } catch (const Error&) { // whoever needs the radiometry is told; others may state it
    }
    return std::nullopt;
}

std::string level_of_product_file(const fs::path& file) {
    static const std::regex pattern("MTD_MSI(L1C|L2A)\\.xml|S2[A-D]_(?:OPER|USER)_MTD_SAF(L1C|L2A)_.+\\.xml");
    const std::string name = file.filename().string();
    std::smatch match;
    if (name.size() > 255 || !std::regex_match(name, match, pattern)) {
        return {};
    }
    return match[1].matched ? match[1].str() : match[2].str();
}

void require_product_name(const fs::path& file) {
    if (level_of_product_file(file).empty()) {
        throw Error(ExitCode::input, {.where = file.string(),
                                      .field = {},
                                      .problem = "is not the metadata of a Sentinel-2 product",
                                      .fix = "name MTD_MSIL2A.xml or MTD_MSIL1C.xml"});
    }
}

Sentinel2Product read_product(const fs::path& file) {
    require_product_name(file);
    const ProductXml xml(file);
    Sentinel2Product product;
    product.file = file;
    product.level = xml.level();
    product.baseline = xml.text("General_Info.Product_Info.PROCESSING_BASELINE");
    static_cast<void>(baseline_has_offsets(xml, product.baseline)); // a malformed one is an error in any case
    const std::string path =
        characteristics +
        (product.level == "L2A" ? "QUANTIFICATION_VALUES_LIST.BOA_QUANTIFICATION_VALUE" : "QUANTIFICATION_VALUE");
    const std::string text = xml.text(path);
    product.quantification = xml.number(text, xml.xpath(path));
    if (!(product.quantification > 0)) {
        xml.fail(xml.xpath(path) + "=" + text, "must be greater than 0");
    }
    read_offsets(xml, product);
    read_special_values(xml, product);
    return product;
}

std::optional<fs::path> find_product_file(const fs::path& folder) {
    std::optional<fs::path> found;
    for (const fs::path& file : files_in(folder)) {
        if (level_of_product_file(file).empty()) {
            continue;
        }
        if (found) {
            throw Error(ExitCode::input, {.where = shown(folder),
                                          .field = {},
                                          .problem = "holds the metadata of two products, " +
                                                     found->filename().string() + " and " + file.filename().string(),
                                          .fix = "name the one that is meant"});
        }
        found = file;
    }
    return found;
}

std::optional<fs::path> product_file_of(const fs::path& band_file) {
    std::error_code ignored;
    fs::path folder = fs::absolute(band_file, ignored).lexically_normal().parent_path();
    while (folder.has_filename() && folder != folder.root_path()) {
        if (folder.filename() == "GRANULE") {
            return find_product_file(folder.parent_path());
        }
        folder = folder.parent_path();
    }
    return std::nullopt;
}

} // namespace lcclass
