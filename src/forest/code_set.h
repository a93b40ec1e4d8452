/// A set of 16-bit codes that gives them back in ascending order in a time that depends on how many there are.
/// Owned by one thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace lcclass {

class CodeSet {
public:
    /// True when `code` was in the set before.
    bool insert(std::uint32_t code) {
        std::uint64_t& word = m_words[code >> 6U];
        const std::uint64_t bit = std::uint64_t{1} << (code & 63U);
        const bool present = (word & bit) != 0;
        word |= bit;
        m_summary[code >> 12U] |= std::uint64_t{1} << ((code >> 6U) & 63U);
        return present;
    }

    /// Calls `visit(code)` for every code in ascending order and empties the set. Requires: codes < n_codes.
    template <class Visit>
    void drain(int n_codes, Visit&& visit) {
        const std::uint32_t n_summaries = (static_cast<std::uint32_t>(n_codes) + 4095U) >> 12U;
        for (std::uint32_t s = 0; s < n_summaries; ++s) {
            std::uint64_t summary = m_summary[s];
            m_summary[s] = 0;
            while (summary != 0) {
                const std::uint32_t w = (s << 6U) + static_cast<std::uint32_t>(std::countr_zero(summary));
                summary &= summary - 1;
                std::uint64_t word = m_words[w];
                m_words[w] = 0;
                while (word != 0) {
                    const std::uint32_t code = (w << 6U) + static_cast<std::uint32_t>(std::countr_zero(word));
                    word &= word - 1;
                    visit(code);
                }
            }
        }
    }

private:
    std::array<std::uint64_t, 1024> m_words{};
    std::array<std::uint64_t, 16> m_summary{}; ///< which words are not 0
};

} // namespace lcclass
