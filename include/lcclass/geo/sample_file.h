/// Sample tables and folds as files: GeoPackage, FlatGeobuf or CSV, by extension.
/// Each call is self-contained; safe from any thread.
#pragma once

#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/sample_table.h"

#include <filesystem>
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
void write_samples(const std::filesystem::path& path, const SampleTable& samples, bool overwrite);

/// GeoPackage with layer `blocks` (polygon, fold, scheme) and layer `samples` (point, class_code, polygon_id, group,
/// one column `fold_<scheme>` per scheme, `-` as `_`). The same folds give the same bytes. Throws: Error(output).
void write_folds(const std::filesystem::path& path, const SampleTable& samples,
                 const std::vector<FoldAssignment>& assignments, bool overwrite);

} // namespace lcclass
