/// One tree grown by all threads: for forests of fewer trees than keep them busy.
#pragma once

#include "forest/tree_grower.h"

#include <tbb/enumerable_thread_specific.h>

#include <memory>

namespace lcclass {

/// A grower for every thread.
using TreeGrowers = tbb::enumerable_thread_specific<std::unique_ptr<TreeGrower>>;

/// The same tree as TreeGrower::grow, whatever the number of threads.
GrownTree grow_in_parts(const GrowthPlan& plan, int tree, TreeGrowers& growers);

} // namespace lcclass
