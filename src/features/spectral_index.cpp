#include "lcclass/features/spectral_index.h"

#include <algorithm>
#include <array>

namespace lcclass {

namespace {

const std::array<SpectralIndex, 14>& table() {
    static const std::array<SpectralIndex, 14> indices = {{
        {"NDVI", "(B08-B04)/(B08+B04)", ""},
        {"NDWI", "(B03-B08)/(B03+B08)", ""},
        {"MNDWI", "(B03-B11)/(B03+B11)", ""},
        {"NDBI", "(B11-B08)/(B11+B08)", ""},
        {"NDMI", "(B08-B11)/(B08+B11)", ""},
        {"NDTI", "(B11-B12)/(B11+B12)", ""},
        {"NDSI", "(B03-B11)/(B03+B11)", ""},
        {"NDRE", "(B08-B05)/(B08+B05)", ""},
        {"EVI", "2.5*(B08-B04)/(B08+6*B04-7.5*B02+1)", ""},
        {"EVI2", "2.5*(B08-B04)/(B08+2.4*B04+1)", ""},
        {"SAVI", "1.5*(B08-B04)/(B08+B04+0.5)", ""},
        {"BI2", "sqrt((B04^2+B03^2+B08^2)/3)", ""},
        {"BSI", "((B11+B04)-(B08+B02))/((B11+B04)+(B08+B02))", ""},
        {"S2REP", "705+35*((B07+B04)/2-B05)/(B06-B05)", "nm"}, // Frampton et al. 2013
    }};
    return indices;
}

} // namespace

std::span<const SpectralIndex> spectral_indices() {
    return table();
}

const SpectralIndex* find_spectral_index(std::string_view name) {
    const auto& indices = table();
    const auto* found =
        std::find_if(indices.begin(), indices.end(), [&](const SpectralIndex& index) { return index.name == name; });
    return found == indices.end() ? nullptr : found;
}

} // namespace lcclass
