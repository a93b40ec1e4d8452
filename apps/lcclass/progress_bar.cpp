#include "progress_bar.h"

#include "console.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

using namespace std::chrono_literals;

constexpr auto redraw_every = 100ms;
constexpr auto line_at_most_every = 1s;
constexpr auto line_at_least_every = 30s;

/// `12.3 M/s`
std::string rate_of(double per_second) {
    constexpr std::array<const char*, 4> prefixes = {"", " k", " M", " G"};
    std::size_t prefix = 0;
    while (per_second >= 1000 && prefix + 1 < prefixes.size()) {
        per_second /= 1000;
        ++prefix;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f%s/s", per_second < 100 ? 1 : 0, per_second, prefixes[prefix]);
    return text.data();
}

} // namespace

std::string describe_seconds(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::llround(std::clamp(seconds, 0.0, 1e9)));
    std::array<char, 40> text{};
    if (whole >= 3600) {
        std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", static_cast<long long>(whole / 3600),
                      static_cast<long long>(whole / 60 % 60), static_cast<long long>(whole % 60));
    } else {
        std::snprintf(text.data(), text.size(), "%lld:%02lld", static_cast<long long>(whole / 60),
                      static_cast<long long>(whole % 60));
    }
    return text.data();
}

StatusLine::StatusLine(std::function<void(const std::string&)> write) : m_write(std::move(write)) {}

void StatusLine::show(const std::string& text) {
    const std::lock_guard lock(m_mutex);
    m_shown = text;
    m_write("\r" + text + "\033[K");
}

void StatusLine::clear() {
    const std::lock_guard lock(m_mutex);
    if (!m_shown.empty()) {
        m_write("\r\033[K");
        m_shown.clear();
    }
}

void StatusLine::write_above(const std::string& text) {
    const std::lock_guard lock(m_mutex);
    m_write(m_shown.empty() ? text : "\r\033[K" + text + m_shown);
}

ProgressBar::ProgressBar(ProgressBarOptions options, std::shared_ptr<StatusLine> line)
    : m_options(std::move(options)), m_line(std::move(line)) {}

void ProgressBar::begin(std::string_view what, std::int64_t total) {
    const std::lock_guard lock(m_mutex);
    m_what = what;
    m_total = total;
    m_done = 0;
    m_start = m_options.now();
    m_last_line = m_start;
    m_last_tenth = 0;
    m_next_show = (m_start + redraw_every).time_since_epoch().count();
}

void ProgressBar::advance(std::int64_t units) {
    m_done += units;
    if (m_silent) {
        return;
    }
    const auto now = m_options.now();
    Clock::rep due = m_next_show;
    const Clock::rep next = (now + redraw_every).time_since_epoch().count();
    // Only the thread that moves the deadline draws.
    if (now.time_since_epoch().count() >= due && m_next_show.compare_exchange_strong(due, next)) {
        show(now);
    }
}

void ProgressBar::show(Clock::time_point now) {
    const std::lock_guard lock(m_mutex);
    const std::int64_t done = m_done;
    const double fraction = m_total > 0 ? std::min(1.0, static_cast<double>(done) / static_cast<double>(m_total)) : 0;
    if (m_options.terminal) {
        m_line->show(bar(fraction, tail(done, now)));
        return;
    }
    const int tenth = static_cast<int>(fraction * 10);
    const bool new_tenth = tenth > m_last_tenth && now - m_last_line >= line_at_most_every;
    if (tenth < 10 && (new_tenth || now - m_last_line >= line_at_least_every)) {
        m_last_tenth = tenth;
        m_last_line = now;
        m_options.report(m_what + ": " + std::to_string(static_cast<int>(fraction * 100)) + " %, " + tail(done, now));
    }
}

std::string ProgressBar::tail(std::int64_t done, Clock::time_point now) const {
    const double elapsed = std::chrono::duration<double>(now - m_start).count();
    if (done <= 0 || elapsed <= 0) {
        return "starting";
    }
    const double rate = static_cast<double>(done) / elapsed;
    const auto left = static_cast<double>(std::max<std::int64_t>(0, m_total - done));
    return rate_of(rate) + ", " + describe_seconds(left / rate) + " left";
}

std::string ProgressBar::bar(double fraction, const std::string& tail) const {
    std::array<char, 16> percent{};
    std::snprintf(percent.data(), percent.size(), "%3d %%", static_cast<int>(fraction * 100));
    const std::string text = m_what + " " + percent.data() + ", " + tail;
    const int room = std::min(30, m_options.width - static_cast<int>(text.size()) - 4);
    if (room < 5) {
        return text.substr(0, static_cast<std::size_t>(std::max(1, m_options.width - 1)));
    }
    const auto filled = static_cast<std::size_t>(std::lround(fraction * room));
    std::string line = "[";
    line.append(filled, '=').append(static_cast<std::size_t>(room) - filled, ' ').append("] ").append(text);
    return line;
}

void ProgressBar::end() {
    std::string line;
    {
        const std::lock_guard lock(m_mutex);
        m_next_show = std::numeric_limits<Clock::rep>::max();
        const double seconds = std::chrono::duration<double>(m_options.now() - m_start).count();
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%.1f", seconds);
        line = m_what + ": done in " + text.data() + " s";
    }
    if (m_options.terminal) {
        m_line->clear();
    }
    if (!m_silent) {
        m_options.report(line);
    }
}

} // namespace lcclass
