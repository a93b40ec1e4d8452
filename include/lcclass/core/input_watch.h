/// Notices input files that change while outputs are made from them: no output is committed then.
/// Made and ended by one thread; `throw_if_inputs_changed` is safe from any thread meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace lcclass {

/// Keeps watch from its construction to its end. One that is made meanwhile takes over until it ends.
class InputWatch {
public:
    /// Watches files, and the files that folders hold now, hidden ones left out; not `outputs`, which may lie in such a
    /// folder. What does not exist is left to whoever reads it.
    InputWatch(const std::vector<std::filesystem::path>& inputs, const std::vector<std::filesystem::path>& outputs);
    ~InputWatch();
    InputWatch(const InputWatch&) = delete;
    InputWatch& operator=(const InputWatch&) = delete;

    /// Throws Error(input) naming the first file that vanished, was replaced, or has another size or modification time.
    void check() const;

private:
    /// What the file system says of a file.
    struct Stamp {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::int64_t bytes = 0;
        std::int64_t modified_ns = 0;
    };
    static bool read_stamp(const std::filesystem::path& path, Stamp& stamp);
    void watch(const std::filesystem::path& path, const std::vector<std::filesystem::path>& outputs);

    std::vector<std::pair<std::filesystem::path, Stamp>> m_files;
    const InputWatch* m_previous;
};

/// What AtomicOutput asks before a file comes to its final path: `check` of the current watch, if there is one.
void throw_if_inputs_changed();

} // namespace lcclass
