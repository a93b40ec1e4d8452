#include "plan.h"

#include "command_line.h"
#include "console.h"
#include "parser.h"
#include "resources.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

Stage::Stage(std::unique_ptr<Command> new_command, GlobalOptions new_globals)
    : command(std::move(new_command)), app(make_app(*command)), globals(std::move(new_globals)) {}
Stage::Stage(Stage&&) noexcept = default;
Stage& Stage::operator=(Stage&&) noexcept = default;
Stage::~Stage() = default;

fs::path canonical_name(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

std::vector<Stage> make_stages(const CommandFactory& make_commands, const Config& config,
                               const GlobalOptions& globals) {
    std::vector<Stage> stages;
    for (auto& command : make_commands()) {
        if (is_stage(command->name()) && config.root.find(command->name()) != nullptr) {
            stages.emplace_back(std::move(command), globals);
            apply_section(config, *stages.back().app);
            for (std::size_t i = 0; i + 1 < stages.size(); ++i) {
                stages.back().command->follow(*stages[i].command);
            }
            stages.back().command->prepare(globals);
        }
    }
    if (stages.empty()) {
        throw Error(ExitCode::configuration, {.where = config.file.string(),
                                              .field = {},
                                              .problem = "has no section of a pipeline command",
                                              .fix = "add one, such as 'stack:'"});
    }
    return stages;
}

namespace {

std::size_t position_of(const std::vector<Stage>& stages, const std::string& name, const std::string& option) {
    std::vector<std::string> known;
    for (const Stage& stage : stages) {
        known.push_back(stage.command->name());
    }
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = option + "=" + name,
                                             .problem = "is no stage of this config" + did_you_mean(name, known),
                                             .fix = "one of " + join(known, ", ")});
    }
    return static_cast<std::size_t>(found - known.begin());
}

/// The first option, input or output by which `now` differs from what was recorded, or an empty text.
std::string difference(const StageRecord& then, const StageRecord& now) {
    if (then.version != now.version) {
        return "made by lcclass " + then.version;
    }
    const auto before = nlohmann::ordered_json::parse(then.options_json, nullptr, false);
    const auto after = nlohmann::ordered_json::parse(now.options_json, nullptr, false);
    for (const auto& [key, value] : after.items()) {
        if (!before.is_object() || !before.contains(key) || before.at(key) != value) {
            return "option " + key + " changed";
        }
    }
    if (then.seed != now.seed) {
        return "seed changed";
    }
    for (const FileRecord& input : now.inputs) {
        if (std::find(then.inputs.begin(), then.inputs.end(), input) == then.inputs.end()) {
            return input.path + " changed";
        }
    }
    return then.key() == now.key() ? "" : "inputs changed";
}

std::string output_difference(const StageRecord& record, const Stage& stage, FileHasher& hasher) {
    const auto outputs = stage.command->outputs();
    if (outputs.size() != record.outputs.size()) {
        return "outputs changed";
    }
    for (const fs::path& output : outputs) {
        const std::string name = portable_path(output, stage.globals.output_dir);
        if (output.extension() == ".qml" || output.extension() == ".xml") {
            continue; // styles are the user's to change or remove, side files GIS programs' to add statistics to
        }
        std::error_code status;
        if (!fs::exists(output, status)) {
            return name + " is missing";
        }
        if (stage.command->is_worked_on(output)) {
            continue;
        }
        const FileRecord now = hasher.record(output, stage.globals.output_dir);
        if (std::find(record.outputs.begin(), record.outputs.end(), now) == record.outputs.end()) {
            return name + " was changed by something else";
        }
    }
    return {};
}

void require_input(const fs::path& input, const std::string& stage) {
    std::error_code status;
    if (!fs::exists(input, status)) {
        throw Error(ExitCode::input, {.where = input.string(),
                                      .field = stage,
                                      .problem = "does not exist",
                                      .fix = "check the path, or run the stage that makes it first"});
    }
}

std::string names_of(const std::vector<fs::path>& paths) {
    std::vector<std::string> names;
    for (const fs::path& path : paths) {
        names.push_back(escape_control(path.string()));
    }
    return names.empty() ? "-" : join(names, ", ");
}

std::optional<Estimate> estimate_of(const Stage& stage, PlanFacts& facts) {
    try {
        return stage.command->estimate(facts);
    } catch (const Error&) {
        return std::nullopt; // inputs that are not there yet
    }
}

