#include "lcclass/core/input_watch.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <string>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

std::atomic<const InputWatch*> current_watch{nullptr};

bool is_hidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

} // namespace

InputWatch::InputWatch(const std::vector<fs::path>& inputs, const std::vector<fs::path>& outputs)
    : m_previous(current_watch.load()) {
    for (const fs::path& input : inputs) {
        std::error_code status;
        if (!fs::is_directory(input, status)) {
            watch(input, outputs);
            continue;
        }
        using Walk = fs::recursive_directory_iterator;
        for (Walk entry(input, fs::directory_options::skip_permission_denied, status); !status && entry != Walk();
             entry.increment(status)) {
            if (!is_hidden(entry->path())) {
                watch(entry->path(), outputs);
            } else {
                entry.disable_recursion_pending();
            }
        }
    }
    current_watch = this;
}

InputWatch::~InputWatch() {
    current_watch = m_previous;
}

bool InputWatch::read_stamp(const fs::path& path, Stamp& stamp) {
    struct stat info {};
    if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return false;
    }
    stamp = {.device = info.st_dev,
             .inode = info.st_ino,
             .bytes = info.st_size,
             .modified_ns = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec};
    return true;
}

void InputWatch::watch(const fs::path& path, const std::vector<fs::path>& outputs) {
    Stamp stamp;
    const auto is_this = [&](const fs::path& output) { return same_file(output, path); };
    if (read_stamp(path, stamp) && std::none_of(outputs.begin(), outputs.end(), is_this)) {
        m_files.emplace_back(path, stamp);
    }
}

void InputWatch::check() const {
    for (const auto& [path, before] : m_files) {
        std::string problem;
        Stamp now;
        if (!read_stamp(path, now)) {
            problem = "vanished while it was in use";
        } else if (now.device != before.device || now.inode != before.inode) {
            problem = "was replaced by another file while it was in use";
        } else if (now.bytes != before.bytes || now.modified_ns != before.modified_ns) {
            problem = "was written to while it was in use (" + with_thousands(before.bytes) + " bytes before, " +
                      with_thousands(now.bytes) + " now)";
        }
        if (!problem.empty()) {
            throw Error(ExitCode::input, {.where = path.string(),
                                          .field = {},
                                          .problem = problem,
                                          .fix = "run again when nothing changes it; no output was kept"});
        }
    }
}

void throw_if_inputs_changed() {
    if (const InputWatch* watch = current_watch.load()) {
        watch->check();
    }
}

} // namespace lcclass
