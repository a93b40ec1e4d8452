#include "lcclass/features/spectral_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace lcclass {

namespace {

using Bands = std::span<const double>;

/// numerator / denominator where the denominator is positive, as for sums of reflectances; NaN elsewhere.
double ratio(double numerator, double denominator) {
    return denominator > 0 ? numerator / denominator : std::numeric_limits<double>::quiet_NaN();
}

double normalized_difference(Bands b) {
    return ratio(b[0] - b[1], b[0] + b[1]);
}

double evi(Bands b) {
    return ratio(2.5 * (b[0] - b[1]), b[0] + 6 * b[1] - 7.5 * b[2] + 1);
}

double evi2(Bands b) {
    return ratio(2.5 * (b[0] - b[1]), b[0] + 2.4 * b[1] + 1);
}

double savi(Bands b) {
    return ratio(1.5 * (b[0] - b[1]), b[0] + b[1] + 0.5);
}

double brightness2(Bands b) {
    return std::sqrt((b[0] * b[0] + b[1] * b[1] + b[2] * b[2]) / 3);
}

double bare_soil(Bands b) {
    return ratio((b[0] + b[1]) - (b[2] + b[3]), (b[0] + b[1]) + (b[2] + b[3]));
}

/// Position of the red edge (Frampton et al. 2013), in nm; the slope B06 - B05 must rise.
double red_edge_position(Bands b) {
    return 705 + ratio(35 * ((b[0] + b[1]) / 2 - b[2]), b[3] - b[2]);
}

const std::array<SpectralIndex, 14>& table() {
    static const std::array<SpectralIndex, 14> indices = {{
        {"NDVI", "(B08-B04)/(B08+B04)", "", {"B08", "B04"}, normalized_difference},
        {"NDWI", "(B03-B08)/(B03+B08)", "", {"B03", "B08"}, normalized_difference},
        {"MNDWI", "(B03-B11)/(B03+B11)", "", {"B03", "B11"}, normalized_difference},
        {"NDBI", "(B11-B08)/(B11+B08)", "", {"B11", "B08"}, normalized_difference},
        {"NDMI", "(B08-B11)/(B08+B11)", "", {"B08", "B11"}, normalized_difference},
        {"NDTI", "(B11-B12)/(B11+B12)", "", {"B11", "B12"}, normalized_difference},
        {"NDSI", "(B03-B11)/(B03+B11)", "", {"B03", "B11"}, normalized_difference},
        {"NDRE", "(B08-B05)/(B08+B05)", "", {"B08", "B05"}, normalized_difference},
        {"EVI", "2.5*(B08-B04)/(B08+6*B04-7.5*B02+1)", "", {"B08", "B04", "B02"}, evi},
        {"EVI2", "2.5*(B08-B04)/(B08+2.4*B04+1)", "", {"B08", "B04"}, evi2},
        {"SAVI", "1.5*(B08-B04)/(B08+B04+0.5)", "", {"B08", "B04"}, savi},
        {"BI2", "sqrt((B04^2+B03^2+B08^2)/3)", "", {"B04", "B03", "B08"}, brightness2},
        {"BSI", "((B11+B04)-(B08+B02))/((B11+B04)+(B08+B02))", "", {"B11", "B04", "B08", "B02"}, bare_soil},
        {"S2REP", "705+35*((B07+B04)/2-B05)/(B06-B05)", "nm", {"B07", "B04", "B05", "B06"}, red_edge_position},
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
