/// What the program says: results on stdout, log and progress on stderr.
/// Every function may be called from several threads at once.
#pragma once

#include "lcclass/core/progress.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lcclass {

class ProgressBar;

struct ConsoleOptions {
    bool quiet = false;    ///< warnings and errors only, no progress
    bool verbose = false;  ///< also what `detail` says
    bool terminal = false; ///< a bar that is redrawn in place, instead of plain lines
    bool color = false;
    int width = 80;                                            ///< columns of the terminal
    std::function<void(const std::string&)> write_stdout = {}; ///< empty: the process's own
    std::function<void(const std::string&)> write_stderr = {}; ///< empty: the process's own
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// As the process's stderr, NO_COLOR and TERM have it.
ConsoleOptions console_options_of_process();

class Console {
public:
    explicit Console(ConsoleOptions options);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    void set_verbosity(bool quiet, bool verbose);

    /// One line of result text on stdout. Throws Error(output) when stdout does not take it.
    void print(const std::string& text);
    /// Makes sure that stdout took everything. Throws Error(output).
    void flush();

    void inform(const std::string& text);
    void detail(const std::string& text);
    void warn(const std::string& text);
    void error(const std::string& text);

    [[nodiscard]] Progress& progress();

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<ProgressBar> m_bar;
};

/// `0:07`, `12:30`, `3:05:00`.
std::string describe_seconds(double seconds);

} // namespace lcclass
