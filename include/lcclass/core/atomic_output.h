/// A file that appears whole at its final path or not at all: temporary name in the same folder, fsync, rename.
/// One object belongs to one thread; several processes may write the same path.
#pragma once

#include <filesystem>
#include <string>

namespace lcclass {

/// Usage: write to `temporary()`, close it, check it, `commit()`. Destruction without commit removes the temporary.
class AtomicOutput {
public:
    /// Reserves a temporary name beside `path`, with the same extension, for drivers that look at it.
    /// Throws Error(output) before any work is done when `path` exists and `overwrite` is false, is a folder, or
    /// its folder is missing or not writable, or is not a local file.
    AtomicOutput(std::filesystem::path path, bool overwrite);
    ~AtomicOutput();
    AtomicOutput(const AtomicOutput&) = delete;
    AtomicOutput& operator=(const AtomicOutput&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const std::filesystem::path& temporary() const { return m_temporary; }
    /// fsync, rename over `path` (a symbolic link there is replaced, never followed), fsync of the folder.
    /// Throws Error(output), and Error(input) before the rename when an input that is watched (InputWatch) changed.
    void commit();

private:
    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    bool m_committed = false;
};

/// Writes `bytes` to `path` by the same protocol.
void write_file_atomically(const std::filesystem::path& path, const std::string& bytes, bool overwrite);

/// Whole content of a file. Throws Error(input) when it cannot be read or is larger than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::uintmax_t max_bytes = UINTMAX_MAX);

/// True when both names lead to the same file (device and inode), also through links.
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

} // namespace lcclass
