/// Sums of leaf distributions over the trees that did not see a row.
/// Trees may add at the same time.
#pragma once

#include "forest/distribution_table.h"
#include "forest/feature_codes.h"
#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

class OutOfBagVotes {
public:
    OutOfBagVotes(std::int64_t n_rows, int n_classes)
        : m_n_classes(static_cast<std::size_t>(n_classes)), m_sums(static_cast<std::size_t>(n_rows) * m_n_classes) {}

    /// Sends the rows down from node `first`; its subtree is complete, its cuts are codes.
    void add(std::span<const std::uint32_t> rows, std::span<const RandomForest::Node> nodes, std::size_t first,
             const std::vector<CodedFeature>& features, const DistributionTable& distributions);
    /// Adds the distribution of the leaf that a row has reached.
    void add(std::uint32_t row, std::span<const std::uint16_t> distribution);
    /// Share of rows with votes whose strongest class, the lowest on ties, is the true one; nothing without votes.
    [[nodiscard]] std::optional<OutOfBagScore> score(std::span<const std::int32_t> class_index) const;

private:
    void add_row(std::uint32_t row, std::uint32_t leaf_content, const DistributionTable& distributions);
    void add(std::uint32_t row, std::size_t k, std::uint32_t votes);

    std::size_t m_n_classes;
    std::vector<std::uint32_t> m_sums;
};

} // namespace lcclass
