/// The pieces of a fit on one fold that cross-validation and the learning curve share.
/// Free functions and values; const access is safe from any thread.
#pragma once

#include "lcclass/assess/cross_validation.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace lcclass {

/// One piece of work out of the forests of all folds: their trees count, their beginnings and ends do not.
class AllFoldsProgress final : public Progress {
public:
    explicit AllFoldsProgress(Progress& inner) : m_inner(inner) {}

    void begin(std::string_view /*what*/, std::int64_t /*total*/) override {}
    void advance(std::int64_t units) override { m_inner.advance(units); }
    void end() override {}

private:
    Progress& m_inner;
};

/// Number of different values. Requires: values in [0, n_values).
std::int64_t count_distinct(const std::vector<std::int32_t>& values, std::size_t n_values);

/// The classes that occur, in the order of the legend.
std::vector<ClassCount> count_classes(const SampleTable& samples);

/// Positions in `classes`, as core's of that name.
std::vector<std::int32_t> class_positions(const std::vector<std::int32_t>& codes,
                                          const std::vector<ClassCount>& classes);

/// Throws Error(input) when there are fewer than two classes to tell apart.
void check_classes(const std::vector<ClassCount>& classes, const ClassLegend& legend);

/// The samples of one side of a fold, as a forest takes them.
struct FoldPart {
    SampleTable table;
    std::vector<std::int32_t> class_index; ///< positions in `classes`
    std::int64_t n_polygons = 0;           ///< groups
};

FoldPart make_part(const SampleTable& samples, const std::vector<ClassCount>& classes,
                   const std::vector<std::int64_t>& rows);

/// Those of the forest of one fold: its own seed, nothing out of bag.
RandomForestOptions options_of_fold(const RandomForestOptions& options, int fold);

/// `predicted`: positions in `classes`, per row of `part`.
ConfusionMatrix matrix_of(const FoldPart& part, const std::vector<std::int32_t>& predicted, std::size_t n_classes);

/// Sums of leaf probabilities, `n_classes` per row.
std::vector<std::uint32_t> predict_sums(const RandomForest& forest, const SampleTable& table);

/// Position of the largest sum of every row, the lowest on ties.
std::vector<std::int32_t> most_probable(const std::vector<std::uint32_t>& sums, std::size_t n_classes);

} // namespace lcclass
