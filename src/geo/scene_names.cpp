#include "geo/scene_names.h"

#include <regex>

namespace lcclass {

namespace {

/// Longer ones are no names of files, and std::regex is recursive.
constexpr std::size_t longest_name = 255;

const std::regex& landsat_scene_id() {
    static const std::regex pattern("(?:^|[^A-Za-z0-9])L[CEMOT]([1-9])[0-9]{6}([0-9]{4})([0-9]{3})[A-Z]{3}[0-9]{2}");
    return pattern;
}

std::optional<Date> date_of_scene_id(const std::string& name) {
    std::smatch match;
    if (!std::regex_search(name, match, landsat_scene_id())) {
        return std::nullopt;
    }
    return make_date_of_year(std::stoi(match[2].str()), std::stoi(match[3].str()));
}

bool is_plausible(Date date) {
    return year_of(date) >= 1970 && year_of(date) <= 2099;
}

} // namespace

std::optional<Date> date_in_name(const std::string& name) {
    if (name.size() > longest_name) {
        return std::nullopt;
    }
    if (const auto date = date_of_scene_id(name)) {
        return date;
    }
    for (const char* text : {"_V([0-9]{8})T[0-9]{6}", "(?:^|[^0-9])([0-9]{8})(?![0-9])"}) {
        const std::regex pattern(text);
        for (std::sregex_iterator match(name.begin(), name.end(), pattern); match != std::sregex_iterator(); ++match) {
            const auto date = parse_date((*match)[1].str());
            if (date && is_plausible(*date)) {
                return date;
            }
        }
    }
    return std::nullopt;
}

bool is_landsat_name(const std::string& name) {
    static const std::regex collection("L[CEMOT]0[1-9]_L[12][A-Z]{2}_[0-9]{6}_[0-9]{8}_.*");
    return name.size() <= longest_name &&
           (std::regex_search(name, landsat_scene_id()) || std::regex_match(name, collection));
}

std::optional<LandsatSensor> landsat_sensor(const std::string& name) {
    static const std::regex collection("L[CEMOT]0([1-9])_L[12][A-Z]{2}_.*");
    std::smatch match;
    if (name.size() > longest_name ||
        (!std::regex_match(name, match, collection) && !std::regex_search(name, match, landsat_scene_id()))) {
        return std::nullopt;
    }
    return match[1].str() >= "8" ? LandsatSensor::oli : LandsatSensor::tm;
}

std::string folder_name_of(const std::filesystem::path& file) {
    return std::filesystem::absolute(file).lexically_normal().parent_path().filename().string();
}

std::string level_in_path(const std::filesystem::path& path) {
    static const std::regex sentinel2("S2[A-D]_(?:(?:OPER|USER)_(?:PRD|MTD|MSI)_)?(?:MSI|SAF)?(L1C|L2A)_.*");
    static const std::regex granule("(L1C|L2A)_T[0-9]{2}[A-Z]{3}_.*");
    static const std::regex landsat("L[CEMOT]0[1-9]_(L2SP|L2SR|L1[A-Z]{2})_.*");
    for (const auto& part : path) {
        const std::string name = part.string();
        std::smatch match;
        if (name.size() <= longest_name &&
            (std::regex_match(name, match, sentinel2) || std::regex_match(name, match, granule) ||
             std::regex_match(name, match, landsat))) {
            return match[1].str();
        }
    }
    return {};
}

} // namespace lcclass
