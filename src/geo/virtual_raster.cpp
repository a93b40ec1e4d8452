#include "geo/virtual_raster.h"

#include "geo/gdal_errors.h"
#include "geo/raster_dataset.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cpl_minixml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_file = std::uintmax_t{16} << 20;
constexpr int deepest_nesting = 4;

struct DestroyTree {
    void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
};

[[noreturn]] void refuse(const fs::path& file, std::string field, std::string problem) {
    throw Error(ExitCode::input, {.where = file.string(),
                                  .field = std::move(field),
                                  .problem = std::move(problem),
                                  .fix = "make it a GeoTIFF with gdal_translate, where you trust it"});
}

bool is_below(const fs::path& file, const fs::path& folder) {
    const fs::path relative = file.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

/// The rules for one VRT and those that it refers to.
class VirtualRasterCheck {
public:
    /// `folder`: with all links resolved.
    explicit VirtualRasterCheck(fs::path folder) : m_folder(std::move(folder)) {}

    void check(const fs::path& file, int depth) {
        if (depth > deepest_nesting) {
            refuse(file, {}, "virtual rasters are nested more than " + std::to_string(deepest_nesting) + " times");
        }
        const GdalErrorScope gdal;
        const std::unique_ptr<CPLXMLNode, DestroyTree> tree(CPLParseXMLString(read_file(file, largest_file).c_str()));
        CPLXMLNode* root = tree ? CPLGetXMLNode(tree.get(), "=VRTDataset") : nullptr;
        if (root == nullptr || gdal.n_own_failures() > 0) {
            refuse(file, {}, gdal.explain("is not a virtual raster in well-formed XML"));
        }
        check_element(file, *root, depth);
    }

private:
    /// GDAL looks values up among elements and attributes alike, and whatever their case.
    void check_element(const fs::path& file, CPLXMLNode& element, int depth) {
        check_kind(file, element);
        if (EQUAL(element.pszValue, "SourceFilename") || EQUAL(element.pszValue, "SourceDataset")) {
            check_source(file, element, depth);
        }
        for (CPLXMLNode* child = element.psChild; child != nullptr; child = child->psNext) {
            if (child->eType == CXT_Element || child->eType == CXT_Attribute) {
                check_element(file, *child, depth);
            }
        }
    }

    /// Code, raw bytes and the warper's own lists of files have no place in a raster that is to be trusted.
    static void check_kind(const fs::path& file, CPLXMLNode& element) {
        static constexpr std::array<const char*, 8> refused = {"PixelFunctionCode",
                                                               "PixelFunctionLanguage",
                                                               "GDALWarpOptions",
                                                               "PansharpeningOptions",
                                                               "OpenOptions",
                                                               "VRTGroup",
                                                               "Group",
                                                               "ArraySource"};
        const std::string name = element.pszValue;
        if (std::any_of(refused.begin(), refused.end(), [&](const char* text) { return EQUAL(text, name.c_str()); })) {
            refuse(file, name, "virtual rasters with " + name + " are not read");
        }
        const std::string kind = CPLGetXMLValue(&element, "subClass", "");
        if (!kind.empty() && kind != "VRTSourcedRasterBand" && kind != "VRTDerivedRasterBand") {
            refuse(file, name + "=" + kind, "virtual rasters of this kind are not read");
        }
    }

    void check_source(const fs::path& file, CPLXMLNode& element, int depth) {
        const std::string text(trim(CPLGetXMLValue(&element, nullptr, "")));
        const bool is_relative = std::string(CPLGetXMLValue(&element, "relativeToVRT", "0")) == "1";
        const std::string field = "SourceFilename=" + text;
        if (!is_relative || text.empty() || fs::path(text).is_absolute() || text.starts_with("/vsi") ||
            text.find("://") != std::string::npos) {
            refuse(file, field, "the source is not named relative to the virtual raster");
        }
        std::error_code status;
        const fs::path source = fs::canonical(file.parent_path() / text, status);
        if (status || !fs::is_regular_file(source, status)) {
            refuse(file, field, "the source is not a file");
        }
        if (source.string().find('<') != std::string::npos) {
            refuse(file, field, "GDAL would take a name with '<' for a virtual raster of its own");
        }
        if (!is_below(source, m_folder)) {
            refuse(file, field, "the source lies outside of the virtual raster's folder");
        }
        if (is_virtual_raster(source)) {
            check(source, depth + 1);
        } else if (!is_raster_file(source)) {
            refuse(file, field, "the source is no GeoTIFF or JPEG 2000 file");
        }
    }

    fs::path m_folder;
};

} // namespace

bool is_virtual_raster(const fs::path& file) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) {
        return false;
    }
    std::array<char, 1024> bytes{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(bytes.data(), bytes.size());
    std::string_view head(bytes.data(), static_cast<std::size_t>(stream.gcount()));
    if (head.starts_with("\xEF\xBB\xBF")) {
        head.remove_prefix(3);
    }
    return trim(head).starts_with("<VRTDataset");
}

DatasetHandle open_virtual_raster(const fs::path& file) {
    std::error_code status;
    const fs::path whole = fs::canonical(file, status);
    if (status) {
        refuse(file, {}, "cannot be read: " + status.message());
    }
    VirtualRasterCheck(whole.parent_path()).check(whole, 1);
    static constexpr std::array<const char*, 2> allowed = {"VRT", nullptr};
    const GdalErrorScope gdal;
    DatasetHandle dataset(GDALOpenEx(whole.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                     allowed.data(), nullptr, nullptr));
    if (!dataset || GDALGetRasterCount(dataset.get()) == 0) {
        refuse(file, {}, gdal.explain("is not a readable virtual raster"));
    }
    return dataset;
}

} // namespace lcclass
