#include "output_folder.h"

#include "lcclass/core/error.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, const std::string& problem, const std::string& fix) {
    throw Error(ExitCode::output, {.where = path.string(), .field = {}, .problem = problem, .fix = fix});
}

void check_target(const fs::path& path, bool overwrite, const std::string& marker) {
    std::error_code ignored;
    const fs::file_status status = fs::symlink_status(path, ignored);
    if (status.type() == fs::file_type::not_found) {
        return;
    }
    if (status.type() != fs::file_type::directory) {
        refuse(path, "exists and is not a folder", "choose another name");
    }
    if (fs::is_empty(path, ignored)) {
        return;
    }
    if (!overwrite) {
        refuse(path, "is a folder with files in it", "choose another name or add --overwrite");
    }
    if (!fs::exists(path / marker, ignored)) {
        refuse(path, "has no file " + marker + ", so lcclass did not make it and will not replace it",
               "choose another name, or remove the folder yourself");
    }
}

void sync_one(const fs::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (!synced) {
        refuse(path, "cannot be flushed to disk", "check free space, quota and the disk");
    }
}

} // namespace

OutputFolder::OutputFolder(fs::path path, bool overwrite, const std::string& marker) : m_path(std::move(path)) {
    m_path = fs::absolute(m_path).lexically_normal();
    if (!m_path.has_filename()) {
        m_path = m_path.parent_path();
    }
    check_target(m_path, overwrite, marker);
    std::error_code status;
    m_temporary = m_path.parent_path() / ("." + m_path.filename().string() + "." + std::to_string(getpid()) + ".part");
    fs::create_directories(m_path.parent_path(), status);
    if (status || !fs::create_directory(m_temporary, status)) {
        refuse(m_path, "cannot be made: " + (status ? status.message() : m_temporary.string() + " exists"),
               "check the path and the permissions of its folder");
    }
}

OutputFolder::~OutputFolder() {
    if (!m_committed) {
        std::error_code ignored;
        fs::remove_all(m_temporary, ignored);
    }
}

void OutputFolder::commit() {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(m_temporary)) {
        sync_one(entry.path());
    }
    sync_one(m_temporary);
    std::error_code status;
    const fs::path old = m_temporary.string() + ".old";
    const bool replaces = fs::exists(m_path, status);
    if (replaces) {
        fs::rename(m_path, old, status);
    }
    if (!status) {
        fs::rename(m_temporary, m_path, status);
    }
    if (status) {
        const std::string problem = "cannot be put in place: " + status.message();
        if (replaces && fs::exists(old)) {
            fs::rename(old, m_path, status);
        }
        refuse(m_path, problem, "check the permissions of its folder");
    }
    m_committed = true;
    sync_one(m_path.parent_path());
    fs::remove_all(old, status);
}

} // namespace lcclass
