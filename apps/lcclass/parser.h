/// The whole command line: the global options, every command with its options, and errors in one line of our own.
/// One object belongs to one thread.
#pragma once

#include "command.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

struct Config;

/// An App with the defaults that all of ours have, and the options of `command` declared. Keeps a reference to it.
std::unique_ptr<CLI::App> make_app(Command& command);

class Parser {
public:
    explicit Parser(std::vector<std::unique_ptr<Command>> commands);
    ~Parser();
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    /// `args` without the program's name. Throws: Error(command_line).
    void parse(const std::vector<std::string>& args);
    /// Checks `config` as a whole and fills in what the command line left open. Throws: Error(configuration).
    void merge(const Config& config);

    [[nodiscard]] bool wants_help() const { return m_help || m_help_all; }
    [[nodiscard]] bool wants_version() const { return m_version; }
    /// The command that was named, or null.
    [[nodiscard]] Command* command() const { return m_command; }
    /// Its options. Requires: `command()`.
    [[nodiscard]] CLI::App& command_app() const;
    [[nodiscard]] CLI::App& root() const { return *m_root; }
    /// Of all commands, in the order of the factory; each has its app under `root()`.
    [[nodiscard]] const std::vector<std::unique_ptr<Command>>& commands() const { return m_commands; }
    /// The global options; threads and memory are 0 when nobody stated them. Throws: Error(command_line).
    [[nodiscard]] GlobalOptions globals() const;
    /// The help text of the command, or of the program.
    [[nodiscard]] std::string help() const;

private:
    void add_global_options();
    void check_leftovers() const;

    std::vector<std::unique_ptr<Command>> m_commands;
    std::unique_ptr<CLI::App> m_root;
    GlobalOptions m_globals;
    std::string m_memory;
    bool m_help = false;
    bool m_help_all = false;
    bool m_version = false;
    Command* m_command = nullptr;
};

} // namespace lcclass
