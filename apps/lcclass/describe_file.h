/// What is in one of our files, found out by content and told as JSON.
/// Self-contained calls; safe from any thread.
#pragma once

#include <filesystem>
#include <string>

namespace lcclass {

/// A JSON object: `file`, `kind` (stack, labels, map, probabilities, uncertainty, raster, scene, samples, folds, plan,
/// model, cv, explain, accuracy, manifest) and what that kind has. Nothing of size is read but sample tables and
/// models. Throws: Error(input) for files of no known kind; Error(model) for broken models.
std::string describe_file_json(const std::filesystem::path& path);

/// The same as indented lines for people.
std::string describe_file_text(const std::string& json);

} // namespace lcclass
