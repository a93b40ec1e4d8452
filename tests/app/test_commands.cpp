#include "test_commands.h"

#include "command_line.h"
#include "program.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <new>
#include <stdexcept>
#include <utility>

namespace lcclass::test {

namespace fs = std::filesystem;

namespace {

std::map<std::string, int>& run_counts() {
    static std::map<std::string, int> counts;
    return counts;
}

} // namespace

CopyCommand::CopyCommand(std::string name, std::string default_input, std::string default_output)
    : m_name(std::move(name)), m_default_input(std::move(default_input)), m_default_output(std::move(default_output)) {}

void CopyCommand::add_options(CLI::App& app) {
    inputs_option(app, "-i,--input", input, "texts to copy");
    path_option(app, "-o,--output", output, "where to");
    app.add_option("--suffix", suffix, "text to add");
    value_option(app, "--max-features", max_features, "a word or a number");
    path_or_word_option(app, "--class-map", class_map, "a file or a word");
    map_option(app, "--tune", tune, "a map");
    list_option(app, "--features", features, "a list");
    list_option(app, "--bounds", bounds, "numbers");
    app.add_option("--n-estimators", n_estimators, "an integer")->check(CLI::Range(1, 10000));
    app.add_option("--depth", depth, "a small integer");
    app.add_option("--count", count, "a large integer");
    app.add_option("--percent", percent, "a number");
    app.add_option("--bootstrap", bootstrap, "a truth value");
    app.add_flag("--all-touched", all_touched, "a switch");
    app.add_option("--fail", fail, "how to fail");
}

void CopyCommand::prepare(const GlobalOptions& new_globals) {
    globals = new_globals;
    if (input.empty() && !globals.output_dir.empty()) {
        input = {(globals.output_dir / m_default_input).string()};
    }
    if (output.empty() && !globals.output_dir.empty()) {
        output = globals.output_dir / m_default_output;
    }
    require_given(!input.empty(), "--input", "--input FILE");
    require_given(!output.empty(), "--output", "--output FILE");
}

std::vector<fs::path> CopyCommand::inputs() const {
    return {input.begin(), input.end()};
}

std::optional<Estimate> CopyCommand::estimate(PlanFacts& facts) const {
    facts.samples += 1;
    return Estimate{.memory_bytes = facts.samples << 30, .disk_bytes = std::int64_t{1} << 20, .seconds = 90};
}

void CopyCommand::run(Context& context) {
    ++run_counts()[m_name];
    options_json = context.options_json;
    if (fail == "bug") {
        throw std::logic_error("a\nbug");
    }
    if (fail == "memory") {
        throw std::bad_alloc();
    }
    if (fail == "input") {
        throw Error(ExitCode::input, {.where = "x.tif", .field = "nodata=7", .problem = "is odd", .fix = "mend it"});
    }
    std::string text;
    for (const std::string& name : input) {
        text += read_file(name);
    }
    if (fail == "changed-input") {
        std::ofstream(input.front(), std::ios::app) << "more";
    }
    write_file_atomically(output, text + suffix, context.globals.overwrite);
    context.print(context.options_json);
}

std::vector<std::unique_ptr<Command>> make_test_commands() {
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(std::make_unique<CopyCommand>("first", "in.txt", "first.txt"));
    commands.push_back(std::make_unique<CopyCommand>("second", "first.txt", "second.txt"));
    commands.push_back(make_run_command(make_test_commands));
    return commands;
}

int runs_of(const std::string& name) {
    return run_counts()[name];
}

void reset_runs() {
    run_counts().clear();
}

ProgramResult run_test_program(const std::vector<std::string>& args) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    ProgramResult result;
    result.code = run_program(args, make_test_commands);
    result.out = testing::internal::GetCapturedStdout();
    result.err = testing::internal::GetCapturedStderr();
    return result;
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "lcclass-app-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("mkdtemp");
    }
    m_path = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

fs::path TemporaryFolder::write(const std::string& name, const std::string& text) const {
    const fs::path path = m_path / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

std::string TemporaryFolder::read(const std::string& name) const {
    return read_file(m_path / name);
}

} // namespace lcclass::test
