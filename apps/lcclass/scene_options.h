/// The options that say which bands to read and how: shared by `stack` and `predict`.
/// Belongs to one thread.
#pragma once

#include "lcclass/geo/scene.h"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

/// What the command line says, before it is checked.
struct SceneArguments {
    std::vector<std::string> inputs;
    std::string radiometry;      ///< empty: not stated
    std::string resampling;      ///< empty: not stated; a word, `NAME=word`, or several of them with commas
    std::string extent = "same"; ///< or `intersection`
    bool reproject = false;
    std::string granule;
    std::string level; ///< empty: not stated
    bool allow_vrt = false;
    std::int64_t min_valid_dn = SceneOptions().min_valid_dn;
    std::vector<std::string> rename;
    double resolution = 0; ///< 0: not stated
    std::vector<double> bounds;
    std::filesystem::path like;
};

/// `--input`, `--allow-vrt`, `--granule`, `--level`, `--rename`, `--radiometry`, `--min-valid-dn`, `--resampling`,
/// `--extent`,
/// `--reproject`; `when_unstated` tells in the help what holds
/// for radiometry and resampling that are not given.
void add_scene_options(CLI::App& app, SceneArguments& arguments, const std::string& when_unstated);
/// `--bounds`, `--like`.
void add_extent_options(CLI::App& app, SceneArguments& arguments);

/// Is any option given that raw bands need, and a stack does not?
bool says_how_to_read_bands(const SceneArguments& arguments);

/// Throws Error(command_line) for words and numbers that cannot be.
SceneOptions to_scene_options(const SceneArguments& arguments);

/// The files and folders behind the inputs, without `NAME=` and `:BAND`.
std::vector<std::filesystem::path> input_paths(const std::vector<std::string>& inputs);

} // namespace lcclass
