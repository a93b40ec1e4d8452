#include "progress_bar.h"

#include "console.h"

#include "lcclass/core/text_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string_view>
#include <utility>

namespace lcclass {

namespace {

using namespace std::chrono_literals;

constexpr auto redraw_every = 100ms;
constexpr auto line_at_most_every = 1s;
constexpr auto line_at_least_every = 30s;
constexpr double shortest_memory = 10;    ///< seconds that the rate is of
constexpr double memory_of_elapsed = 0.2; ///< or this share of the time since the beginning
constexpr int widest_bar = 30;
constexpr int narrowest_bar = 5;

/// What the pieces of work count: those names with which the layers below begin them whose units are known.
std::string unit_of(std::string_view what) {
    constexpr std::array<std::string_view, 13> pixels = {
        "stack",        "sample",       "classify",      "read classes",   "measure patches",
        "count labels", "write labels", "burn polygons", "read reference", "count classes",
        "class shares", "simulate",     "masks"};
    if (std::ranges::find(pixels, what) != pixels.end()) {
        return "px";
    }
    if (what.ends_with(" polygons")) {
        return "polygons";
    }
    const bool folds = what.ends_with(" folds") && !what.starts_with("importance");
    const bool trees = what == "growing trees" || what == "out-of-bag importance" || what.ends_with(" learning curve");
    return folds || trees ? "trees" : "";
}

/// `12.3 Mpx/s`
std::string rate_text(double per_second, const std::string& unit) {
    constexpr std::array<const char*, 4> prefixes = {"", "k", "M", "G"};
    std::size_t prefix = 0;
    while (per_second >= 1000 && prefix + 1 < prefixes.size()) {
        per_second /= 1000;
        ++prefix;
    }
    const std::string number = fixed_digits(per_second, per_second < 100 ? 1 : 0);
    const bool word = unit != "px" && !unit.empty();
    const std::string space = prefix == 0 && unit.empty() ? "" : " ";
    return number + space + prefixes[prefix] + (word && prefix > 0 ? " " : "") + unit + "/s";
}

/// The bar with name, percent and pace in less than `width` columns; the name is cut first, then the rest.
std::string bar_text(const ProgressStep& step, int width) {
    const std::string percent = std::to_string(static_cast<int>(step.fraction() * 100));
    const std::string tail = std::string(4 - percent.size(), ' ') + percent + " %, " + step.pace();
    const int columns = std::max(2, width);
    const int room_for_name = columns - 1 - static_cast<int>(tail.size()) - narrowest_bar - 3;
    std::string text = shorten(step.what, static_cast<std::size_t>(std::max(8, room_for_name))) + tail;
    const int room = std::min(widest_bar, columns - 4 - static_cast<int>(n_characters(text)));
    if (room < narrowest_bar) {
        return shorten(std::move(text), static_cast<std::size_t>(columns - 1));
    }
    const auto filled = static_cast<std::size_t>(std::lround(step.fraction() * room));
    return "[" + std::string(filled, '=') + std::string(static_cast<std::size_t>(room) - filled, ' ') + "] " + text;
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

std::string describe_duration(double seconds) {
    return seconds < 99.95 ? fixed_digits(std::max(0.0, seconds), 1) + " s" : describe_seconds(seconds);
}

double ProgressStep::fraction() const {
    return total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0.0;
}

std::string ProgressStep::pace() const {
    return rate > 0 ? rate_text(rate, unit) + ", " + describe_seconds(seconds_left) + " left" : "starting";
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
    m_rated = m_start;
    m_rated_done = 0;
    m_recent_units = 0;
    m_recent_seconds = 0;
    m_next_show = (m_start + redraw_every).time_since_epoch().count();
}

void ProgressBar::advance(std::int64_t units) {
    m_done += units;
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
    update_rate(now);
    const ProgressStep at = step(now);
    if (m_options.terminal && !m_silent) {
        m_line->show(bar_text(at, m_options.width()));
    }
    const int tenth = static_cast<int>(at.fraction() * 10);
    const bool new_tenth = tenth > m_last_tenth && now - m_last_line >= line_at_most_every;
    if (tenth < 10 && (new_tenth || now - m_last_line >= line_at_least_every)) {
        m_last_tenth = tenth;
        m_last_line = now;
        m_options.report(at);
    }
}

/// Units and seconds fade alike: from the beginning it is the mean, later that of the recent time.
void ProgressBar::update_rate(Clock::time_point now) {
    const std::int64_t done = m_done;
    const double passed = std::chrono::duration<double>(now - m_rated).count();
    const double elapsed = std::chrono::duration<double>(now - m_start).count();
    const double kept = std::exp(-passed / std::max(shortest_memory, memory_of_elapsed * elapsed));
    m_recent_units = m_recent_units * kept + static_cast<double>(done - m_rated_done);
    m_recent_seconds = m_recent_seconds * kept + passed;
    m_rated = now;
    m_rated_done = done;
}

ProgressStep ProgressBar::step(Clock::time_point now) const {
    ProgressStep at{.what = m_what,
                    .unit = unit_of(m_what),
                    .done = m_done,
                    .total = m_total,
                    .seconds = std::chrono::duration<double>(now - m_start).count()};
    if (m_recent_units > 0 && m_recent_seconds > 0) {
        at.rate = m_recent_units / m_recent_seconds;
        at.seconds_left = static_cast<double>(std::max<std::int64_t>(0, m_total - at.done)) / at.rate;
    }
    return at;
}

void ProgressBar::end() {
    ProgressStep at;
    {
        const std::lock_guard lock(m_mutex);
        m_next_show = std::numeric_limits<Clock::rep>::max();
        at = step(m_options.now());
        at.ended = true;
    }
    if (m_options.terminal) {
        m_line->clear();
    }
    m_options.report(at);
}

} // namespace lcclass
