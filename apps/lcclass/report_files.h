/// The files that a report is made of, as far as they are there.
/// Plain values.
#pragma once

#include <filesystem>

namespace lcclass {

/// Empty: not there.
struct ReportFiles {
    std::filesystem::path stack;
    std::filesystem::path labels;
    std::filesystem::path samples;
    std::filesystem::path cv;
    std::filesystem::path folds;
    std::filesystem::path model;
    std::filesystem::path map;
    std::filesystem::path probabilities;
    std::filesystem::path uncertainty;
    std::filesystem::path applicability;
    std::filesystem::path explain;
    std::filesystem::path shap_values; ///< .csv, .gpkg or .fgb
    std::filesystem::path shap_raster;
    std::filesystem::path dominant_feature;
    std::filesystem::path accuracy;
    std::filesystem::path config;
    std::filesystem::path manifest;
    std::filesystem::path times;
};

} // namespace lcclass
