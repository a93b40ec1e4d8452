/// Counter-based random numbers: `Rng(seed, stream)` gives the same sequence on every machine and thread count.
/// An Rng is a small value owned by one thread; different streams are independent.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

namespace lcclass {

/// Mixes the bits of `a` and `b` into 64 well-spread bits (SplitMix64 finaliser; Steele et al. 2014).
std::uint64_t mix64(std::uint64_t a, std::uint64_t b);

class Rng {
public:
    /// `stream` says what the numbers are for: a tree, a node, a fold, a block, a pixel.
    Rng(std::uint64_t seed, std::uint64_t stream);

    std::uint64_t next_u64();
    /// Uniform in [0, bound), without modulo bias (Lemire 2019). Requires: bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// Uniform in [0, 1), 53 bits.
    double uniform();
    /// Standard normal (Box-Muller, both values used in turn).
    double normal();

    /// Fisher-Yates from the end.
    template <class T>
    void shuffle(std::span<T> items) {
        for (std::uint64_t i = items.size(); i > 1; --i) {
            std::swap(items[i - 1], items[below(i)]);
        }
    }

private:
    std::uint64_t m_key;
    std::uint64_t m_counter = 0;
    double m_spare_normal = 0;
    bool m_has_spare = false;
};

} // namespace lcclass
