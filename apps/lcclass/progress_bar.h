/// Progress with rate and time left: one line that is redrawn on a terminal, plain lines elsewhere.
/// `advance` may be called from several threads at once.
#pragma once

#include "lcclass/core/progress.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace lcclass {

/// The last line of stderr, shared by a bar that is redrawn in it and log lines that appear above.
/// Every function may be called from several threads at once.
class StatusLine {
public:
    explicit StatusLine(std::function<void(const std::string&)> write);
    /// Shows `text` in place of what is shown.
    void show(const std::string& text);
    void clear();
    /// Writes `text` and shows the line below it again.
    void write_above(const std::string& text);

private:
    std::mutex m_mutex;
    std::function<void(const std::string&)> m_write;
    std::string m_shown;
};

/// How far a piece of work is.
struct ProgressStep {
    std::string what;
    std::string unit; ///< `px`, `trees`; empty when it is not known
    std::int64_t done = 0;
    std::int64_t total = 0;
    double seconds = 0;      ///< since it began
    double rate = 0;         ///< units per second of late; 0: not known yet
    double seconds_left = 0; ///< at that rate
    bool ended = false;

    /// 0 to 1.
    [[nodiscard]] double fraction() const;
    /// `12.3 Mpx/s, 0:50 left`
    [[nodiscard]] std::string pace() const;
};

struct ProgressBarOptions {
    bool terminal = false;
    std::function<int()> width = [] { return 80; }; ///< columns of the terminal, asked for at every drawing
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
    std::function<void(const ProgressStep&)> report; ///< takes the steps that make a line
};

/// On a terminal redrawn at most 10 times a second. Reports a step at every 10 % (at most one a second), at least one
/// in 30 s while units arrive, and one at the end. The rate is that of the last fifth of the time, 10 s or more.
class ProgressBar : public Progress {
public:
    ProgressBar(ProgressBarOptions options, std::shared_ptr<StatusLine> line);

    /// Draws no bar; steps are reported.
    void set_silent(bool silent) { m_silent = silent; }

    void begin(std::string_view what, std::int64_t total) override;
    void advance(std::int64_t units) override;
    void end() override;

private:
    using Clock = std::chrono::steady_clock;

    void show(Clock::time_point now);
    void update_rate(Clock::time_point now);
    [[nodiscard]] ProgressStep step(Clock::time_point now) const;

    ProgressBarOptions m_options;
    std::shared_ptr<StatusLine> m_line;
    std::atomic<bool> m_silent = false;
    std::atomic<std::int64_t> m_done = 0;
    std::atomic<Clock::rep> m_next_show = 0;
    std::mutex m_mutex; ///< guards what follows
    std::string m_what;
    std::int64_t m_total = 0;
    Clock::time_point m_start;
    Clock::time_point m_last_line;
    int m_last_tenth = 0;
    Clock::time_point m_rated;     ///< when the rate was last looked at
    std::int64_t m_rated_done = 0; ///< and the units then
    double m_recent_units = 0;     ///< sums that fade with time
    double m_recent_seconds = 0;
};

} // namespace lcclass
