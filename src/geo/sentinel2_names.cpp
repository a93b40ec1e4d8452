#include "geo/sentinel2_names.h"

#include <regex>

namespace lcclass {

std::optional<EsaName> parse_esa_name(const std::filesystem::path& file) {
    static const std::regex pattern("(?:(.+)_)?(B(?:0[1-9]|1[0-2]|8A))(?:_(10|20|60)m)?\\.(?:jp2|tif|tiff)",
                                    std::regex::icase);
    static const std::regex other_meaning("(?:MSK_|L[COTEM]0[1-9]_).*", std::regex::icase);
    const std::string name = file.filename().string();
    std::smatch match;
    if (name.size() > 255 || !std::regex_match(name, match, pattern) || std::regex_match(name, other_meaning)) {
        return std::nullopt;
    }
    EsaName result{.band = match[2].str(), .stem = match[1].str(), .resolution = 0};
    for (char& c : result.band) {
        c = c == 'b' ? 'B' : c == 'a' ? 'A' : c;
    }
    if (match[3].matched) {
        result.resolution = std::stoi(match[3].str());
    }
    return result;
}

std::optional<EsaName> parse_esa_mask_name(const std::filesystem::path& file) {
    static const std::regex pattern("(?:(.+)_(SCL)|MSK_(CLDPRB|SNWPRB))(?:_(20|60)m)?\\.(?:jp2|tif|tiff)");
    const std::string name = file.filename().string();
    std::smatch match;
    if (name.size() > 255 || !std::regex_match(name, match, pattern)) {
        return std::nullopt;
    }
    return EsaName{.band = match[2].matched ? match[2].str() : match[3].str(),
                   .stem = match[1].str(),
                   .resolution = match[4].matched ? std::stoi(match[4].str()) : 0};
}

std::string padded_band_name(const std::string& physical_band) {
    const bool one_digit =
        physical_band.size() == 2 && physical_band[0] == 'B' && physical_band[1] >= '1' && physical_band[1] <= '9';
    return one_digit ? "B0" + physical_band.substr(1) : physical_band;
}

} // namespace lcclass
