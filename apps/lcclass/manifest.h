/// manifest.json: for every stage of a run its options, what it read and what it wrote, by content. The same run
/// gives the same bytes: no times, no paths that depend on the working directory.
/// Values; not synchronised.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lcclass {

/// A file, or a folder with all that is in it. Paths are as seen from the manifest's folder.
struct FileRecord {
    std::string path;
    std::string sha256;
    std::int64_t bytes = 0;
    bool operator==(const FileRecord&) const = default;
};

struct StageRecord {
    std::string stage;
    std::string version;
    std::string command_line; ///< that repeats the stage from the manifest's folder
    std::string options_json;
    std::uint64_t seed = 0;
    bool complete = false; ///< false: the stage began and nobody knows that it ended
    std::vector<FileRecord> inputs;
    std::vector<FileRecord> outputs; ///< without hashes while not complete

    /// SHA-256 over what decides the outputs: version, stage, options, seed and inputs.
    [[nodiscard]] std::string key() const;
};

class Manifest {
public:
    /// The manifest of `folder`, empty when there is none. Throws Error(input) when the file there is something else.
    static Manifest load(const std::filesystem::path& folder);

    [[nodiscard]] const StageRecord* find(const std::string& stage) const;
    /// True when some stage wrote, or began to write, `path`.
    [[nodiscard]] bool owns(const std::filesystem::path& path) const;
    void put(StageRecord record);
    /// Throws Error(output).
    void save() const;

    [[nodiscard]] std::string to_json() const;
    [[nodiscard]] const std::vector<StageRecord>& stages() const { return m_stages; }

private:
    std::filesystem::path m_folder;
    std::vector<StageRecord> m_stages;
};

/// Reads a manifest's text. Throws Error(input) naming `where`.
std::vector<StageRecord> parse_manifest(const std::string& text, const std::string& where);

/// Hashes files and folders, each content once while size, time stamp and inode stay the same.
class FileHasher {
public:
    /// Throws Error(input) when `path` does not exist or cannot be read.
    FileRecord record(const std::filesystem::path& path, const std::filesystem::path& folder);

private:
    struct Stamp {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::int64_t size = 0;
        std::int64_t mtime_ns = 0;
        auto operator<=>(const Stamp&) const = default;
    };

    FileRecord hash_file(const std::filesystem::path& path);
    FileRecord hash_folder(const std::filesystem::path& path);

    std::map<Stamp, std::string> m_known;
};

} // namespace lcclass
