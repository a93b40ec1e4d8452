#include "lcclass/core/rng.h"

#include <cmath>
#include <numbers>

namespace lcclass {

namespace {

constexpr std::uint64_t golden_gamma = 0x9E3779B97F4A7C15ULL;

std::uint64_t finalize(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

} // namespace

std::uint64_t mix64(std::uint64_t a, std::uint64_t b) {
    return finalize(finalize(a + golden_gamma) ^ (b * golden_gamma + 1));
}

Rng::Rng(std::uint64_t seed, std::uint64_t stream) : m_key(mix64(seed, stream)) {}

std::uint64_t Rng::next_u64() {
    ++m_counter;
    return finalize(m_key + m_counter * golden_gamma);
}

std::uint64_t Rng::below(std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    auto product = static_cast<Wide>(next_u64()) * bound;
    auto low = static_cast<std::uint64_t>(product);
    if (low < bound) {
        const std::uint64_t threshold = (0 - bound) % bound;
        while (low < threshold) {
            product = static_cast<Wide>(next_u64()) * bound;
            low = static_cast<std::uint64_t>(product);
        }
    }
    return static_cast<std::uint64_t>(product >> 64U);
}

double Rng::uniform() {
    return static_cast<double>(next_u64() >> 11U) * 0x1.0p-53;
}

double Rng::normal() {
    if (m_has_spare) {
        m_has_spare = false;
        return m_spare_normal;
    }
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    m_spare_normal = radius * std::sin(angle);
    m_has_spare = true;
    return radius * std::cos(angle);
}

} // namespace lcclass
