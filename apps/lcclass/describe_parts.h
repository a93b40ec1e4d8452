/// What `info` says of sample tables, folds and plans, and of JSON results.
/// Free functions; safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace lcclass::describe_parts {

using Json = nlohmann::ordered_json;

/// `text` as JSON, or as a JSON string where it is none.
Json parsed(const std::string& text);
/// A list of code, name and color.
Json legend_json(const ClassLegend& legend);
/// Adds to `json` what a recipe says: under `key` the features, name -> formula; beside it levels, masks, dates, gap
/// filling, components and fitted numbers, as far as it has them. What is no recipe is shown as it is.
void add_recipe(Json& json, const char* key, const std::string& text);

/// A sample table, the folds of `cv`, the points of `assess --plan` or SHAP values, as `kind` (file_kind.h) says.
/// Throws: Error(input).
Json describe_vector(const std::filesystem::path& path, const std::string& kind);
/// A manifest, or a result of `cv`, `explain` or `assess`, as `kind` (file_kind.h) says. Throws: Error(input).
Json describe_json(const std::filesystem::path& path, const std::string& kind);

/// Throws Error(input).
[[noreturn]] void refuse_unknown(const std::filesystem::path& path);

} // namespace lcclass::describe_parts
