/// The log of one run in files, whatever the terminal shows: plain lines for people, one JSON object per line for
/// programs, both with the time in UTC.
/// Every function may be called from several threads at once.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace lcclass {

enum class LogLevel { debug, info, warning, error };

class LogFiles {
public:
    /// Appends to what is there; an empty path is a file that is not wanted. Throws Error(output) when one cannot be
    /// written, is something other than such a log, or both are the same.
    LogFiles(const std::filesystem::path& plain, const std::filesystem::path& json);
    ~LogFiles();
    LogFiles(const LogFiles&) = delete;
    LogFiles& operator=(const LogFiles&) = delete;

    /// `fields` are members of the JSON object besides time, level and message.
    void write(LogLevel level, const std::string& message, const nlohmann::ordered_json& fields);
    /// Throws Error(output) when a file did not take all that was written.
    void check() const;

private:
    struct Target;
    std::unique_ptr<Target> m_plain;
    std::unique_ptr<Target> m_json;
};

} // namespace lcclass
