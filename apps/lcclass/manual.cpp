#include "commands.h"

#include "command_line.h"
#include "completion.h"
#include "manual_page.h"
#include "parser.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"

#include <map>
#include <utility>

namespace lcclass {

namespace {

namespace fs = std::filesystem;

class ManualCommand final : public Command {
public:
    explicit ManualCommand(CommandFactory make_commands) : m_make_commands(std::move(make_commands)) {}

    [[nodiscard]] std::string name() const override { return "manual"; }
    [[nodiscard]] std::string summary() const override { return "manual pages, and completion for bash and zsh"; }
    [[nodiscard]] std::string example() const override { return "lcclass manual -o ~/.local/share"; }
    void add_options(CLI::App& app) override {
        path_option(app, "-o,--output", m_output,
                    "folder to write man/man1, bash-completion/completions and zsh/site-functions in");
    }
    void prepare(const GlobalOptions& /*globals*/) override {
        require_given(!m_output.empty(), "--output", "the folder, such as '-o ~/.local/share'");
    }
    [[nodiscard]] std::vector<fs::path> inputs() const override { return {}; }
    /// The folder may be there; `run` checks the files in it.
    [[nodiscard]] std::vector<fs::path> outputs() const override { return {}; }
    void run(Context& context) override;

private:
    CommandFactory m_make_commands;
    fs::path m_output;
};

void make_folder(const fs::path& folder) {
    std::error_code status;
    fs::create_directories(folder, status);
    if (status) {
        throw Error(ExitCode::output, {.where = folder.string(),
                                       .field = {},
                                       .problem = "cannot be made: " + status.message(),
                                       .fix = "choose a folder that you may write to"});
    }
}

/// All files by their names in the folder.
std::map<fs::path, std::string> manual_files(const Parser& parser) {
    std::map<fs::path, std::string> files = {{"man/man1/lcclass.1", program_page(parser)},
                                             {"bash-completion/completions/lcclass", bash_completion(parser)},
                                             {"zsh/site-functions/_lcclass", zsh_completion(parser)}};
    for (const auto& command : parser.commands()) {
        files["man/man1/lcclass-" + command->name() + ".1"] = command_page(parser, *command);
    }
    return files;
}

void ManualCommand::run(Context& context) {
    const Parser parser(m_make_commands());
    const std::map<fs::path, std::string> files = manual_files(parser);
    for (const auto& [name, text] : files) {
        make_folder((m_output / name).parent_path());
        const AtomicOutput checked(m_output / name, context.globals.overwrite);
    }
    for (const auto& [name, text] : files) {
        write_file_atomically(m_output / name, text, context.globals.overwrite);
    }
    context.print(std::to_string(files.size()) + " files written to " + m_output.string());
}

} // namespace

std::unique_ptr<Command> make_manual_command(CommandFactory make_commands) {
    return std::make_unique<ManualCommand>(std::move(make_commands));
}

} // namespace lcclass
