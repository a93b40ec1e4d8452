/// The report of an experiment as a document, from its files.
/// One thread; reading rasters uses all.
#pragma once

#include "report_files.h"

#include "lcclass/core/progress.h"
#include "lcclass/report/document.h"

#include <filesystem>
#include <string>

namespace lcclass {

struct ReportOptions {
    std::string title;
    std::filesystem::path output_dir; ///< that has manifest.json and times.json; empty: no provenance
    std::filesystem::path config;     ///< shown as it is; empty: none
    bool times = true;                ///< how long stages took, which differs from run to run
};

/// Throws: Error(input) for files that cannot be read.
report::Document report_document(const ReportFiles& files, const ReportOptions& options, Progress& progress);

} // namespace lcclass
