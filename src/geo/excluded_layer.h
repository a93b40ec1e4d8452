/// The samples that folds leave out of their training, as a layer.
#pragma once

#include "geo/vector_writer.h"
#include "lcclass/core/fold_assignment.h"
#include "lcclass/core/sample_table.h"

#include <span>

namespace lcclass {

/// Layer `excluded` as `write_folds` describes it; nothing when no fold leaves samples out. Throws Error(output).
void write_excluded(VectorWriter& writer, const SampleTable& samples, std::span<const FoldAssignment> assignments);

} // namespace lcclass
