/// Where the splits of a tree are. Whether the next node is a leaf is a branch that cannot be predicted; a loop over
/// the splits alone has none.
/// A pure function; safe from any thread.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace lcclass {

class TreeSplits {
public:
    explicit TreeSplits(const std::vector<RandomForest::Node>& nodes)
        : m_positions(std::make_unique_for_overwrite<std::uint32_t[]>(nodes.size() + 1)) {
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            m_positions[m_size] = static_cast<std::uint32_t>(i);
            m_size += nodes[i].is_leaf() ? 0 : 1;
        }
    }

    /// Ascending.
    [[nodiscard]] std::span<const std::uint32_t> positions() const { return {m_positions.get(), m_size}; }

private:
    std::unique_ptr<std::uint32_t[]> m_positions;
    std::size_t m_size = 0;
};

} // namespace lcclass
