#include "console.h"

#include "command.h"
#include "log_files.h"
#include "progress_bar.h"

#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>
#include <utility>

namespace lcclass {

using Json = nlohmann::ordered_json;

namespace {

constexpr double quick = 1; ///< seconds of work that is not worth a line on the terminal

[[noreturn]] void refuse_stdout() {
    throw Error(ExitCode::output, {.where = "stdout",
                                   .field = {},
                                   .problem = std::string("does not take the results: ") + std::strerror(errno),
                                   .fix = "check where the output is redirected to"});
}

void write_to_stdout(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        refuse_stdout();
    }
}

void write_to_stderr(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

std::string_view prefix_of(spdlog::level::level_enum level, bool color) {
    switch (level) {
    case spdlog::level::err:
        return color ? "lcclass: \033[1;31merror:\033[0m " : "lcclass: error: ";
    case spdlog::level::warn:
        return color ? "lcclass: \033[1;33mwarning:\033[0m " : "lcclass: warning: ";
    default:
        return "lcclass: ";
    }
}

/// Writes log lines above the bar.
class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    LogSink(std::shared_ptr<StatusLine> line, bool color) : m_line(std::move(line)), m_color(color) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        std::string text(prefix_of(message.level, m_color));
        text.append(message.payload.data(), message.payload.size());
        m_line->write_above(text + "\n");
    }
    void flush_() override {}

private:
    std::shared_ptr<StatusLine> m_line;
    bool m_color;
};

/// For the JSON log, whose times have milliseconds.
double rounded(double seconds) {
    return std::round(seconds * 1000) / 1000;
}

int width_of_terminal() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

std::string line_of(const ProgressStep& step) {
    if (step.ended) {
        return step.what + ": done in " + describe_duration(step.seconds);
    }
    return step.what + ": " + std::to_string(static_cast<int>(step.fraction() * 100)) + " %, " + step.pace();
}

Json fields_of(const ProgressStep& step) {
    Json fields = {{"event", "progress"}, {"what", step.what}, {"done", step.done}, {"total", step.total}};
    if (!step.unit.empty()) {
        fields["unit"] = step.unit;
    }
    fields["seconds"] = rounded(step.seconds);
    if (!step.ended && step.rate > 0) {
        fields["per_second"] = rounded(step.rate);
        fields["seconds_left"] = rounded(step.seconds_left);
    }
    return fields;
}

std::string line_of(const StageNote& note) {
    switch (note.event) {
    case StageNote::Event::begins:
        return note.stage + ": runs (" + note.text + ")";
    case StageNote::Event::ends:
        return note.stage + ": " + (note.text.empty() ? "done" : note.text) + ", " + describe_duration(note.seconds);
    case StageNote::Event::is_up_to_date:
        return note.stage + ": up to date, skipped";
    }
    return {};
}

Json fields_of(const StageNote& note) {
    switch (note.event) {
    case StageNote::Event::begins:
        return {{"event", "stage-begin"}, {"stage", note.stage}, {"reason", note.text}};
    case StageNote::Event::ends:
        return {
            {"event", "stage-end"}, {"stage", note.stage}, {"summary", note.text}, {"seconds", rounded(note.seconds)}};
    case StageNote::Event::is_up_to_date:
        return {{"event", "stage-up-to-date"}, {"stage", note.stage}};
    }
    return {};
}

} // namespace

ConsoleOptions console_options_of_process() {
    ConsoleOptions options;
    const char* term = std::getenv("TERM");
    options.terminal = isatty(STDERR_FILENO) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
    const char* cli_color = std::getenv("CLICOLOR");
    const bool unwanted = is_set("NO_COLOR") || (cli_color != nullptr && std::strcmp(cli_color, "0") == 0);
    options.color = options.terminal && !unwanted;
    options.measure_width = width_of_terminal;
    return options;
}

struct Console::Shared {
    ConsoleOptions options;
    std::shared_ptr<StatusLine> line;
    spdlog::logger logger;
    std::unique_ptr<LogFiles> files;
    std::chrono::steady_clock::time_point start;
    std::mutex mutex; ///< guards `stage`
    std::string stage;

    explicit Shared(ConsoleOptions given)
        : options(std::move(given)),
          line(std::make_shared<StatusLine>(options.write_stderr ? options.write_stderr : write_to_stderr)),
          logger("lcclass", std::make_shared<LogSink>(line, options.color)), start(options.now()) {}

