/// times.json: how long the stages of a folder took when they last ran. Beside the manifest, since times differ from
/// run to run. Values; not synchronised.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

struct StageTime {
    std::string stage;
    double seconds = 0;
    double cpu_seconds = 0;                        ///< of all threads
    std::optional<std::int64_t> peak_memory_bytes; ///< nothing where the system does not tell
};

class StageTimes {
public:
    /// Empty when `folder` has none. Throws Error(input) when the file there is something else.
    static StageTimes load(const std::filesystem::path& folder);

    /// Replaces what is known of the stage.
    void put(StageTime time);
    /// Throws Error(output).
    void save() const;
    [[nodiscard]] const std::vector<StageTime>& stages() const { return m_stages; }

private:
    std::filesystem::path m_folder;
    std::vector<StageTime> m_stages;
};

/// Reads such a text. Throws Error(input) naming `where`.
std::vector<StageTime> parse_stage_times(const std::string& text, const std::string& where);

/// Measures a stage from its construction on.
class StageClock {
public:
    StageClock();
    [[nodiscard]] StageTime time_of(const std::string& stage) const;

private:
    double m_start;
    double m_cpu_start;
    bool m_knows_peak;
};

} // namespace lcclass
