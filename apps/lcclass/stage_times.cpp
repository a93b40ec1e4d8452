#include "stage_times.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr int format_version = 1;
constexpr std::uintmax_t largest = std::uintmax_t{1} << 20;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Makes Linux forget the peak of the memory, so that a stage is not charged with that of an earlier one.
bool forget_peak_memory() {
    std::ofstream file("/proc/self/clear_refs");
    file << "5" << std::flush;
    return file.good();
}

std::optional<std::int64_t> peak_memory() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("VmHWM:") && line.ends_with(" kB")) {
            const auto kib = parse_int(trim(std::string_view(line).substr(6, line.size() - 9)));
            return kib ? std::optional(*kib * 1024) : std::nullopt;
        }
    }
    return std::nullopt;
}

double rounded(double seconds) {
    return std::round(seconds * 1000) / 1000;
}

} // namespace

std::vector<StageTime> parse_stage_times(const std::string& text, const std::string& where) {
    std::vector<StageTime> stages;
    try {
        const Json json = Json::parse(text);
        if (json.at("times") != format_version) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "times",
                                          .problem = "is of another version of lcclass",
                                          .fix = "move the file away; run writes a new one"});
        }
        for (const Json& item : json.at("stages")) {
            StageTime time{.stage = item.at("stage"),
                           .seconds = item.at("seconds"),
                           .cpu_seconds = item.at("cpu_seconds"),
                           .peak_memory_bytes = {}};
            if (item.contains("peak_memory_bytes")) {
                time.peak_memory_bytes = item.at("peak_memory_bytes").get<std::int64_t>();
            }
            stages.push_back(std::move(time));
        }
    } catch (const Json::exception&) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = {},
                                      .problem = "is not a times.json of lcclass",
                                      .fix = "move the file away; run writes a new one"});
    }
    return stages;
}

StageTimes StageTimes::load(const fs::path& folder) {
    StageTimes times;
    times.m_folder = folder;
    const fs::path file = folder / "times.json";
    std::error_code status;
    if (fs::exists(file, status)) {
        times.m_stages = parse_stage_times(read_file(file, largest), file.string());
    }
    return times;
}

void StageTimes::put(StageTime time) {
    const auto found = std::ranges::find(m_stages, time.stage, &StageTime::stage);
    if (found == m_stages.end()) {
        m_stages.push_back(std::move(time));
    } else {
        *found = std::move(time);
    }
}

void StageTimes::save() const {
    Json list = Json::array();
    for (const StageTime& time : m_stages) {
        Json item = {
            {"stage", time.stage}, {"seconds", rounded(time.seconds)}, {"cpu_seconds", rounded(time.cpu_seconds)}};
        if (time.peak_memory_bytes) {
            item["peak_memory_bytes"] = *time.peak_memory_bytes;
        }
        list.push_back(std::move(item));
    }
    const Json json = {{"times", format_version}, {"stages", std::move(list)}};
    write_file_atomically(m_folder / "times.json", json.dump(2) + "\n", true);
}

StageClock::StageClock() : m_start(now()), m_cpu_start(cpu_seconds()), m_knows_peak(forget_peak_memory()) {}

StageTime StageClock::time_of(const std::string& stage) const {
    return {.stage = stage,
            .seconds = now() - m_start,
            .cpu_seconds = cpu_seconds() - m_cpu_start,
            .peak_memory_bytes = m_knows_peak ? peak_memory() : std::nullopt};
}

} // namespace lcclass
