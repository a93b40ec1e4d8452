/// Distinct leaf distributions in fixed point, found again by content.
/// Owned by one thread.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace lcclass {

/// Rounds weights to integers that sum to RandomForest::probability_one, by largest remainder (the lower class on
/// ties). Requires: weights >= 0 with a sum > 0; out of the same size.
void to_fixed_point(std::span<const double> weights, std::span<std::uint16_t> out);

class DistributionTable {
public:
    /// Starts with the n_classes distributions of pure leaves, class k at index k.
    explicit DistributionTable(int n_classes);

    /// Index of an equal distribution, added at the end when it is new.
    std::uint32_t index_of(std::span<const std::uint16_t> distribution);
    [[nodiscard]] std::uint32_t size() const { return m_size; }
    [[nodiscard]] std::span<const std::uint16_t> at(std::uint32_t index) const;
    /// All distributions, row-major; leaves the table empty.
    std::vector<std::uint16_t> take() { return std::move(m_values); }
    /// Back to the pure leaves, keeping the memory.
    void reset();

private:
    void rehash(std::size_t n_slots);
    [[nodiscard]] std::size_t slot_of(std::span<const std::uint16_t> distribution) const;

    std::size_t m_n_classes;
    std::uint32_t m_size = 0;
    std::vector<std::uint16_t> m_values;
    std::vector<std::uint32_t> m_slots; ///< open addressing; index + 1, 0 for empty
};

} // namespace lcclass
