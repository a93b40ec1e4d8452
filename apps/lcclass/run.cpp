#include "commands.h"

#include "command_line.h"
#include "config.h"
#include "console.h"
#include "files_check.h"
#include "manifest.h"
#include "plan.h"
#include "stage_times.h"

#include "lcclass/core/error.h"
#include "lcclass/core/input_watch.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

bool is_stage(const std::string& command_name) {
    constexpr std::array<std::string_view, 4> beside = {"simulate", "run", "info", "manual"};
    return std::find(beside.begin(), beside.end(), command_name) == beside.end();
}

namespace {

/// One line of the table that ends a run.
struct StageRow {
    std::string stage;
    std::optional<double> seconds; ///< nothing: it was up to date
    std::string outputs;
};

/// Names as seen from the output folder.
std::string outputs_of(const Stage& stage) {
    std::vector<std::string> names;
    for (const fs::path& output : stage.command->outputs()) {
        if (output.extension() == ".qml" || output.extension() == ".xml") {
            continue; // which go with the rasters
        }
        names.push_back(escape_control(portable_path(output, stage.globals.output_dir)));
    }
    return join(names, ", ");
}

std::vector<std::string> closing_lines(const std::vector<StageRow>& rows, double seconds, const fs::path& folder) {
    constexpr std::size_t time_width = 10;
    constexpr std::size_t outputs_width = 48; // the whole fits 80 columns
    std::size_t name_width = 5;
    for (const StageRow& row : rows) {
        name_width = std::max(name_width, row.stage.size());
    }
    const auto line = [&](const std::string& stage, const std::string& time, const std::string& outputs) {
        return to_left(stage, name_width) + "  " + to_right(time, time_width) + "  " + shorten(outputs, outputs_width);
    };
    std::vector<std::string> lines = {line("stage", "time", "outputs in " + folder.string())};
    for (const StageRow& row : rows) {
        lines.push_back(line(row.stage, row.seconds ? describe_duration(*row.seconds) : "up to date", row.outputs));
    }
    const auto ran = std::ranges::count_if(rows, [](const StageRow& row) { return row.seconds.has_value(); });
    lines.push_back(line("total", describe_duration(seconds),
                         std::to_string(ran) + " of " + std::to_string(rows.size()) + " stages ran"));
    return lines;
}

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
    std::string run_stage(Stage& stage, Manifest& manifest, Context& context);

    CommandFactory m_make_commands;
    GlobalOptions m_globals;
    Config m_config;
    FileHasher m_hasher;
    std::string m_from;
    std::string m_to;
    bool m_dry_run = false;
};

void RunCommand::add_options(CLI::App& app) {
    std::vector<std::string> stage_names;
    for (const auto& command : m_make_commands()) {
        if (is_stage(command->name())) {
            stage_names.push_back(command->name());
        }
    }
    some_words(app.add_option("--from", m_from, "first stage to look at; what is before it is taken as it is"),
               stage_names);
    some_words(app.add_option("--to", m_to, "last stage to look at"), stage_names);
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
        check_logs_are_apart(*stage.command, m_globals);
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
    StageTimes times = StageTimes::load(m_globals.output_dir);
    const StageClock clock;
    std::vector<StageRow> rows;
    // Each stage is looked at again when its turn comes: an earlier one may have made the same bytes as before.
    for (Stage& stage : stages(true)) {
        throw_if_stopped();
        const std::string name = stage.command->name();
        const StageState state = state_of(stage, manifest, m_hasher, {});
        rows.push_back({name, std::nullopt, outputs_of(stage)});
        if (state.up_to_date) {
            context.note_stage({.event = StageNote::Event::is_up_to_date, .stage = name});
            continue;
        }
        context.note_stage({.event = StageNote::Event::begins, .stage = name, .text = state.reason});
        const StageClock stage_clock;
        const std::string summary = run_stage(stage, manifest, context);
        StageTime time = stage_clock.time_of(name);
        rows.back().seconds = time.seconds;
        context.note_stage({.event = StageNote::Event::ends, .stage = name, .text = summary, .seconds = time.seconds});
        times.put(std::move(time));
        times.save();
    }
    for (const std::string& line : closing_lines(rows, clock.time_of({}).seconds, m_globals.output_dir)) {
        context.inform(line);
    }
}

/// Gives what the stage says that it did.
std::string RunCommand::run_stage(Stage& stage, Manifest& manifest, Context& context) {
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
    return stage_context.summary;
}

} // namespace

std::unique_ptr<Command> make_run_command(CommandFactory make_commands) {
    return std::make_unique<RunCommand>(std::move(make_commands));
}

} // namespace lcclass
