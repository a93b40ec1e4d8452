#include "lcclass/core/sha256.h"

#include "lcclass/core/error.h"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <vector>

namespace lcclass {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

namespace {

void require(bool done) {
    if (!done) {
        throw Error(ExitCode::resources, {.where = {},
                                          .field = {},
                                          .problem = "SHA-256 is not available from libcrypto",
                                          .fix = "check its FIPS or provider configuration"});
    }
}

} // namespace

Sha256::Sha256() : m_state(std::make_unique<State>()) {
    require(m_state->context != nullptr && EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> bytes) {
    require(EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()) == 1);
}

void Sha256::update(const std::string& text) {
    update(std::as_bytes(std::span(text)));
}

std::string Sha256::hex_digest() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    require(EVP_DigestFinal_ex(m_state->context, digest.data(), &size) == 1);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        std::array<char, 4> two{};
        std::snprintf(two.data(), two.size(), "%02x", digest[i]);
        hex += two.data();
    }
    return hex;
}

std::string sha256_of(const std::string& bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.hex_digest();
}

std::string sha256_of_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    Sha256 hash;
    std::vector<char> buffer(1U << 20U);
    while (file) {
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        hash.update(std::as_bytes(std::span(buffer.data(), static_cast<std::size_t>(file.gcount()))));
    }
    if (!file.eof() || file.bad()) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = {},
                                      .problem = "cannot be read",
                                      .fix = "check that it exists and its permissions"});
    }
    return hash.hex_digest();
}

} // namespace lcclass
