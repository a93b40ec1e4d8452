#include "forest/distribution_table.h"

#include "lcclass/forest/random_forest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace lcclass {

void to_fixed_point(std::span<const double> weights, std::span<std::uint16_t> out) {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    const auto exact = [&](std::size_t k) { return weights[k] / total * RandomForest::probability_one; };
    std::uint32_t missing = RandomForest::probability_one;
    for (std::size_t k = 0; k < weights.size(); ++k) {
        out[k] = static_cast<std::uint16_t>(std::min(std::floor(exact(k)), static_cast<double>(missing)));
        missing -= out[k];
    }
    for (; missing > 0; --missing) {
        std::size_t most = 0;
        for (std::size_t k = 1; k < weights.size(); ++k) {
            most = exact(k) - out[k] > exact(most) - out[most] ? k : most;
        }
        ++out[most];
    }
}

DistributionTable::DistributionTable(int n_classes) : m_n_classes(static_cast<std::size_t>(n_classes)) {
    reset();
}

void DistributionTable::reset() {
    m_size = 0;
    m_values.clear();
    m_slots.assign(std::max<std::size_t>(64, std::bit_ceil(4 * m_n_classes)), 0);
    std::vector<std::uint16_t> pure(m_n_classes, 0);
    for (std::size_t k = 0; k < m_n_classes; ++k) {
        pure[k] = static_cast<std::uint16_t>(RandomForest::probability_one);
        index_of(pure);
        pure[k] = 0;
    }
}

std::span<const std::uint16_t> DistributionTable::at(std::uint32_t index) const {
    return std::span(m_values).subspan(index * m_n_classes, m_n_classes);
}

std::size_t DistributionTable::slot_of(std::span<const std::uint16_t> distribution) const {
    std::uint64_t hash = 0;
    for (const std::uint16_t value : distribution) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
        hash ^= hash >> 29U;
    }
    std::size_t slot = hash & (m_slots.size() - 1);
    while (m_slots[slot] != 0 && !std::ranges::equal(at(m_slots[slot] - 1), distribution)) {
        slot = (slot + 1) & (m_slots.size() - 1);
    }
    return slot;
}

std::uint32_t DistributionTable::index_of(std::span<const std::uint16_t> distribution) {
    std::size_t slot = slot_of(distribution);
    if (m_slots[slot] != 0) {
        return m_slots[slot] - 1;
    }
    if (2 * (std::size_t{m_size} + 1) > m_slots.size()) {
        rehash(2 * m_slots.size());
        slot = slot_of(distribution);
    }
    m_values.insert(m_values.end(), distribution.begin(), distribution.end());
    m_slots[slot] = ++m_size;
    return m_size - 1;
}

void DistributionTable::rehash(std::size_t n_slots) {
    m_slots.assign(n_slots, 0);
    for (std::uint32_t index = 0; index < m_size; ++index) {
        m_slots[slot_of(at(index))] = index + 1;
    }
}

} // namespace lcclass
