/// What the program says: results on stdout, log and progress on stderr, and the log in files when it is wanted.
/// Every function may be called from several threads at once.
#pragma once

#include "lcclass/core/error.h"
#include "lcclass/core/progress.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace lcclass {

class ProgressBar;
struct ProgressStep;
struct StageNote;

struct ConsoleOptions {
    bool quiet = false;    ///< warnings and errors only, no progress
    bool verbose = false;  ///< also what `detail` says
    bool terminal = false; ///< a bar that is redrawn in place, instead of plain lines
    bool color = false;
    int width = 80;                                            ///< columns of the terminal
    std::function<int()> measure_width = {};                   ///< the columns as they are now; empty: `width`
    std::function<void(const std::string&)> write_stdout = {}; ///< empty: the process's own
    std::function<void(const std::string&)> write_stderr = {}; ///< empty: the process's own
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// As the process's stderr, TERM, NO_COLOR and CLICOLOR have it: colours only on a terminal, and neither with a
/// NO_COLOR that is not empty nor with CLICOLOR=0.
ConsoleOptions console_options_of_process();

class Console {
public:
    explicit Console(ConsoleOptions options);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    void set_verbosity(bool quiet, bool verbose);
    /// From here on all that is said of the log goes to these files, too (empty: none), details included;
    /// `command_line` begins it. Throws Error(output).
    void open_log_files(const std::filesystem::path& plain, const std::filesystem::path& json,
                        const std::string& command_line);

    /// One line of result text on stdout. Throws Error(output) when stdout does not take it.
    void print(const std::string& text);
    /// Makes sure that stdout and log files took everything. Throws Error(output).
    void flush();

    void inform(const std::string& text);
    void detail(const std::string& text);
    void warn(const std::string& text);
    void error(const std::string& text);
    void error(const Error& error);
    /// The line that opens or closes a stage.
    void note(const StageNote& note);
    /// The last line of the log files.
    void finish(ExitCode code);

    [[nodiscard]] Progress& progress();

private:
    struct Shared;
    void report(const ProgressStep& step);

    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<ProgressBar> m_bar;
};

/// `0:07`, `12:30`, `3:05:00`.
std::string describe_seconds(double seconds);
/// `3.2 s`, and from 100 s on as `describe_seconds` has it.
std::string describe_duration(double seconds);

} // namespace lcclass
