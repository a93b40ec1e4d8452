/// What this process may use of the machine: processors and memory, as affinity, control groups and limits have it.
/// Safe from any thread.
#pragma once

#include <cstdint>
#include <string>

namespace lcclass {

/// Processors of the affinity mask, or fewer when a control group grants less time; at least 1.
int available_threads();

/// The least of physical memory, control group limit and RLIMIT_AS, in bytes.
std::int64_t available_memory();

/// Bytes of `2G`, `512M`, `1000000`; suffixes K, M, G, T are powers of 1024. Requires: `problem_with_size` has none.
std::int64_t parse_size(const std::string& text);

/// What is wrong with `text` as a size of at least 64M, or an empty text.
std::string problem_with_size(const std::string& text);

/// `1.5 GiB`, for messages.
std::string describe_bytes(std::int64_t bytes);

} // namespace lcclass
