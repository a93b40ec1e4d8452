/// The features of a model, from a stack or made again from a scene by the model's own recipe: shared by `predict` and
/// `explain`.
/// Free functions; one thread calls, reading uses all.
#pragma once

#include "command.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/forest/model.h"
#include "scene_options.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace lcclass {

struct ModelScene {
    SceneArguments arguments;
    std::optional<double> min_valid; ///< nothing: as the recipe says
};

/// The model's features in the model's order. Throws: Error(command_line) for a stack with options for raw bands;
/// Error(model) naming what a stack or scene lacks or how it differs from the training; Error(input) for what cannot be
/// read.
std::shared_ptr<const RasterSource> open_model_features(const Model& model, const std::filesystem::path& model_path,
                                                        const ModelScene& scene, Context& context);

} // namespace lcclass
