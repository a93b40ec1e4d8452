#include "scene_report.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

Json blocks_json(const std::vector<SceneShare::Block>& blocks) {
    Json json = Json::array();
    for (const SceneShare::Block& block : blocks) {
        json.push_back({{"window", {block.window.x, block.window.y, block.window.width, block.window.height}},
                        {"valid", block.valid},
                        {"share", static_cast<double>(block.valid) / static_cast<double>(block.window.n_pixels())}});
    }
    return json;
}

} // namespace

std::string scene_report_json(const SceneFeatures& features, const std::vector<SceneShare::Block>& blocks,
                              const SceneFilter& filter) {
    Json json;
    json["min_valid"] = filter.min_valid;
    json["scenes"] = Json::array();
    for (const SceneShare& scene : features.scenes) {
        const bool used = !scene.date || std::find(features.dropped.begin(), features.dropped.end(), *scene.date) ==
                                             features.dropped.end();
        json["scenes"].push_back({{"date", scene.date ? Json(to_string(*scene.date)) : Json()},
                                  {"pixels", scene.pixels},
                                  {"valid", scene.valid},
                                  {"share", scene.share()},
                                  {"used", used},
                                  {"blocks", blocks_json(scene.blocks)}});
    }
    json["stack"] = {{"blocks", blocks_json(blocks)}};
    return json.dump(2) + "\n";
}

} // namespace lcclass
