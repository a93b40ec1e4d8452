/// Sample tables as vector layers.
/// Each call is self-contained; safe from any thread.
#pragma once

#include "geo/fold_columns.h"
#include "geo/vector_writer.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/geo/sample_file.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace lcclass {

/// Throws Error(input) naming row and field.
SampleTable read_ogr_samples(const std::filesystem::path& path, const SampleFileOptions& options);

/// `extra` columns come after the features. Throws Error(output).
void write_ogr_samples(const std::filesystem::path& path, const SampleTable& samples,
                       const std::vector<ExtraColumn>& extra, bool overwrite, const LayerStyles& styles);

/// The fields class_code, polygon_id and group, which all our point layers begin with.
std::vector<VectorField> common_sample_fields();

/// Writes one point per row with the common fields; `fill` sets the other fields of row i.
void write_points(VectorWriter& writer, OGRLayerH layer, const SampleTable& samples,
                  const std::function<void(OGRFeatureH, std::size_t)>& fill);

} // namespace lcclass
