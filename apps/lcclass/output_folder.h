/// A folder that appears whole at its final path or not at all: built beside it under a temporary name, then renamed.
/// One object belongs to one thread.
#pragma once

#include <filesystem>
#include <string>

namespace lcclass {

class OutputFolder {
public:
    /// A folder that exists is replaced only with `overwrite`, and only when it is empty or holds the file `marker`,
    /// which says that lcclass made it. Throws: Error(output).
    OutputFolder(std::filesystem::path path, bool overwrite, const std::string& marker);
    /// Without a `commit` before it, removes the temporary folder.
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const std::filesystem::path& temporary() const { return m_temporary; }
    /// Flushes all files to disk, renames, removes what stood there before. Throws: Error(output).
    void commit();

private:
    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    bool m_committed = false;
};

} // namespace lcclass