std::string row(const std::string& name, const std::string& memory, const std::string& disk, const std::string& time,
                const std::string& state) {
    std::array<char, 128> text{};
    std::snprintf(text.data(), text.size(), "%-10s %10s %10s %9s  ", name.c_str(), memory.c_str(), disk.c_str(),
                  time.c_str());
    std::string line = text.data() + state;
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

} // namespace

std::vector<Stage> select_stages(std::vector<Stage> stages, const std::string& from, const std::string& to) {
    const std::size_t first = from.empty() ? 0 : position_of(stages, from, "--from");
    const std::size_t last = to.empty() ? stages.size() - 1 : position_of(stages, to, "--to");
    if (first > last) {
        throw Error(ExitCode::command_line,
                    {.where = {}, .field = "--from=" + from, .problem = "comes after --to=" + to, .fix = "swap them"});
    }
    std::vector<Stage> selected;
    for (std::size_t i = first; i <= last; ++i) {
        selected.push_back(std::move(stages[i]));
    }
    return selected;
}

StageRecord record_of(const Stage& stage, FileHasher& hasher) {
    const fs::path& folder = stage.globals.output_dir;
    StageRecord record{.stage = stage.command->name(),
                       .version = LCCLASS_VERSION,
                       .command_line = equivalent_command_line(*stage.app, folder) + " --output-dir . --seed " +
                                       std::to_string(stage.globals.seed),
                       .options_json = resolved_options_json(*stage.app, folder),
                       .seed = stage.globals.seed,
                       .complete = false,
                       .inputs = {},
                       .outputs = {}};
    for (const fs::path& input : stage.command->inputs()) {
        record.inputs.push_back(hasher.record(input, folder));
    }
    for (const fs::path& output : stage.command->outputs()) {
        record.outputs.push_back({.path = portable_path(output, folder), .sha256 = {}, .bytes = 0});
    }
    return record;
}

StageState state_of(const Stage& stage, const Manifest& manifest, FileHasher& hasher,
                    const std::set<fs::path>& remade) {
    const StageRecord* recorded = manifest.find(stage.command->name());
    std::string made_anew;
    for (const fs::path& input : stage.command->inputs()) {
        if (remade.contains(canonical_name(input))) {
            made_anew = portable_path(input, stage.globals.output_dir);
        } else {
            require_input(input, stage.command->name());
        }
    }
    if (!made_anew.empty()) {
        return {false, made_anew + " is made anew"};
    }
    const StageRecord now = record_of(stage, hasher);
    if (recorded == nullptr) {
        return {false, "never run"};
    }
    if (!recorded->complete) {
        return {false, "was interrupted"};
    }
    std::string reason = difference(*recorded, now);
    if (reason.empty()) {
        reason = output_difference(*recorded, stage, hasher);
    }
    return {reason.empty(), reason};
}

std::string plan_table(const std::vector<Stage>& stages, const std::vector<StageState>& states) {
    std::string table = row("stage", "memory", "disk", "time", "state");
    Estimate total;
    PlanFacts facts;
    bool all_known = true;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const Stage& stage = stages[i];
        auto estimate = estimate_of(stage, facts); // also of stages that are skipped: later ones build on the facts
        if (states[i].up_to_date) {
            estimate.reset();
        }
        const std::string state = states[i].up_to_date ? "up to date" : "will run: " + states[i].reason;
        if (estimate) {
            total.memory_bytes = std::max(total.memory_bytes, estimate->memory_bytes);
            total.disk_bytes += estimate->disk_bytes;
            total.seconds += estimate->seconds;
            table += row(stage.command->name(), describe_bytes(estimate->memory_bytes),
                         describe_bytes(estimate->disk_bytes), describe_seconds(estimate->seconds), state);
        } else {
            all_known = all_known && states[i].up_to_date;
            table += row(stage.command->name(), "-", "-", "-", state);
        }
        table += "             in:  " + names_of(stage.command->inputs()) + "\n";
        table += "             out: " + names_of(stage.command->outputs()) + "\n";
    }
    return table + row("total", describe_bytes(total.memory_bytes), describe_bytes(total.disk_bytes),
                       describe_seconds(total.seconds), all_known ? "" : "without the stages marked '-'");
}

} // namespace lcclass