    void log(LogLevel level, const std::string& text, const Json& fields = {{"event", "log"}}) {
        // Texts go through a format argument: names from data may hold braces.
        logger.log(level == LogLevel::debug     ? spdlog::level::debug
                   : level == LogLevel::info    ? spdlog::level::info
                   : level == LogLevel::warning ? spdlog::level::warn
                                                : spdlog::level::err,
                   "{}", text);
        log_to_files(level, text, fields);
    }

    void log_to_files(LogLevel level, const std::string& text, Json fields) {
        if (!files) {
            return;
        }
        if (const std::lock_guard lock(mutex); !stage.empty() && !fields.contains("stage")) {
            fields["stage"] = stage;
        }
        files->write(level, text, fields);
    }
};

Console::Console(ConsoleOptions options) : m_shared(std::make_shared<Shared>(std::move(options))) {
    const ConsoleOptions& known = m_shared->options;
    m_bar = std::make_unique<ProgressBar>(
        ProgressBarOptions{.terminal = known.terminal,
                           .width = known.measure_width ? known.measure_width : [width = known.width] { return width; },
                           .now = known.now,
                           .report = [this](const ProgressStep& step) { report(step); }},
        m_shared->line);
    set_verbosity(known.quiet, known.verbose);
}

Console::~Console() = default;

void Console::set_verbosity(bool quiet, bool verbose) {
    m_shared->logger.set_level(quiet ? spdlog::level::warn : verbose ? spdlog::level::debug : spdlog::level::info);
    m_bar->set_silent(quiet);
}

void Console::open_log_files(const std::filesystem::path& plain, const std::filesystem::path& json,
                             const std::string& command_line) {
    m_shared->files = std::make_unique<LogFiles>(plain, json);
    m_shared->log_to_files(LogLevel::info, command_line, {{"event", "begin"}, {"version", LCCLASS_VERSION}});
}

void Console::report(const ProgressStep& step) {
    const LogLevel level = step.ended && step.seconds < quick ? LogLevel::debug : LogLevel::info;
    if (m_shared->options.terminal && !step.ended) {
        m_shared->log_to_files(level, line_of(step), fields_of(step));
    } else {
        m_shared->log(level, line_of(step), fields_of(step));
    }
}

void Console::note(const StageNote& note) {
    if (const std::lock_guard lock(m_shared->mutex); note.event == StageNote::Event::begins) {
        m_shared->stage = note.stage;
    }
    if (m_shared->options.terminal && note.event == StageNote::Event::begins &&
        m_shared->logger.should_log(spdlog::level::info)) {
        m_shared->line->write_above("\n");
    }
    m_shared->log(LogLevel::info, line_of(note), fields_of(note));
    if (const std::lock_guard lock(m_shared->mutex); note.event == StageNote::Event::ends) {
        m_shared->stage.clear();
    }
}

void Console::finish(ExitCode code) {
    const double seconds = std::chrono::duration<double>(m_shared->options.now() - m_shared->start).count();
    const int number = static_cast<int>(code);
    m_shared->log_to_files(LogLevel::info,
                           "ends with exit code " + std::to_string(number) + " after " + describe_duration(seconds),
                           {{"event", "end"}, {"exit_code", number}, {"seconds", rounded(seconds)}});
}

void Console::print(const std::string& text) {
    m_shared->line->clear();
    const auto& write = m_shared->options.write_stdout;
    write ? write(text + "\n") : write_to_stdout(text + "\n");
}

void Console::flush() {
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        refuse_stdout();
    }
    if (m_shared->files) {
        m_shared->files->check();
    }
}

void Console::inform(const std::string& text) {
    m_shared->log(LogLevel::info, text);
}

void Console::detail(const std::string& text) {
    m_shared->log(LogLevel::debug, text);
}

void Console::warn(const std::string& text) {
    m_shared->log(LogLevel::warning, text);
}

void Console::error(const std::string& text) {
    m_shared->line->clear(); // nothing goes on
    m_shared->log(LogLevel::error, text);
}

void Console::error(const Error& error) {
    m_shared->line->clear();
    const Fault& fault = error.fault();
    m_shared->log(LogLevel::error, error.what(),
                  {{"event", "error"},
                   {"code", static_cast<int>(error.code())},
                   {"where", fault.where},
                   {"field", fault.field},
                   {"problem", fault.problem},
                   {"fix", fault.fix}});
}

Progress& Console::progress() {
    return *m_bar;
}

} // namespace lcclass
