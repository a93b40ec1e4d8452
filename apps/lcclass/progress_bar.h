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

struct ProgressBarOptions {
    bool terminal = false;
    int width = 80;
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
    std::function<void(const std::string&)> report; ///< takes the plain lines
};

/// On a terminal redrawn at most 10 times a second. Elsewhere a line at every 10 % (at most one a second), at least
/// one in 30 s while units arrive, and one at the end.
class ProgressBar : public Progress {
public:
    ProgressBar(ProgressBarOptions options, std::shared_ptr<StatusLine> line);

    void set_silent(bool silent) { m_silent = silent; }

    void begin(std::string_view what, std::int64_t total) override;
    void advance(std::int64_t units) override;
    void end() override;

private:
    using Clock = std::chrono::steady_clock;

    void show(Clock::time_point now);
    [[nodiscard]] std::string bar(double fraction, const std::string& tail) const;
    [[nodiscard]] std::string tail(std::int64_t done, Clock::time_point now) const;

    ProgressBarOptions m_options;
    std::shared_ptr<StatusLine> m_line;
    std::atomic<bool> m_silent = false;
    std::string m_what;
    std::int64_t m_total = 0;
    std::atomic<std::int64_t> m_done = 0;
    std::atomic<Clock::rep> m_next_show = 0;
    std::mutex m_mutex; ///< guards what follows
    Clock::time_point m_start;
    Clock::time_point m_last_line;
    int m_last_tenth = 0;
};

} // namespace lcclass
