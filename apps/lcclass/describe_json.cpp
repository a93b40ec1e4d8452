#include "describe_parts.h"

#include "manifest.h"
#include "stage_times.h"

#include "lcclass/core/atomic_output.h"

#include <utility>

namespace lcclass::describe_parts {

namespace fs = std::filesystem;

namespace {

Json describe_manifest(const std::string& text, const fs::path& path) {
    Json json = {{"file", path.string()}, {"kind", "manifest"}, {"stages", Json::object()}};
    for (const StageRecord& stage : parse_manifest(text, path.string())) {
        Json outputs = Json::array();
        for (const FileRecord& output : stage.outputs) {
            outputs.push_back(output.path);
        }
        json["stages"][stage.stage] = {{"complete", stage.complete},
                                       {"version", stage.version},
                                       {"command_line", stage.command_line},
                                       {"outputs", std::move(outputs)}};
    }
    return json;
}

Json describe_times(const std::string& text, const fs::path& path) {
    Json json = {{"file", path.string()}, {"kind", "times"}, {"stages", Json::object()}};
    for (const StageTime& time : parse_stage_times(text, path.string())) {
        json["stages"][time.stage] = {{"seconds", time.seconds}, {"cpu_seconds", time.cpu_seconds}};
        if (time.peak_memory_bytes) {
            json["stages"][time.stage]["peak_memory_bytes"] = *time.peak_memory_bytes;
        }
    }
    return json;
}

Json describe_cv(const Json& content, const fs::path& path) {
    Json json = {{"file", path.string()}, {"kind", "cv"}, {"schemes", Json::object()}};
    for (const auto& [name, scheme] : content.at("schemes").items()) {
        Json& entry = json["schemes"][name];
        entry["folds"] = scheme.contains("folds") ? scheme.at("folds").size() : 0;
        if (scheme.contains("mean") && scheme.at("mean").contains("test")) {
            for (const auto& [figure, value] : scheme.at("mean").at("test").items()) {
                if (!value.is_structured()) {
                    entry[figure] = value;
                }
            }
        }
    }
    if (content.contains("optimism")) {
        json["optimism"] = content.at("optimism");
    }
    return json;
}

Json sample_accuracy(const Json& content) {
    const Json& design = content.at("design");
    Json json = {{"design", design.at("kind")},
                 {"strata", design.at("strata")},
                 {"units", design.at("units")},
                 {"clusters", design.at("clusters")},
                 {"training_samples_checked", design.at("training_samples_checked")},
                 {"overall_accuracy", content.at("overall_accuracy")},
                 {"classes", Json::object()}};
    for (const auto& [name, figures] : content.at("per_class").items()) {
        const Json& area = figures.at("area");
        json["classes"][name] = {{"units", figures.at("units")},
                                 {"users_accuracy", figures.at("users_accuracy").at("estimate")},
                                 {"producers_accuracy", figures.at("producers_accuracy").at("estimate")},
                                 {"f1", figures.at("f1").at("estimate")},
                                 {"area_share", area.at("share").at("estimate")}};
        if (!area.at("hectares").is_null()) {
            json["classes"][name]["hectares"] = area.at("hectares").at("estimate");
        }
    }
    return json;
}

Json census_accuracy(const Json& content) {
    Json json;
    for (const char* key :
         {"pixels", "unmapped_pixels", "unreferenced_pixels", "overall_accuracy", "kappa", "f1_weighted", "f1_macro"}) {
        json[key] = content.at(key);
    }
    json["classes"] = Json::object();
    for (const auto& [name, figures] : content.at("per_class").items()) {
        for (const char* key : {"precision", "recall", "f1"}) {
            json["classes"][name][key] = figures.at(key);
        }
    }
    return json;
}

Json describe_accuracy(const Json& content, const fs::path& path) {
    const Json& mode = content.at("mode");
    if (mode != "sample" && mode != "census") {
        refuse_unknown(path);
    }
    Json json = {{"file", path.string()}, {"kind", "accuracy"}, {"mode", mode}};
    json.update(mode == "sample" ? sample_accuracy(content) : census_accuracy(content));
    return json;
}

} // namespace

Json describe_json(const fs::path& path, const std::string& kind) {
    constexpr std::uintmax_t largest = std::uintmax_t{256} << 20;
    const std::string text = read_file(path, largest);
    const Json content = Json::parse(text, nullptr, false);
    if (kind == "manifest") {
        return describe_manifest(text, path);
    }
    if (kind == "times") {
        return describe_times(text, path);
    }
    try {
        if (kind == "cv") {
            return describe_cv(content, path);
        }
        if (kind == "accuracy") {
            return describe_accuracy(content, path);
        }
        if (kind == "explained place") {
            return {{"file", path.string()},
                    {"kind", kind},
                    {"place", content.at("place")},
                    {"predicted", content.at("predicted")},
                    {"classes", content.at("classes")}};
        }
        return {{"file", path.string()}, {"kind", kind}, {"importance", content.at("importance")}};
    } catch (const Json::exception&) {
        refuse_unknown(path);
    }
}

} // namespace lcclass::describe_parts
