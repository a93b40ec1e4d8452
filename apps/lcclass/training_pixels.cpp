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
    const RecordedSamples recorded = recorded_samples(record);
    for (const fs::path& path : files_of(recorded, map_path, context.globals)) {
        if (sha256_of_file(path) == recorded.sha256) {
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

RecordedSamples recorded_samples(const std::string& record) {
    const Json json = Json::parse(record, nullptr, false);
    const auto text = [&](const char* key) {
        return json.is_object() && json.contains(key) && json[key].is_string() ? json[key].get<std::string>()
                                                                               : std::string();
    };
    return {.name = fs::path(text("name")).filename().string(), .sha256 = text("sha256")};
}

std::vector<fs::path> files_of(const RecordedSamples& recorded, const fs::path& file, const GlobalOptions& globals) {
    std::vector<fs::path> folders = {file.parent_path()};
    if (!globals.output_dir.empty()) {
        folders.push_back(globals.output_dir);
    }
    std::vector<fs::path> files;
    for (const fs::path& folder : folders) {
        std::error_code ignored;
        if (!recorded.name.empty() && fs::is_regular_file(folder / recorded.name, ignored)) {
            files.push_back(folder / recorded.name);
        }
    }
    return files;
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
