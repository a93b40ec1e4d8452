/// Commands that exist for tests: small stages that copy and join text files.
/// One thread.
#pragma once

#include "commands.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lcclass::test {

/// Reads every input, adds `--suffix`, writes the output. Options of every kind a command can have.
class CopyCommand final : public Command {
public:
    CopyCommand(std::string name, std::string default_input, std::string default_output);

    [[nodiscard]] std::string name() const override { return m_name; }
    [[nodiscard]] std::string summary() const override { return "Copies texts"; }
    [[nodiscard]] std::string example() const override { return "lcclass " + m_name + " -i a.txt -o b.txt"; }
    void add_options(CLI::App& app) override;
    void prepare(const GlobalOptions& globals) override;
    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override;
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override { return {output}; }
    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override;
    void run(Context& context) override;

    std::vector<std::string> input;
    std::filesystem::path output;
    std::string suffix;
    std::string max_features = "sqrt";
    std::string class_map;
    std::string tune;
    std::vector<std::string> features = {"B02", "B03"};
    std::vector<double> bounds;
    int n_estimators = 100;
    std::uint16_t depth = 3;
    std::int64_t count = 0;
    double percent = 0.5;
    bool bootstrap = true;
    bool all_touched = false;
    std::string fail; ///< `bug`, `memory`, `input`: what `run` throws; `changed-input`: it writes to its input

    GlobalOptions globals;
    std::string options_json;
    std::string prepared_input;

private:
    std::string m_name;
    std::string m_default_input;
    std::string m_default_output;
};

/// What a run of the program gave.
struct ProgramResult {
    int code = 0;
    std::string out;
    std::string err;
};

/// stages `first` (in.txt -> first.txt) and `second` (first.txt -> second.txt), `run` and `info`.
std::vector<std::unique_ptr<Command>> make_test_commands();
/// How often the `run` of a command of that name was called since the last `reset_runs`.
int runs_of(const std::string& name);
void reset_runs();

ProgramResult run_test_program(const std::vector<std::string>& args);

/// A folder for one test that disappears with it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    /// Writes `text` to `name` in the folder and returns its path.
    std::filesystem::path write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string read(const std::string& name) const;

private:
    std::filesystem::path m_path;
};

} // namespace lcclass::test
