/// What every subcommand is: options, the files it reads and writes, and the work.
/// A command belongs to one thread; its work may use all.
#pragma once

#include "lcclass/core/progress.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

/// Options that hold for all commands.
struct GlobalOptions {
    std::filesystem::path config;
    std::filesystem::path output_dir; ///< gives stages their default file names; empty: none
    int threads = 0;                  ///< 0: all the process may use
    std::int64_t memory_bytes = 0;    ///< 0: half of what the process may use
    std::uint64_t seed = 42;
    bool quiet = false;
    bool verbose = false;
    bool overwrite = false;
    std::filesystem::path log_file; ///< plain lines; empty: none
    std::filesystem::path json_log; ///< JSON objects; empty: none
};

/// What a command run costs, for `run --dry-run`.
struct Estimate {
    std::int64_t memory_bytes = 0;
    std::int64_t disk_bytes = 0;
    double seconds = 0;
};

/// How far a run of several stages is.
struct StageNote {
    enum class Event { begins, ends, is_up_to_date };
    Event event = Event::begins;
    std::string stage;
    std::string text; ///< why it runs, or what it did
    double seconds = 0;
};

/// What a command gets to work with besides its options.
struct Context {
    const GlobalOptions& globals;
    Progress& progress;
    /// Prints one line of result text on stdout.
    std::function<void(const std::string&)> print;
    /// Logs one line to stderr (left out with --quiet).
    std::function<void(const std::string&)> inform;
    /// Logs one warning line to stderr.
    std::function<void(const std::string&)> warn;
    /// The command's options as they stand after merging command line, config and defaults: one JSON object, for
    /// the provenance of what is written.
    std::string options_json = "{}";
    /// The command says in some words what it did, for the line that tells how long it took: `6 features,
    /// 1,098 x 1,098 px`.
    std::string summary = {};
    /// Tells of the stages of a `run`.
    std::function<void(const StageNote&)> note_stage = [](const StageNote&) {};
};

/// What stages before this one in a plan will have made; each stage's estimate adds its own.
struct PlanFacts {
    std::int64_t pixels = 0; ///< of the stack
    int n_features = 0;
    std::int64_t samples = 0;
    int n_trees = 0;
    int n_classes = 8; ///< of the legend; that of LUCAS until it is known
};

class Command {
public:
    virtual ~Command() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    /// One line for `lcclass --help`.
    [[nodiscard]] virtual std::string summary() const = 0;
    /// A command line that works, for the top of `lcclass COMMAND --help`.
    [[nodiscard]] virtual std::string example() const = 0;
    /// Declares the options; they write into members of the command. Their long names, in snake_case, are also the
    /// keys of the command's section in a config file.
    virtual void add_options(CLI::App& app) = 0;
    /// Told by `run`, before `prepare`: a stage of the same run that comes before this one, prepared.
    virtual void follow(const Command& /*earlier*/) {}
    /// After parsing: fills in default file names from `output_dir`, parses words, checks values.
    /// Throws: Error(command_line) or Error(configuration).
    virtual void prepare(const GlobalOptions& globals) = 0;
    /// Files and folders read and files written, as they stand after `prepare`: what `run` hashes, and what is
    /// checked for outputs that are also inputs.
    [[nodiscard]] virtual std::vector<std::filesystem::path> inputs() const = 0;
    [[nodiscard]] virtual std::vector<std::filesystem::path> outputs() const = 0;
    /// True for an output that people go on working on, such as points to be labelled: it stays up to date whatever is
    /// in it.
    [[nodiscard]] virtual bool is_worked_on(const std::filesystem::path& /*output*/) const { return false; }
    /// Nothing when it cannot be known before the inputs exist.
    [[nodiscard]] virtual std::optional<Estimate> estimate(PlanFacts& /*facts*/) const { return std::nullopt; }
    virtual void run(Context& context) = 0;
};

/// One new object of every command, in the order of the pipeline.
std::vector<std::unique_ptr<Command>> make_commands();

} // namespace lcclass
