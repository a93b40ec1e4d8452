/// Runs a program as a user does and keeps what it said.
/// Safe from any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lcclass::test {

struct ProcessResult {
    int exit_code = 0; ///< 128 + n when killed by signal n
    std::string output;
    std::string errors;
};

/// `arguments[0]` is the program; no shell is involved. `environment` entries `NAME=value` are added.
ProcessResult run_process(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                          const std::vector<std::string>& environment = {});

} // namespace lcclass::test
