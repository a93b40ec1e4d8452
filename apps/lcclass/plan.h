/// What `run` is about to do: the stages that a config asks for, and which of them are up to date.
/// One thread.
#pragma once

#include "commands.h"
#include "config.h"
#include "manifest.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

/// One command with its options as the config has them, prepared.
struct Stage {
    std::unique_ptr<Command> command;
    std::unique_ptr<CLI::App> app; ///< writes into `command`
    GlobalOptions globals;

    Stage(std::unique_ptr<Command> new_command, GlobalOptions new_globals);
    Stage(Stage&&) noexcept;
    Stage& operator=(Stage&&) noexcept;
    ~Stage();
};

/// The stages that `config` has sections for, in pipeline order, prepared.
/// Throws: Error(configuration) when there are none; what the commands' `prepare` throws.
std::vector<Stage> make_stages(const CommandFactory& make_commands, const Config& config, const GlobalOptions& globals);

/// The range `from`..`to` of `stages` (empty: all). Throws: Error(command_line) for a name that is not among them.
std::vector<Stage> select_stages(std::vector<Stage> stages, const std::string& from, const std::string& to);

/// The record that `stage` would leave, without hashes of outputs. Throws: Error(input) for a missing input.
StageRecord record_of(const Stage& stage, FileHasher& hasher);

struct StageState {
    bool up_to_date = false;
    std::string reason; ///< why it has to run
};

/// Compares with what the manifest says, by content. `remade` holds the outputs of earlier stages that are to run.
/// Throws: Error(input) for an input that is not there and that no earlier stage makes.
StageState state_of(const Stage& stage, const Manifest& manifest, FileHasher& hasher,
                    const std::set<std::filesystem::path>& remade);

/// A path that is the same for all ways to write it.
std::filesystem::path canonical_name(const std::filesystem::path& path);

/// The table of `run --dry-run`.
std::string plan_table(const std::vector<Stage>& stages, const std::vector<StageState>& states);

} // namespace lcclass
