#include "support/process.h"

#include "lcclass/core/atomic_output.h"
#include "support/temporary_folder.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace lcclass::test {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void run_child(const std::vector<std::string>& arguments, const fs::path& folder, const fs::path& output,
                            const fs::path& errors, const std::vector<std::string>& environment) {
    const int in = open("/dev/null", O_RDONLY);
    const int out = open(output.c_str(), O_CREAT | O_WRONLY, 0600);
    const int err = open(errors.c_str(), O_CREAT | O_WRONLY, 0600);
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    for (const std::string& entry : environment) {
        const std::size_t at = entry.find('=');
        setenv(entry.substr(0, at).c_str(), entry.substr(at + 1).c_str(), 1);
    }
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    if (chdir(folder.c_str()) == 0) {
        execv(argv[0], argv.data());
    }
    _exit(127);
}

} // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, const fs::path& folder,
                          const std::vector<std::string>& environment) {
    const TemporaryFolder captured;
    const fs::path output = captured.path() / "out";
    const fs::path errors = captured.path() / "err";
    const pid_t child = fork();
    if (child < 0) {
        throw std::runtime_error("fork failed");
    }
    if (child == 0) {
        run_child(arguments, folder, output, errors, environment);
    }
    int status = 0;
    waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {.exit_code = code, .output = read_file(output), .errors = read_file(errors)};
}

} // namespace lcclass::test
