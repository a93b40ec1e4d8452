/// Counting sort of 16-bit codes in two passes, as fast on hundreds of rows as on tens of thousands.
/// Owned by one thread; its memory is used again from sort to sort.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace lcclass {

/// Places of two stable passes, by the lower and then by the upper half of a code's bits.
class CodeSort {
public:
    /// For codes below n_codes.
    void begin(int n_codes) {
        const auto bits = static_cast<unsigned>(std::bit_width(static_cast<unsigned>(n_codes - 1)));
        m_shift = (bits + 1) / 2;
        m_mask = (1U << m_shift) - 1;
        m_size = std::size_t{1} << m_shift;
        std::fill_n(m_lower.begin(), m_size, 0U);
        std::fill_n(m_upper.begin(), m_size, 0U);
    }
    void count(std::uint32_t code) {
        ++m_lower[code & m_mask];
        ++m_upper[code >> m_shift];
    }
    /// After all codes were counted.
    void end_count() {
        std::uint32_t lower = 0;
        std::uint32_t upper = 0;
        for (std::size_t i = 0; i < m_size; ++i) {
            lower += std::exchange(m_lower[i], lower);
            upper += std::exchange(m_upper[i], upper);
        }
    }
    std::uint32_t first_place(std::uint32_t code) { return m_lower[code & m_mask]++; }
    /// Asked for in the order of first places.
    std::uint32_t final_place(std::uint32_t code) { return m_upper[code >> m_shift]++; }

private:
    unsigned m_shift = 0;
    std::uint32_t m_mask = 0;
    std::size_t m_size = 0;
    std::array<std::uint32_t, 256> m_lower{};
    std::array<std::uint32_t, 256> m_upper{};
};

} // namespace lcclass
