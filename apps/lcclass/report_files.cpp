#include "report_files.h"

#include "file_kind.h"
#include "manifest.h"

#include "lcclass/core/error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

/// The kinds that a report shows, as `file_kind` names them.
constexpr std::array<std::pair<const char*, fs::path ReportFiles::*>, 15> members = {{
    {"stack", &ReportFiles::stack},
    {"labels", &ReportFiles::labels},
    {"samples", &ReportFiles::samples},
    {"cv", &ReportFiles::cv},
    {"folds", &ReportFiles::folds},
    {"model", &ReportFiles::model},
    {"map", &ReportFiles::map},
    {"probabilities", &ReportFiles::probabilities},
    {"uncertainty", &ReportFiles::uncertainty},
    {"applicability", &ReportFiles::applicability},
    {"explain", &ReportFiles::explain},
    {"shap_values", &ReportFiles::shap_values},
    {"shap", &ReportFiles::shap_raster},
    {"dominant_feature", &ReportFiles::dominant_feature},
    {"accuracy", &ReportFiles::accuracy},
}};

fs::path ReportFiles::*member_of(const std::string& kind) {
    for (const auto& [name, member] : members) {
        if (kind == name) {
            return member;
        }
    }
    return nullptr;
}

} // namespace

std::vector<fs::path> files_of(const ReportFiles& files) {
    std::vector<fs::path> paths;
    for (const auto& [name, member] : members) {
        if (!(files.*member).empty()) {
            paths.push_back(files.*member);
        }
    }
    return paths;
}

ReportFiles sort_report_files(const std::vector<fs::path>& candidates, bool named) {
    const auto refuse = [](const fs::path& path, const std::string& problem) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = "--input",
                                      .problem = problem,
                                      .fix = "name the files of one experiment, each kind once"});
    };
    ReportFiles files;
    for (const fs::path& path : candidates) {
        std::error_code status;
        const bool is_file = fs::is_regular_file(path, status);
        if (!is_file && named) {
            refuse(path, "is not there, or no file");
        }
        const std::string kind = is_file ? file_kind(path) : std::string();
        fs::path ReportFiles::*const member = member_of(kind);
        if (member == nullptr) {
            if (named) {
                refuse(path, "is no file that a report shows");
            }
            continue;
        }
        if (!(files.*member).empty() && named) {
            refuse(path, "is the second of its kind (" + kind + "), beside " + (files.*member).string());
        }
        if ((files.*member).empty()) {
            files.*member = path; // of two, the one of the earlier stage
        }
    }
    return files;
}

std::vector<fs::path> outputs_in(const fs::path& folder) {
    std::vector<fs::path> paths;
    const Manifest manifest = Manifest::load(folder);
    for (const StageRecord& stage : manifest.stages()) {
        for (const FileRecord& output : stage.outputs) {
            std::error_code status;
            if (stage.complete && stage.stage != "report" && fs::exists(folder / output.path, status)) {
                paths.push_back(folder / output.path);
            }
        }
    }
    // Stages that were run by themselves are in no manifest: what has their default names.
    for (const char* name : {"stack.tif", "labels.tif", "samples.gpkg", "cv.json", "folds.gpkg", "model.lcm", "map.tif",
                             "probabilities.tif", "uncertainty.tif", "applicability.tif", "explain.json", "shap.csv",
                             "shap.gpkg", "shap.fgb", "shap.tif", "dominant_feature.tif", "accuracy.json"}) {
        std::error_code status;
        if (fs::exists(folder / name, status) && std::ranges::find(paths, folder / name) == paths.end()) {
            paths.push_back(folder / name);
        }
    }
    return paths;
}

} // namespace lcclass
