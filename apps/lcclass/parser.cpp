#include "parser.h"

#include "command_line.h"
#include "config.h"
#include "help.h"
#include "resources.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <utility>

namespace lcclass {

namespace {

constexpr int most_threads = 1024;

[[noreturn]] void refuse(const std::string& field, const std::string& problem, const std::string& fix) {
    throw Error(ExitCode::command_line, {.where = {}, .field = field, .problem = problem, .fix = fix});
}

std::string help_of(const CLI::App& app) {
    return app.get_parent() == nullptr ? "see 'lcclass --help'" : "see 'lcclass " + app.get_name() + " --help'";
}

/// The value stands in `args` by itself and looks like an option: the option's own value was forgotten.
bool swallowed_option(const std::string& value, const std::vector<std::string>& args) {
    return value.size() > 1 && value[0] == '-' && !parse_double(value) &&
           std::find(args.begin(), args.end(), value) != args.end();
}

void check_option(const CLI::Option& option, const CLI::App& app, const std::vector<std::string>& args) {
    const std::string name = display_name(option);
    const ValueType type = type_of(option);
    for (const std::string& value : option.results()) {
        const bool positional = option.get_lnames().empty();
        if (type != ValueType::flag && !positional && swallowed_option(value, args)) {
            refuse(name, "needs a value", "write '" + name + "=" + value + "' if that is what you mean");
        }
    }
    const int most = std::max(1, option.get_items_expected_max());
    if (static_cast<int>(option.results().size()) > most) {
        refuse(name, "is given more than once", "give it once");
    }
    for (const std::string& value : option.results()) {
        if (const auto problem = problem_with(type, value)) {
            refuse(name + "=" + value, *problem, help_of(app));
        }
        if (const auto problem = problem_with_word(option, value)) {
            refuse(name + "=" + value, *problem, "use one of " + join(words_of(option), ", "));
        }
    }
}

/// What CLI11 is too lenient about, and what it words for programmers.
void check_options(CLI::App& app, const std::vector<std::string>& args) {
    for (const CLI::Option* option : options_of(app)) {
        check_option(*option, app, args);
    }
}

/// `--threads: Value 0 not in range 1 to 1024` becomes field and problem.
[[noreturn]] void translate(const CLI::ParseError& error) {
    const std::string what = error.what();
    const std::size_t colon = what.find(": ");
    const bool named = what.starts_with("-") && colon != std::string::npos;
    std::string field = named ? what.substr(0, colon) : std::string();
    std::string problem = named ? what.substr(colon + 2) : what;
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
        problem = named && problem.find("required") != std::string::npos ? "needs a value" : problem;
    } else if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
        field = colon == std::string::npos ? what : what.substr(colon + 2);
        problem = "is out of range or has too few or too many values";
    }
    refuse(field, problem, "see 'lcclass --help' or 'lcclass COMMAND --help'");
}

/// CLI11 reads on to the next argument after `--name=`.
void check_empty_values(const std::vector<std::string>& args) {
    for (const std::string& arg : args) {
        if (arg == "--") {
            return;
        }
        if (arg.starts_with("--") && arg.ends_with("=")) {
            refuse(arg.substr(0, arg.size() - 1), "needs a value", "write it after the '='");
        }
    }
}

} // namespace

std::unique_ptr<CLI::App> make_app(Command& command) {
    auto app = std::make_unique<CLI::App>(command.summary(), command.name());
    app->set_help_flag();
    app->option_defaults()->always_capture_default();
    app->fallthrough();
    command.add_options(*app);
    return app;
}

Parser::Parser(std::vector<std::unique_ptr<Command>> commands)
    : m_commands(std::move(commands)),
      m_root(std::make_unique<CLI::App>("Land cover maps with an accuracy their author can defend", "lcclass")) {
    m_root->set_help_flag();
    m_root->option_defaults()->always_capture_default();
    m_root->allow_extras();
    m_root->require_subcommand(0, 1);
    add_global_options();
    for (const auto& command : m_commands) {
        m_root->add_subcommand(CLI::App_p(make_app(*command).release()));
    }
}

Parser::~Parser() = default;

