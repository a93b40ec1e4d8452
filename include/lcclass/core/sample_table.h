/// Labelled pixels as columns: features, class, polygon, group and position; what sample makes and cv, train and
/// explain read.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"
#include "lcclass/core/pixel_block.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

struct SampleTable {
    std::vector<std::string> feature_names;
    std::vector<std::vector<float>> features; ///< one column per feature, each of size() values, all finite
    std::vector<std::int32_t> class_code;
    std::vector<std::int32_t> polygon_id; ///< 1..n; the polygon a sample was burned from, 0: not known
    std::vector<std::int32_t> group;      ///< index into group_names: what must not straddle folds
    std::vector<std::string> group_names;
    std::vector<double> x; ///< pixel centre, CRS units
    std::vector<double> y;
    std::string crs_wkt;
    ClassLegend legend;      ///< holds at least every class_code
    std::string recipe_json; ///< FeatureRecipe of the stack; empty for tables that were not made by `sample`

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(class_code.size()); }
    [[nodiscard]] int n_features() const { return static_cast<int>(feature_names.size()); }
};

FeatureView view_of(const SampleTable& samples);

/// False when no polygon is known and every sample is a group of its own. Requires: a name for every group.
bool knows_groups(const SampleTable& samples);

/// The rows of `samples` in the order given; names, legend and recipe are kept.
SampleTable select_rows(const SampleTable& samples, const std::vector<std::int64_t>& rows);

/// What is said of a class that is looked for in vain.
struct UnknownClass {
    std::string problem = "is not in the legend";
    std::string fix = "add the class to the class map or drop its samples";
};

/// Position of every sample's class, given by `codes`, among the classes `known`, ascending. Throws Error(input) naming
/// row and code of the first that is not among them, in the words of `unknown`.
std::vector<std::int32_t> class_positions(std::span<const std::int32_t> codes, std::span<const std::int32_t> known,
                                          const UnknownClass& unknown = {});
/// The same in `legend`.
std::vector<std::int32_t> class_positions(std::span<const std::int32_t> codes, const ClassLegend& legend,
                                          const UnknownClass& unknown = {});

/// Throws Error(input) naming `where`, row and feature when the table is not what SampleTable promises: columns of
/// unequal length, a value that is not finite, a class outside the legend, a group without a name.
void check_samples(const SampleTable& samples, const std::string& where);

} // namespace lcclass
