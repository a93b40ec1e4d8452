/// Forests that are parts of one grown forest: its first trees, cut at a depth. What tuning reads off a single fit.
/// Immutable; every const function may be called from several threads at once.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/forest/random_forest.h"

#include <memory>
#include <utility>
#include <vector>

namespace lcclass {

/// Training rows with their features coded once, for any number of families grown from them.
/// Keeps views of what it was made from: those must outlive it.
class CodedTrainingSet {
public:
    /// Throws: as `train_random_forest` for rows it would refuse.
    CodedTrainingSet(const TrainingSet& data, int max_bins);

    struct Rows;
    [[nodiscard]] const Rows& rows() const { return *m_rows; }

private:
    std::shared_ptr<const Rows> m_rows;
};

class ForestFamily {
public:
    [[nodiscard]] int n_trees() const;
    /// Nodes on the longest way from a root to a leaf, less one, of the trees as they were grown.
    [[nodiscard]] int depth() const;

    /// Trees first, ..., first + n - 1 cut at `max_depth` (0: as grown). Equal to those trees of the forest that
    /// `train_random_forest` grows with that max_depth and the other options of the family.
    /// Requires: those trees exist; max_depth is 0, one of the family's cut depths, or no less than depth().
    [[nodiscard]] RandomForest cut(int first, int n, int max_depth) const;

private:
    friend ForestFamily grow_family(const CodedTrainingSet& data, const RandomForestOptions& options,
                                    const std::vector<int>& cut_depths, Progress& progress);
    struct Parts;
    explicit ForestFamily(std::shared_ptr<const Parts> parts) : m_parts(std::move(parts)) {}

    std::shared_ptr<const Parts> m_parts;
};

/// Grows the forest of `options` on all threads and remembers what the nodes at `cut_depths` (each >= 1) would predict
/// as leaves. `options.max_bins` and `oob_score` are not used. Throws: as `train_random_forest`.
ForestFamily grow_family(const CodedTrainingSet& data, const RandomForestOptions& options,
                         const std::vector<int>& cut_depths, Progress& progress);

} // namespace lcclass
