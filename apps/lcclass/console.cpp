#include "console.h"

#include "progress_bar.h"

#include "lcclass/core/error.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>
#include <utility>

namespace lcclass {

namespace {

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

} // namespace

ConsoleOptions console_options_of_process() {
    ConsoleOptions options;
    const char* term = std::getenv("TERM");
    options.terminal = isatty(STDERR_FILENO) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
    options.color = options.terminal && !is_set("NO_COLOR");
    winsize size{};
    if (options.terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        options.width = size.ws_col;
    }
    return options;
}

struct Console::Shared {
    std::function<void(const std::string&)> write_stdout;
    std::shared_ptr<StatusLine> line;
    spdlog::logger logger;

    Shared(const ConsoleOptions& options, const std::shared_ptr<StatusLine>& status)
        : write_stdout(options.write_stdout ? options.write_stdout : write_to_stdout), line(status),
          logger("lcclass", std::make_shared<LogSink>(status, options.color)) {}
};

Console::Console(ConsoleOptions options) {
    const auto status = std::make_shared<StatusLine>(options.write_stderr ? options.write_stderr : write_to_stderr);
    m_shared = std::make_shared<Shared>(options, status);
    m_bar =
        std::make_unique<ProgressBar>(ProgressBarOptions{.terminal = options.terminal,
                                                         .width = options.width,
                                                         .now = options.now,
                                                         .report = [this](const std::string& text) { inform(text); }},
                                      status);
    set_verbosity(options.quiet, options.verbose);
}

Console::~Console() = default;

void Console::set_verbosity(bool quiet, bool verbose) {
    m_shared->logger.set_level(quiet ? spdlog::level::warn : verbose ? spdlog::level::debug : spdlog::level::info);
    m_bar->set_silent(quiet);
}

void Console::print(const std::string& text) {
    m_shared->line->clear();
    m_shared->write_stdout(text + "\n");
}

void Console::flush() {
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        refuse_stdout();
    }
}

// Texts go through a format argument: names from data may hold braces.
void Console::inform(const std::string& text) {
    m_shared->logger.info("{}", text);
}

void Console::detail(const std::string& text) {
    m_shared->logger.debug("{}", text);
}

void Console::warn(const std::string& text) {
    m_shared->logger.warn("{}", text);
}

void Console::error(const std::string& text) {
    m_shared->logger.error("{}", text);
}

Progress& Console::progress() {
    return *m_bar;
}

} // namespace lcclass
