/// The files that a report is made of, as far as they are there.
/// Plain values, and free functions that are safe from any thread.
#pragma once

#include <filesystem>
#include <vector>

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
    std::filesystem::path manifest; ///< of the run that made them
};

/// Those that are there, but for the manifest.
std::vector<std::filesystem::path> files_of(const ReportFiles& files);

/// The files among `candidates` that a report shows, by what is in them. Of those that nobody named, what is not there
/// or is something else is left out, and of two of one kind the second. Throws: Error(input) for such a file when they
/// were `named` by the user, and for files that cannot be read.
ReportFiles sort_report_files(const std::vector<std::filesystem::path>& candidates, bool named);

/// The outputs, as far as they are there, of the stages that the manifest of `folder` has as complete, and after them
/// files there that have the default name of a stage's output. Throws: Error(input) for a manifest that is none.
std::vector<std::filesystem::path> outputs_in(const std::filesystem::path& folder);

} // namespace lcclass
