#include "lcclass/geo/sample_file.h"

#include "geo/fold_columns.h"
#include "geo/sample_file_csv.h"
#include "geo/sample_file_ogr.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace lcclass {

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/// Feature names become columns, which must differ from ours and, in GeoPackages, by more than case.
void require_free_names(const std::filesystem::path& path, const SampleTable& samples) {
    std::set<std::string> taken = {"x", "y", "class_code", "polygon_id", "group", "fid", "geom"};
    for (const std::string& name : samples.feature_names) {
        if (name.empty() || is_fold_column(lower(name)) || !taken.insert(lower(name)).second) {
            throw Error(ExitCode::output, {.where = path.string(),
                                           .field = "feature=" + name,
                                           .problem = "cannot be a column: the name is taken",
                                           .fix = "give the feature another name"});
        }
    }
}

} // namespace

SampleTable read_samples(const std::filesystem::path& path, const SampleFileOptions& options) {
    return lower(path.extension().string()) == ".csv" ? read_csv_samples(path, options)
                                                      : read_ogr_samples(path, options);
}

void check_samples_path(const std::filesystem::path& path) {
    const std::string extension = path.extension().string();
    if (extension != ".gpkg" && extension != ".fgb" && extension != ".csv") {
        throw Error(ExitCode::output, {.where = path.string(),
                                       .field = "extension=" + extension,
                                       .problem = "samples are not written in this format",
                                       .fix = "end the name in .gpkg, .fgb or .csv"});
    }
}

void write_samples(const std::filesystem::path& path, const SampleTable& samples, bool overwrite,
                   const LayerStyles& styles) {
    write_samples(path, samples, FoldColumns{}, overwrite, styles);
}

void write_samples(const std::filesystem::path& path, const SampleTable& samples, const FoldColumns& columns,
                   bool overwrite, const LayerStyles& styles) {
    require_free_names(path, samples);
    const std::vector<ExtraColumn> extra = extra_columns(samples, columns);
    check_samples_path(path);
    if (path.extension() == ".csv") {
        write_csv_samples(path, samples, extra, overwrite);
    } else {
        write_ogr_samples(path, samples, extra, overwrite, styles);
    }
}

} // namespace lcclass
