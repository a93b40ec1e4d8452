#include "commands.h"

#include "command_line.h"
#include "config.h"
#include "files_check.h"
#include "manifest.h"
#include "plan.h"

#include "lcclass/core/error.h"
#include "lcclass/core/input_watch.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

bool is_stage(const std::string& command_name) {
    constexpr std::array<std::string_view, 3> beside = {"simulate", "run", "info"};
    return std::find(beside.begin(), beside.end(), command_name) == beside.end();
}

namespace {

class RunCommand final : public Command {
public:
    explicit RunCommand(CommandFactory make_commands) : m_make_commands(std::move(make_commands)) {}

    [[nodiscard]] std::string name() const override { return "run"; }
    [[nodiscard]] std::string summary() const override {
        return "the stages of a config, in order, as far as they are not up to date";
    }
    [[nodiscard]] std::string example() const override { return "lcclass run -c experiment.yml --dry-run"; }
    void add_options(CLI::App& app) override;
    void prepare(const GlobalOptions& globals) override;
    [[nodiscard]] std::vector<fs::path> inputs() const override { return {m_globals.config}; }
    [[nodiscard]] std::vector<fs::path> outputs() const override { return {}; }
    void run(Context& context) override;

private:
    [[nodiscard]] std::vector<Stage> stages(bool overwrite) const;
    std::vector<StageState> plan(const std::vector<Stage>& stages, const Manifest& manifest);
    void check_before_work(const std::vector<Stage>& stages, const Manifest& manifest) const;
    void run_stage(Stage& stage, const std::string& reason, Manifest& manifest, Context& context);

    CommandFactory m_make_commands;
    GlobalOptions m_globals;
    Config m_config;
    FileHasher m_hasher;
    std::string m_from;
    std::string m_to;
    bool m_dry_run = false;
};

void RunCommand::add_options(CLI::App& app) {
    app.add_option("--from", m_from, "first stage to look at; what is before it is taken as it is");
    app.add_option("--to", m_to, "last stage to look at");
    app.add_flag("--dry-run", m_dry_run, "show what would run and what it costs, and run nothing");
}

void RunCommand::prepare(const GlobalOptions& globals) {
    m_globals = globals;
    require_given(!globals.config.empty(), "--config", "-c FILE");
    m_config = load_config(globals.config);
    if (globals.output_dir.empty()) {
        throw Error(ExitCode::configuration, {.where = globals.config.string(),
                                              .field = "output_dir",
                                              .problem = "is missing",
                                              .fix = "add 'output_dir: FOLDER' at the top"});
    }
    static_cast<void>(stages(globals.overwrite)); // words and values of all stages, before any of them works
}

std::vector<Stage> RunCommand::stages(bool overwrite) const {
    GlobalOptions globals = m_globals;
    globals.overwrite = overwrite;
    return select_stages(make_stages(m_make_commands, m_config, globals), m_from, m_to);
}

std::vector<StageState> RunCommand::plan(const std::vector<Stage>& stages, const Manifest& manifest) {
    std::vector<StageState> states;
    std::set<fs::path> remade;
    for (const Stage& stage : stages) {
        states.push_back(state_of(stage, manifest, m_hasher, remade));
        if (!states.back().up_to_date) {
            for (const fs::path& output : stage.command->outputs()) {
                remade.insert(canonical_name(output));
            }
        }
    }
    return states;
}

/// Outputs of earlier runs may be replaced; files that nobody recorded may not, unless asked for.
void RunCommand::check_before_work(const std::vector<Stage>& stages, const Manifest& manifest) const {
    std::set<fs::path> claimed;
    for (const Stage& stage : stages) {
        check_outputs_are_apart(*stage.command);
        bool own = true;
        for (const fs::path& output : stage.command->outputs()) {
            std::error_code status;
            own = own && (manifest.owns(output) || !fs::exists(fs::symlink_status(output, status)));
            if (!claimed.insert(canonical_name(output)).second) {
                throw Error(ExitCode::command_line, {.where = output.string(),
                                                     .field = stage.command->name(),
                                                     .problem = "is also the output of an earlier stage",
                                                     .fix = "give one of them another name"});
            }
        }
        check_outputs_writable(*stage.command, m_globals.overwrite || own);
    }
}

void RunCommand::run(Context& context) {
    Manifest manifest = Manifest::load(m_globals.output_dir);
    {
        const std::vector<Stage> planned = stages(m_globals.overwrite);
        const std::vector<StageState> states = plan(planned, manifest);
        if (m_dry_run) {
            context.print(plan_table(planned, states));
            return;
        }
        make_output_dir(m_globals);
        check_before_work(planned, manifest);
    }
    // Each stage is looked at again when its turn comes: an earlier one may have made the same bytes as before.
    for (Stage& stage : stages(true)) {
        throw_if_stopped();
        const StageState state = state_of(stage, manifest, m_hasher, {});
        if (state.up_to_date) {
            context.inform(stage.command->name() + ": up to date, skipped");
        } else {
            run_stage(stage, state.reason, manifest, context);
        }
    }
}

void RunCommand::run_stage(Stage& stage, const std::string& reason, Manifest& manifest, Context& context) {
    context.inform(stage.command->name() + ": runs (" + reason + ")");
    StageRecord record = record_of(stage, m_hasher);
    // Outputs are claimed first, so that a run that is killed can be repeated.
    manifest.put(record);
    manifest.save();
    Context stage_context{.globals = stage.globals,
                          .progress = context.progress,
                          .print = context.print,
                          .inform = context.inform,
                          .warn = context.warn,
                          .options_json = record.options_json};
    {
        const InputWatch watch(stage.command->inputs(), stage.command->outputs());
        stage.command->run(stage_context);
    }
    record.outputs.clear();
    for (const fs::path& output : stage.command->outputs()) {
        record.outputs.push_back(m_hasher.record(output, m_globals.output_dir));
    }
    record.complete = true;
    manifest.put(std::move(record));
    manifest.save();
}

} // namespace

std::unique_ptr<Command> make_run_command(CommandFactory make_commands) {
    return std::make_unique<RunCommand>(std::move(make_commands));
}

} // namespace lcclass
