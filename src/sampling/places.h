/// Points in the plane that stand for samples when distances are measured.
/// Values; const access is safe from any thread.
#pragma once

#include "lcclass/core/point_set.h"
#include "lcclass/core/sample_table.h"
#include "sampling/groups.h"

#include <cstdint>
#include <vector>

namespace lcclass::sampling {

struct Places {
    PointSet points;
    std::vector<std::int32_t> of_sample; ///< per sample, its point
};

/// One point per group: the mean of its samples.
Places group_places(const SampleTable& samples, const GroupTable& groups);

/// One point per sample.
Places sample_places(const SampleTable& samples);

/// Throws Error(input) for a sample without position, and when all samples are at the same place; `use` completes
/// "which ... needs".
void require_positions(const SampleTable& samples, const std::string& use);

} // namespace lcclass::sampling
