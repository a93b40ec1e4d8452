#include "program.h"

#include "command_line.h"
#include "config.h"
#include "console.h"
#include "files_check.h"
#include "parser.h"
#include "resources.h"

#include "lcclass/core/error.h"
#include "lcclass/core/input_watch.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/gdal_setup.h"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>
#include <optional>
#include <system_error>

namespace lcclass {

namespace {

constexpr std::int64_t largest_gdal_cache = std::int64_t{160} << 20;

[[noreturn]] void refuse_no_command() {
    throw Error(
        ExitCode::command_line,
        {.where = {}, .field = {}, .problem = "no command is given", .fix = "'lcclass --help' lists the commands"});
}

/// The options after merging the config, with the machine's figures where nobody stated one.
GlobalOptions resolved_globals(Parser& parser) {
    const std::filesystem::path config_file = parser.globals().config;
    if (!config_file.empty()) {
        parser.merge(load_config(config_file));
    }
    GlobalOptions globals = parser.globals();
    globals.threads = globals.threads == 0 ? available_threads() : globals.threads;
    globals.memory_bytes = globals.memory_bytes == 0 ? available_memory() / 2 : globals.memory_bytes;
    return globals;
}

void run_command(Parser& parser, const GlobalOptions& globals, Console& console) {
    Command& command = *parser.command();
    command.prepare(globals);
    check_outputs_are_apart(command);
    check_logs_are_apart(command, globals);
    if (!command.outputs().empty()) {
        make_output_dir(globals);
        check_outputs_writable(command, globals.overwrite);
    }
    Context context{.globals = globals,
                    .progress = console.progress(),
                    .print = [&](const std::string& text) { console.print(text); },
                    .inform = [&](const std::string& text) { console.inform(text); },
                    .warn = [&](const std::string& text) { console.warn(text); },
                    .options_json = resolved_options_json(parser.command_app(), globals.output_dir),
                    .note_stage = [&](const StageNote& note) { console.note(note); }};
    console.detail("options: " + context.options_json);
    console.detail("threads: " + std::to_string(globals.threads) + ", memory: " + describe_bytes(globals.memory_bytes) +
                   ", seed: " + std::to_string(globals.seed));
    // The control bounds all arenas; the arena lets a number above that of the processors through.
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(globals.threads));
    tbb::task_arena arena(globals.threads);
    const InputWatch watch(command.outputs().empty() ? std::vector<std::filesystem::path>() : command.inputs(),
                           command.outputs());
    const auto start = std::chrono::steady_clock::now();
    arena.execute([&] { command.run(context); });
    if (!context.summary.empty()) {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        console.detail(command.name() + ": " + context.summary + ", " + describe_duration(passed.count()));
    }
}

void execute(const std::vector<std::string>& args, const CommandFactory& make_commands, Console& console) {
    Parser parser(make_commands());
    parser.parse(args);
    if (parser.wants_version()) {
        console.print(std::string("lcclass ") + LCCLASS_VERSION);
    } else if (parser.wants_help()) {
        console.print(std::string(trim(parser.help())));
    } else if (parser.command() == nullptr) {
        refuse_no_command();
    } else {
        console.set_verbosity(parser.globals().quiet, parser.globals().verbose);
        console.open_log_files(parser.globals().log_file, parser.globals().json_log,
                               std::string("lcclass " LCCLASS_VERSION ": ") + join(args, " "));
        const GlobalOptions globals = resolved_globals(parser);
        set_up_gdal(std::min(globals.memory_bytes / 4, largest_gdal_cache));
        run_command(parser, globals, console);
    }
    console.flush();
}

ExitCode report_internal(Console& console, const std::string& what) {
    console.error("internal error: " + escape_control(what) +
                  "; fix: this is a bug, please report it with the command line and the input's 'lcclass info'");
    return ExitCode::internal;
}

/// The code and line of the exception in flight.
ExitCode report(Console& console) {
    try {
        throw;
    } catch (const Error& error) {
        console.error(error);
        return error.code();
    } catch (const std::bad_alloc&) {
        console.error("out of memory; fix: use fewer --threads, or a machine or job with more memory");
        return ExitCode::resources;
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::resource_unavailable_try_again) {
            console.error("no more threads or processes allowed; fix: use fewer --threads or raise 'ulimit -u'");
            return ExitCode::resources;
        }
        return report_internal(console, error.what());
    } catch (const std::exception& error) {
        return report_internal(console, error.what());
    } catch (...) {
        return report_internal(console, "unknown exception");
    }
}

} // namespace

int run_program(const std::vector<std::string>& args, const CommandFactory& make_commands) {
    Console console(console_options_of_process());
    try {
        execute(args, make_commands, console);
        console.finish(ExitCode::ok);
        return static_cast<int>(ExitCode::ok);
    } catch (...) {
        const ExitCode code = report(console);
        console.finish(code);
        return static_cast<int>(code);
    }
}

} // namespace lcclass
