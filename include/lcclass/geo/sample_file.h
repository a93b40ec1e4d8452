/// Sample tables and folds as files: GeoPackage, FlatGeobuf or CSV, by extension.
/// Each call is self-contained; safe from any thread.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/geo/layer_styles.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// What to read from a table that `sample` did not write; empty fields take ours: `class_code`, every column that is
/// not one of ours, `polygon_id`, `group`. A table without `polygon_id` has one polygon per group; without
/// groups either, polygon_id is 0 (not known) and every row is a group. One without positions has x = y = 0 and an
/// empty crs_wkt. Polygons stand for their centroid.
struct SampleFileOptions {
    std::string layer;
    std::string class_field;
    std::vector<std::string> features;
    std::string group_field;
    std::string class_map;
    bool without_features = false; ///< positions and classes only, for folds
};

/// Throws: Error(input) naming file and field or row: missing columns (with the nearest), texts where numbers are
/// due, values that are not finite, classes below 1. Integer classes are codes, texts are numbered from 1 in sorted
/// order, a class map decides over both.
SampleTable read_samples(const std::filesystem::path& path, const SampleFileOptions& options = {});

/// One point layer `samples`: class_code, polygon_id, group, one real column per feature; legend and recipe in the
/// layer metadata (FlatGeobuf has none with this GDAL: they are the titles of the columns class_code and polygon_id).
/// The same table gives the same bytes. CSV: x,y,class_code,polygon_id,group,<features>, without legend, recipe, CRS.
/// Throws: Error(output), also for other extensions and for features named like one of our columns.
void write_samples(const std::filesystem::path& path, const SampleTable& samples, bool overwrite,
                   const LayerStyles& styles = {});

/// Throws Error(output) for extensions that `write_samples` does not take.
void check_samples_path(const std::filesystem::path& path);

/// Throws Error(output) for extensions that `write_folds` does not take.
void check_folds_path(const std::filesystem::path& path);

/// The folds of samples, and what the forests that did not see them say, as columns (`-` of a scheme as `_`):
/// `fold_<scheme>` per assignment; `<scheme>_predicted` (class code), `<scheme>_probability` (of that class) and
/// `<scheme>_right` (1 or 0) per prediction. `read_samples` takes none of them for a feature unless it is named.
/// No scheme may be twice in either.
struct FoldColumns {
    std::span<const FoldAssignment> assignments = {};
    std::span<const FoldPredictions> predictions = {};
};

/// The table of `write_samples` with these columns after the features; in a CSV too. Throws: as `write_samples`.
void write_samples(const std::filesystem::path& path, const SampleTable& samples, const FoldColumns& columns,
                   bool overwrite, const LayerStyles& styles = {});

/// GeoPackage with the layers
/// - `blocks`: polygon, fold, scheme;
/// - `excluded`, only when some fold leaves samples out of its training: one multipoint per fold that does, scheme,
///   fold, name of the fold, how many samples and groups are left out. Its points are these samples; in a scheme that
///   leaves out more than 2,000,000 over all folds, the mean position of each group's (n_points tells which);
/// - `samples`: point, class_code, polygon_id, group and the columns.
/// The same folds give the same bytes. Throws: Error(output).
void write_folds(const std::filesystem::path& path, const SampleTable& samples, const FoldColumns& columns,
                 bool overwrite, const LayerStyles& styles = {});

} // namespace lcclass
