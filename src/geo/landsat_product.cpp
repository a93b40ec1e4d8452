#include "geo/landsat_product.h"

#include "geo/gdal_errors.h"
#include "geo/product_files.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cpl_minixml.h>

#include <cmath>
#include <memory>
#include <regex>
#include <utility>
#include <vector>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_metadata = std::uintmax_t{16} << 20;
constexpr std::size_t longest_name = 255;
const std::string root_group = "LANDSAT_METADATA_FILE";
const std::string product_pattern = "(L[CEOT]0[4-9]_L2S[PR]_[0-9]{6}_[0-9]{8}_[0-9]{8}_[0-9]{2}_[A-Z0-9]{2})";

using Entries = std::map<std::string, std::string>;

struct DestroyTree {
    void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
};

[[noreturn]] void fail(const fs::path& file, const std::string& field, const std::string& problem) {
    throw Error(ExitCode::input, {.where = shown(file),
                                  .field = field,
                                  .problem = problem,
                                  .fix = "download the product again, or state --radiometry scale=S,offset=O"});
}

Entries entries_of_xml(const fs::path& file, const std::string& text) {
    const GdalErrorScope gdal;
    const std::unique_ptr<CPLXMLNode, DestroyTree> tree(CPLParseXMLString(text.c_str()));
    CPLXMLNode* root = tree ? CPLGetXMLNode(tree.get(), ("=" + root_group).c_str()) : nullptr;
    if (root == nullptr || gdal.n_own_failures() > 0) {
        fail(file, {}, gdal.explain("is not well-formed XML with a " + root_group));
    }
    Entries entries;
    for (CPLXMLNode* group = root->psChild; group != nullptr; group = group->psNext) {
        for (CPLXMLNode* entry = group->psChild; entry != nullptr; entry = entry->psNext) {
            if (group->eType == CXT_Element && entry->eType == CXT_Element) {
                const std::string value(trim(CPLGetXMLValue(entry, nullptr, "")));
                entries.emplace(std::string(group->pszValue) + "/" + entry->pszValue, value);
            }
        }
    }
    return entries;
}

std::string without_quotes(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

/// `GROUP = NAME`, `KEY = VALUE` and `END_GROUP = NAME` line by line, and `END` when it is whole.
Entries entries_of_text(const fs::path& file, const std::string& text) {
    Entries entries;
    std::vector<std::string> groups;
    for (const std::string& line : split(text, '\n')) {
        const TextPair pair = split_pairs(line, '\n').front();
        if (pair.name == "END") {
            return entries;
        }
        const std::string value = without_quotes(pair.value.value_or(""));
        if (pair.name == "GROUP") {
            groups.push_back(value);
        } else if (pair.name == "END_GROUP" && !groups.empty()) {
            groups.pop_back();
        } else if (pair.value && !groups.empty()) {
            entries.emplace(groups.back() + "/" + pair.name, value);
        }
    }
    fail(file, "END", "is missing: the file is cut short, or no Landsat metadata");
}

Entries entries_of(const fs::path& file) {
    const std::string text = read_product_text(file, largest_metadata);
    return file.extension() == ".xml" ? entries_of_xml(file, text) : entries_of_text(file, text);
}

std::optional<std::string> find(const Entries& entries, const std::string& key) {
    const auto found = entries.find(key);
    return found == entries.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

std::optional<LandsatName> parse_landsat_name(const fs::path& file) {
    static const std::regex pattern(product_pattern + "_(SR_B[1-7]|ST_B(?:6|10)|QA_PIXEL|QA_RADSAT)\\.(?:TIF|tif)");
    const std::string name = file.filename().string();
    std::smatch match;
    if (name.size() > longest_name || !std::regex_match(name, match, pattern)) {
        return std::nullopt;
    }
    return LandsatName{.product = match[1].str(), .band = match[2].str()};
}

bool is_landsat_level1(const fs::path& file) {
    static const std::regex pattern("L[CEMOT]0[1-9]_L1[A-Z]{2}_.+\\.(?:TIF|tif)");
    const std::string name = file.filename().string();
    return name.size() <= longest_name && std::regex_match(name, pattern);
}

std::string product_of_landsat_metadata(const fs::path& file) {
    static const std::regex pattern("(L[CEMOT]0[1-9]_L[12][A-Z]{2}_.+)_MTL\\.(?:xml|txt)");
    const std::string name = file.filename().string();
    std::smatch match;
    return name.size() <= longest_name && std::regex_match(name, match, pattern) ? match[1].str() : "";
}

std::optional<fs::path> landsat_metadata_beside(const fs::path& band_file, const std::string& product) {
    for (const char* ending : {"_MTL.xml", "_MTL.txt"}) {
        const fs::path file = band_file.parent_path() / (product + ending);
        if (is_product_file(file)) {
            return file;
        }
    }
    return std::nullopt;
}

Radiometry LandsatProduct::radiometry_of(const LandsatName& name) const {
    const bool reflectance = name.is_reflectance();
    const std::string group =
        reflectance ? "LEVEL2_SURFACE_REFLECTANCE_PARAMETERS/" : "LEVEL2_SURFACE_TEMPERATURE_PARAMETERS/";
    const std::string quantity = reflectance ? "REFLECTANCE" : "TEMPERATURE";
    const std::string band = reflectance ? name.band.substr(4) : name.band; // `4` of SR_B4, but `ST_B10`
    const auto number = [&](const std::string& kind) {
        const std::string key = group + quantity + "_" + kind + "_BAND_" + band;
        const std::string text = find(numbers, key).value_or("");
        const auto value = parse_double(text);
        if (!value || !std::isfinite(*value)) {
            fail(file, key + (text.empty() ? "" : "=" + text), text.empty() ? "is missing" : "is not a number");
        }
        return *value;
    };
    Radiometry radiometry{.scale = number("MULT"), .offset = number("ADD"), .origin = "product"};
    if (!(radiometry.scale > 0)) {
        fail(file, group + quantity + "_MULT_BAND_" + band, "must be greater than 0");
    }
    return radiometry;
}

LandsatProduct read_landsat_product(const fs::path& file) {
    LandsatProduct product;
    product.file = file;
    product.numbers = entries_of(file);
    product.level = find(product.numbers, "PRODUCT_CONTENTS/PROCESSING_LEVEL").value_or("");
    if (!product.level.starts_with("L2")) {
        throw Error(ExitCode::input, {.where = shown(file),
                                      .field = "PRODUCT_CONTENTS/PROCESSING_LEVEL=" + product.level,
                                      .problem = "is not of Level-2: its numbers are no surface reflectance",
                                      .fix = "use the Collection 2 Level-2 product of the scene"});
    }
    product.date = parse_date(find(product.numbers, "IMAGE_ATTRIBUTES/DATE_ACQUIRED").value_or(""));
    return product;
}

std::optional<Date> landsat_date(const fs::path& file) {
    try {
        return parse_date(find(entries_of(file), "IMAGE_ATTRIBUTES/DATE_ACQUIRED").value_or(""));
    } catch (const Error&) { // whoever needs the radiometry is told; others may state it
        return std::nullopt;
    }
}

} // namespace lcclass
