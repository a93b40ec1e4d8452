#include "lcclass/core/atomic_output.h"

#include "lcclass/core/error.h"
#include "lcclass/core/input_watch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, std::string problem, std::string fix) {
    throw Error(ExitCode::output,
                {.where = path.string(), .field = {}, .problem = std::move(problem), .fix = std::move(fix)});
}

[[noreturn]] void refuse_errno(const fs::path& path, const std::string& doing) {
    refuse(path, doing + " failed: " + std::strerror(errno), "check free space, quota and permissions of its folder");
}

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

std::string host_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) {
        return "host";
    }
    std::string result(name.data());
    return result.substr(0, result.find('.'));
}

/// `.map.<host>.<pid>.<n>.part.tif`: hidden, unique to this process, and with the ending that drivers look at.
fs::path temporary_for(const fs::path& path, int attempt) {
    constexpr std::size_t longest_stem = 100; // leaves room for the rest within the 255 bytes of a name
    return folder_of(path) /
           ("." + path.stem().string().substr(0, longest_stem) + "." + host_name() + "." + std::to_string(getpid()) +
            "." + std::to_string(attempt) + ".part" + path.extension().string());
}

void check_target(const fs::path& path, bool overwrite) {
    const std::string text = path.string();
    if (path.filename().empty() || text.starts_with("/vsi") || text.find('\0') != std::string::npos) {
        refuse(path, "is not the name of a local file", "outputs are local files, written beside their final name");
    }
    if (path.filename().string().size() > NAME_MAX) {
        refuse(path, "its name is longer than " + std::to_string(NAME_MAX) + " bytes", "choose a shorter name");
    }
    std::error_code ignored;
    const fs::path folder = folder_of(path);
    if (!fs::is_directory(folder, ignored)) {
        refuse(path, "its folder does not exist", "mkdir -p '" + folder.string() + "'");
    }
    if (fs::is_directory(path, ignored)) {
        refuse(path, "is a folder", "name a file");
    }
    if (fs::symlink_status(path, ignored).type() != fs::file_type::not_found && !overwrite) {
        refuse(path, "exists", "choose another name or add --overwrite");
    }
    if (access(folder.c_str(), W_OK | X_OK) != 0) {
        refuse(path, "its folder is not writable", "check the permissions of '" + folder.string() + "'");
    }
}

void sync_path(const fs::path& path, int flags, const fs::path& final_path) {
    const int descriptor = open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) {
        refuse_errno(final_path, "opening to sync");
    }
    const bool synced = fsync(descriptor) == 0;
    const bool closed = close(descriptor) == 0;
    if (!synced || !closed) {
        refuse_errno(final_path, "fsync");
    }
}

} // namespace

AtomicOutput::AtomicOutput(fs::path path, bool overwrite) : m_path(std::move(path)) {
    check_target(m_path, overwrite);
    for (int attempt = 0;; ++attempt) {
        m_temporary = temporary_for(m_path, attempt);
        const int descriptor = open(m_temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
        if (descriptor >= 0) {
            close(descriptor);
            return;
        }
        if (errno != EEXIST) {
            refuse_errno(m_path, "creating a temporary file beside it");
        }
    }
}

AtomicOutput::~AtomicOutput() {
    if (!m_committed) {
        std::error_code ignored;
        fs::remove(m_temporary, ignored);
    }
}

void AtomicOutput::commit() {
    sync_path(m_temporary, O_RDONLY, m_path);
    throw_if_inputs_changed();
    if (rename(m_temporary.c_str(), m_path.c_str()) != 0) {
        refuse_errno(m_path, "renaming the finished file");
    }
    m_committed = true;
    sync_path(folder_of(m_path), O_RDONLY | O_DIRECTORY, m_path);
}

void write_file_atomically(const fs::path& path, const std::string& bytes, bool overwrite) {
    AtomicOutput output(path, overwrite);
    {
        std::ofstream file(output.temporary(), std::ios::binary | std::ios::trunc);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        file.close();
        if (!file) {
            refuse_errno(path, "writing");
        }
    }
    output.commit();
}

std::string read_file(const fs::path& path, std::uintmax_t max_bytes) {
    const auto fail = [&](const std::string& problem, const std::string& fix) {
        throw Error(ExitCode::input, {.where = path.string(), .field = {}, .problem = problem, .fix = fix});
    };
    std::error_code status;
    if (!fs::exists(path, status)) {
        fail("does not exist", "check the path");
    }
    if (!fs::is_regular_file(path, status)) {
        fail("is not a regular file", "name a file");
    }
    const std::uintmax_t size = fs::file_size(path, status);
    if (status || size > max_bytes) {
        fail("is larger than " + std::to_string(max_bytes) + " bytes", "check that it is the right file");
    }
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    if (!file || (content.fail() && size > 0)) {
        fail("cannot be read", "check its permissions");
    }
    return std::move(content).str();
}

bool same_file(const fs::path& a, const fs::path& b) {
    struct stat first {};
    struct stat second {};
    return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

} // namespace lcclass
