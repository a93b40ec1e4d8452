#include "training_pixels.h"

#include "lcclass/core/sha256.h"
#include "lcclass/geo/reference_file.h"

#include <nlohmann/json.hpp>

namespace lcclass {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

/// The table that `record` names, when a file of that name and content is beside the map or in the output folder.
fs::path find_samples(const std::string& record, const fs::path& map_path, Context& context) {
    const Json json = Json::parse(record, nullptr, false);
    if (!json.is_object() || !json.contains("name") || !json["name"].is_string()) {
        return {};
    }
    // A name alone: what a map says must not lead to other folders.
    const fs::path name = fs::path(json["name"].get<std::string>()).filename();
    std::vector<fs::path> folders = {map_path.parent_path()};
    if (!context.globals.output_dir.empty()) {
        folders.push_back(context.globals.output_dir);
    }
    for (const fs::path& folder : folders) {
        fs::path path = folder / name;
        std::error_code ignored;
        if (!fs::is_regular_file(path, ignored)) {
            continue;
        }
        if (json.contains("sha256") && json["sha256"] == sha256_of_file(path)) {
            return path;
        }
        context.warn(path.string() + " is not as it was when the map's model was trained");
    }
    return {};
}

TrainingPixels training_pixels_of(const fs::path& samples, const RasterFile& map, Context& context) {
    std::vector<std::int64_t> pixels = pixels_of_samples(samples, map.source->grid());
    if (pixels.empty()) {
        context.warn(samples.string() + " has no sample on the map: it cannot be what the map was trained on");
        return {};
    }
    return {.name = samples.filename().string(), .pixels = std::move(pixels)};
}

} // namespace

std::string training_samples_of(const Model& model) {
    const Json record = Json::parse(model.training_json, nullptr, false);
    return record.is_object() && record.contains("samples_file") ? record["samples_file"].dump() : std::string();
}

TrainingPixels recorded_training_pixels(const RasterFile& map, const fs::path& map_path, Context& context) {
    const auto record = map.metadata.find("LCCLASS_SAMPLES");
    const fs::path path = record == map.metadata.end() ? fs::path() : find_samples(record->second, map_path, context);
    return path.empty() ? TrainingPixels{} : training_pixels_of(path, map, context);
}

TrainingPixels find_training_pixels(const fs::path& samples, const RasterFile& map, const fs::path& map_path,
                                    Context& context) {
    if (!samples.empty()) {
        return training_pixels_of(samples, map, context);
    }
    TrainingPixels training = recorded_training_pixels(map, map_path, context);
    if (training.name.empty()) {
        context.warn("the samples that the map was trained on were not found, so nothing tells whether the reference "
                     "is independent of them: name them with --samples");
    }
    return training;
}

} // namespace lcclass
