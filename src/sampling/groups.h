/// The groups (polygons, unless the table has a group field) that a sample table holds, numbered 0..n-1.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/sample_table.h"

#include <cstdint>
#include <vector>

namespace lcclass::sampling {

struct GroupTable {
    int n_groups = 0;
    int n_classes = 0;                   ///< of the legend
    std::vector<std::int32_t> of_sample; ///< per sample, its group
    std::vector<std::int64_t> n_samples; ///< [group * n_classes + position of the class in the legend]

    [[nodiscard]] std::int64_t count(int group, int class_index) const {
        return n_samples[static_cast<std::size_t>(group) * static_cast<std::size_t>(n_classes) +
                         static_cast<std::size_t>(class_index)];
    }
    /// The class of most of the group's samples, the lowest code on ties.
    [[nodiscard]] int main_class(int group) const;
    /// How many groups hold a sample of the class.
    [[nodiscard]] std::int64_t groups_with(int class_index) const;
};

/// Groups keep the order of their numbers in the table; groups without a sample are left out.
GroupTable group_table(const SampleTable& samples);

} // namespace lcclass::sampling
