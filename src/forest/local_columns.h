/// The features of the rows of one node, copied side by side and coded anew by rank, so that the whole subtree below
/// it is grown out of the processor's cache.
/// Owned by one thread; its memory is used again from node to node.
#pragma once

#include "forest/code_set.h"
#include "forest/feature_codes.h"
#include "forest/split_search.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

class LocalColumns {
public:
    explicit LocalColumns(const std::vector<CodedFeature>& features);

    /// Most rows that fit.
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }
    /// Copies the rows of `entries` and makes the entries refer to the copy.
    void load(std::span<BagEntry> entries, CodeSet& set);
    [[nodiscard]] CodeColumn column(int feature) const {
        const auto f = static_cast<std::size_t>(feature);
        return {.codes = m_codes.data() + f * m_capacity, .n_codes = m_n_codes[f]};
    }
    /// The code that `rank` of a local column stands for.
    [[nodiscard]] std::uint32_t global_code(int feature, std::uint32_t rank) const {
        return m_global[static_cast<std::size_t>(feature) * m_capacity + rank];
    }

private:
    void load_feature(std::size_t feature, std::span<const BagEntry> entries, CodeSet& set);

    const std::vector<CodedFeature>& m_features;
    std::size_t m_capacity;
    std::vector<std::uint16_t> m_codes;  ///< per feature and row
    std::vector<std::uint16_t> m_global; ///< per feature and rank
    std::vector<int> m_n_codes;
    std::vector<std::uint16_t> m_rank; ///< per global code, scratch
};

} // namespace lcclass
