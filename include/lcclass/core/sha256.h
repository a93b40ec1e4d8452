/// SHA-256 of bytes and files (FIPS 180-4), for manifests and checks that what was written is what is read.
/// One object belongs to one thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace lcclass {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::span<const std::byte> bytes);
    void update(const std::string& text);
    /// 64 lower-case hexadecimal digits. The object cannot be used afterwards.
    std::string hex_digest();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

std::string sha256_of(const std::string& bytes);
/// Throws Error(input) when the file cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

} // namespace lcclass
