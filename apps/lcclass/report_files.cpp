#include "report_files.h"

#include "file_kind.h"
#include "manifest.h"

#include "lcclass/core/error.h"

#include <array>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

/// The kinds that a report shows, as `file_kind` names them.
constexpr std::array<std::pair<const char*, fs::path ReportFiles::*>, 14> members = {{
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
    {"accuracy", &ReportFiles::accuracy},
}};

fs::path ReportFiles::*member_of(const std::string& kind) {
    for (const auto& [name, member] : members) {
        if (kind == name) {
            return member;
        }
    }
    return kind == "dominant_feature" ? &ReportFiles::dominant_feature : nullptr;
}

} // namespace

ReportFiles sort_report_files(const std::vector<fs::path>& candidates) {
    ReportFiles files;
    for (const fs::path& path : candidates) {
        std::error_code status;
        if (!fs::is_regular_file(path, status)) {
            continue;
        }
        const std::string kind = file_kind(path);
        fs::path ReportFiles::*const member = member_of(kind);
        if (member == nullptr) {
            continue;
        }
        if (!(files.*member).empty()) {
            throw Error(ExitCode::input, {.where = path.string(),
                                          .field = "kind=" + kind,
                                          .problem = "is the second of its kind, beside " + (files.*member).string(),
                                          .fix = "name the files of one experiment with --input"});
        }
        files.*member = path;
    }
    return files;
}

std::vector<fs::path> outputs_in(const fs::path& folder) {
    std::vector<fs::path> paths;
    const Manifest manifest = Manifest::load(folder);
    for (const StageRecord& stage : manifest.stages()) {
        for (const FileRecord& output : stage.outputs) {
            if (stage.complete && stage.stage != "report") {
                paths.push_back(folder / output.path);
            }
        }
    }
    if (!manifest.stages().empty()) {
        return paths;
    }
    // Stages that were run one by one leave no manifest: their default names.
    for (const char* name : {"stack.tif", "labels.tif", "samples.gpkg", "cv.json", "folds.gpkg", "model.lcm", "map.tif",
                             "probabilities.tif", "uncertainty.tif", "applicability.tif", "explain.json", "shap.csv",
                             "shap.gpkg", "shap.fgb", "shap.tif", "dominant_feature.tif", "accuracy.json"}) {
        std::error_code status;
        if (fs::exists(folder / name, status)) {
            paths.push_back(folder / name);
        }
    }
    return paths;
}

} // namespace lcclass
