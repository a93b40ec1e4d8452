#include "resources.h"

#include "lcclass/core/text.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t least_memory = std::int64_t{64} << 20;

std::string first_line(const fs::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// Folder of this process's control group under `mount`: version 2 (`controller` empty) or a version 1 hierarchy.
fs::path control_group(const std::string& controller, const fs::path& mount) {
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const auto parts = split(line, ':');
        if (parts.size() < 3) {
            continue;
        }
        const auto controllers = split(parts[1], ',');
        if (std::find(controllers.begin(), controllers.end(), controller) != controllers.end()) {
            return mount / fs::path(parts[2]).relative_path();
        }
    }
    return mount;
}

/// Calls `visit` for the group's folder and the ones above it, up to `mount`: limits hold for all below.
template <class Visit>
void for_groups_up(fs::path group, const fs::path& mount, Visit visit) {
    while (group.native().size() > mount.native().size()) {
        visit(group);
        group = group.parent_path();
    }
    visit(mount);
}

double processor_quota() {
    double quota = std::numeric_limits<double>::infinity();
    const auto narrow = [&](const std::string& granted, const std::string& period) {
        const auto numerator = parse_double(granted);
        const auto denominator = parse_double(period);
        if (numerator && denominator && *numerator > 0 && *denominator > 0) {
            quota = std::min(quota, *numerator / *denominator);
        }
    };
    const fs::path unified = "/sys/fs/cgroup";
    for_groups_up(control_group("", unified), unified, [&](const fs::path& group) {
        const auto parts = split(first_line(group / "cpu.max"), ' ');
        if (parts.size() == 2) {
            narrow(parts[0], parts[1]);
        }
    });
    const fs::path legacy = "/sys/fs/cgroup/cpu";
    for_groups_up(control_group("cpu", legacy), legacy, [&](const fs::path& group) {
        narrow(first_line(group / "cpu.cfs_quota_us"), first_line(group / "cpu.cfs_period_us"));
    });
    return quota;
}

std::int64_t control_group_memory() {
    std::int64_t limit = std::numeric_limits<std::int64_t>::max();
    const auto narrow = [&](const std::string& text) {
        const auto bytes = parse_int(text);
        if (bytes && *bytes > 0) {
            limit = std::min(limit, *bytes);
        }
    };
    const fs::path unified = "/sys/fs/cgroup";
    for_groups_up(control_group("", unified), unified,
                  [&](const fs::path& group) { narrow(first_line(group / "memory.max")); });
    const fs::path legacy = "/sys/fs/cgroup/memory";
    for_groups_up(control_group("memory", legacy), legacy,
                  [&](const fs::path& group) { narrow(first_line(group / "memory.limit_in_bytes")); });
    return limit;
}

std::optional<double> size_of(const std::string& text) {
    constexpr std::string_view suffixes = "KMGT";
    std::string number = text;
    double factor = 1;
    if (!number.empty()) {
        const std::size_t power = suffixes.find(number.back());
        if (power != std::string_view::npos) {
            factor = std::pow(1024.0, static_cast<double>(power + 1));
            number.pop_back();
        }
    }
    const auto value = parse_double(number);
    return value && std::isfinite(*value) ? std::optional(*value * factor) : std::nullopt;
}

} // namespace

int available_threads() {
    cpu_set_t set;
    CPU_ZERO(&set);
    const int affinity = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set)
                                                                      : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
    const double quota = std::ceil(processor_quota());
    return std::max(1, quota < affinity ? static_cast<int>(quota) : affinity);
}

std::int64_t available_memory() {
    std::int64_t bytes = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
    bytes = std::min(bytes, control_group_memory());
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        limit.rlim_cur < static_cast<rlim_t>(bytes)) {
        bytes = static_cast<std::int64_t>(limit.rlim_cur);
    }
    return bytes;
}

std::int64_t parse_size(const std::string& text) {
    return static_cast<std::int64_t>(size_of(text).value_or(0));
}

std::string problem_with_size(const std::string& text) {
    const auto bytes = size_of(text);
    if (!bytes) {
        return text + " is not a size like 512M or 2G";
    }
    if (*bytes < static_cast<double>(least_memory) || *bytes > 1e15) {
        return text + " is not between 64M and 900T";
    }
    return {};
}

std::string describe_bytes(std::int64_t bytes) {
    constexpr std::array<const char*, 5> units = {"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text.data();
}

} // namespace lcclass