void Parser::add_global_options() {
    path_option(*m_root, "-c,--config", m_globals.config, "YAML or JSON file with a section per command")
        ->configurable(false);
    path_option(*m_root, "--output-dir", m_globals.output_dir, "folder that gives commands their default file names");
    m_root->add_option("-t,--threads", m_globals.threads, "threads to use; default: all this process may use")
        ->check(CLI::Range(1, most_threads))
        ->default_str("");
    value_option(*m_root, "--memory", m_memory, "memory to use, such as 2G; default: half of what there is")
        ->check(CLI::Validator([](const std::string& text) { return problem_with_size(text); }, ""));
    m_root->add_option("--seed", m_globals.seed, "seed of everything random");
    m_root->add_flag("-q,--quiet", m_globals.quiet, "no progress and no log, only warnings and errors")
        ->configurable(false);
    m_root->add_flag("-v,--verbose", m_globals.verbose, "also log options and times")->configurable(false);
    path_option(*m_root, "--log-file", m_globals.log_file, "also log to this file, with times and all details; appends")
        ->configurable(false);
    path_option(*m_root, "--json-log", m_globals.json_log, "the same for programs: a JSON object per line; appends")
        ->configurable(false);
    m_root->add_flag("--overwrite", m_globals.overwrite, "replace outputs that exist");
    m_root->add_flag("-h,--help", m_help, "show this, or the help of the command")->configurable(false);
    m_root->add_flag("--help-all", m_help_all, "the help of the command with all of its options")->configurable(false);
    m_root->add_flag("--version", m_version, "show the version")->configurable(false);
}

void Parser::parse(const std::vector<std::string>& args) {
    check_empty_values(args);
    std::vector<std::string> reversed(args.rbegin(), args.rend());
    const auto find_command = [&] {
        const auto named = m_root->get_subcommands();
        for (const auto& command : m_commands) {
            if (!named.empty() && named.front()->get_name() == command->name()) {
                m_command = command.get();
            }
        }
    };
    const auto check_all = [&] {
        find_command();
        check_options(*m_root, args);
        if (m_command != nullptr) {
            check_options(command_app(), args);
        }
    };
    try {
        m_root->parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        check_all();
        translate(error);
    }
    find_command();
    if (wants_help() || m_version) {
        if (m_command == nullptr) {
            check_leftovers(); // a command that is no command has no help
        }
        return;
    }
    check_all();
    check_leftovers();
    if (m_globals.quiet && m_globals.verbose) {
        refuse("--verbose", "contradicts --quiet", "give one of them");
    }
}

void Parser::check_leftovers() const {
    for (const std::string& word : m_root->remaining(true)) {
        if (word == "--") {
            continue;
        }
        std::vector<std::string> known;
        if (word.starts_with("-")) {
            for (CLI::App* app : {m_command == nullptr ? m_root.get() : &command_app(), m_root.get()}) {
                for (const CLI::Option* option : options_of(*app)) {
                    known.push_back(display_name(*option));
                }
            }
            refuse(word, "unknown option" + did_you_mean(word.substr(0, word.find('=')), known),
                   m_command == nullptr ? "see 'lcclass --help'" : help_of(command_app()));
        }
        if (m_command != nullptr) {
            refuse(word, "unexpected argument", help_of(command_app()));
        }
        for (const auto& command : m_commands) {
            known.push_back(command->name());
        }
        refuse(word, "unknown command" + did_you_mean(word, known), "one of " + join(known, ", "));
    }
}

void Parser::merge(const Config& config) {
    check_config(config, *m_root);
    apply_globals(config, *m_root);
    if (m_command != nullptr) {
        apply_section(config, command_app());
    }
}

CLI::App& Parser::command_app() const {
    return *m_root->get_subcommand(m_command->name());
}

GlobalOptions Parser::globals() const {
    GlobalOptions globals = m_globals;
    globals.memory_bytes = m_memory.empty() ? 0 : parse_size(m_memory);
    return globals;
}

std::string Parser::help() const {
    return m_command == nullptr
               ? program_help(*m_root, m_commands)
               : command_help(command_app(), *m_command, m_help_all ? HelpLength::all : HelpLength::screen);
}

} // namespace lcclass
