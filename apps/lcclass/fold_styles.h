/// How QGIS shows folds and what was predicted in them.
/// Pure function; safe from any thread.
#pragma once

#include "lcclass/geo/layer_styles.h"
#include "lcclass/geo/sample_file.h"

namespace lcclass {

/// Styles of the layers of `write_folds`: blocks and excluded samples by fold; samples by whether they were predicted
/// right, or without predictions by fold. Of several schemes samples show `spatial-block`, or else the first that keeps
/// polygons whole.
LayerStyles fold_layer_styles(const FoldColumns& columns);

} // namespace lcclass
