#include "log_files.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"

#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

constexpr const char* plain_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v";
constexpr const char* json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)";
constexpr std::string_view json_start = "{\"time\":\"";

[[noreturn]] void refuse(const fs::path& path, const std::string& problem, const std::string& fix) {
    throw Error(ExitCode::output, {.where = path.string(), .field = {}, .problem = problem, .fix = fix});
}

bool is_time_stamp(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00";
    return text.size() >= form.size() && std::equal(form.begin(), form.end(), text.begin(), [](char f, char c) {
               return f == '0' ? std::isdigit(static_cast<unsigned char>(c)) != 0 : f == c;
           });
}

/// Lines at the end of a map or a config would be damage.
void require_log(const fs::path& path, bool json) {
    std::error_code status;
    if (!fs::is_regular_file(path, status)) {
        return; // a pipe, a terminal, or nothing yet
    }
    std::array<char, 64> bytes{};
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), bytes.size());
    std::string_view text(bytes.data(), static_cast<std::size_t>(file.gcount()));
    const bool empty = text.empty();
    const bool marked = !json || text.starts_with(json_start);
    text.remove_prefix(json && marked ? json_start.size() : 0);
    if (!empty && (!marked || !is_time_stamp(text))) {
        refuse(path, std::string("exists and is no ") + (json ? "JSON log" : "log") + " of lcclass",
               "choose another name");
    }
}

void require_writable(const fs::path& path) {
    const int descriptor = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
    if (descriptor < 0) {
        refuse(path, std::string("the log cannot be written: ") + std::strerror(errno),
               "choose a file in a folder that you may write to");
    }
    close(descriptor);
}

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
    case LogLevel::debug:
        return spdlog::level::debug;
    case LogLevel::info:
        return spdlog::level::info;
    case LogLevel::warning:
        return spdlog::level::warn;
    case LogLevel::error:
        return spdlog::level::err;
    }
    return spdlog::level::off;
}

} // namespace

struct LogFiles::Target {
    fs::path path;
    std::atomic<bool> failed = false;
    std::unique_ptr<spdlog::logger> logger;

    Target(const fs::path& target, bool json) : path(target) {
        require_log(path, json);
        require_writable(path);
        try {
            const auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
            sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(json ? json_pattern : plain_pattern,
                                                                            spdlog::pattern_time_type::utc));
            logger = std::make_unique<spdlog::logger>("file", sink);
        } catch (const spdlog::spdlog_ex& error) {
            refuse(path, error.what(), "choose another file");
        }
        logger->set_level(spdlog::level::trace);
        logger->flush_on(spdlog::level::trace); // who looks at it while the program works sees all
        logger->set_error_handler([this](const std::string&) { failed = true; });
    }

    void write(LogLevel level, const std::string& text) {
        logger->log(level_of(level), spdlog::string_view_t(text.data(), text.size()));
    }

    void check() const {
        if (failed) {
            refuse(path, "did not take the whole log", "check the space on its disk; the results are not affected");
        }
    }
};

LogFiles::LogFiles(const fs::path& plain, const fs::path& json) {
    if (!plain.empty()) {
        m_plain = std::make_unique<Target>(plain, false);
    }
    if (!json.empty()) {
        if (m_plain && fs::is_regular_file(plain) && same_file(plain, json)) {
            refuse(json, "is --log-file and --json-log", "give two names");
        }
        m_json = std::make_unique<Target>(json, true);
    }
}

LogFiles::~LogFiles() = default;

void LogFiles::write(LogLevel level, const std::string& message, const nlohmann::ordered_json& fields) {
    if (m_plain) {
        m_plain->write(level, escape_control(message));
    }
    if (m_json) {
        nlohmann::ordered_json object = fields;
        object["message"] = message;
        // The pattern begins the object with time and level.
        m_json->write(level, object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).substr(1));
    }
}

void LogFiles::check() const {
    for (const auto& target : {m_plain.get(), m_json.get()}) {
        if (target != nullptr) {
            target->check();
        }
    }
}

} // namespace lcclass
