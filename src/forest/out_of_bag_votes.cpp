#include "forest/out_of_bag_votes.h"

#include <algorithm>
#include <array>
#include <atomic>

namespace lcclass {

namespace {

constexpr std::size_t rows_in_flight = 8;

} // namespace

void OutOfBagVotes::add(std::span<const std::uint32_t> rows, std::span<const RandomForest::Node> nodes,
                        std::size_t first, const std::vector<CodedFeature>& features,
                        const DistributionTable& distributions) {
    // Several rows at once: their loads do not wait for each other.
    for (std::size_t begin = 0; begin < rows.size(); begin += rows_in_flight) {
        const std::size_t n = std::min(rows_in_flight, rows.size() - begin);
        std::array<std::uint32_t, rows_in_flight> at{};
        at.fill(static_cast<std::uint32_t>(first));
        bool is_walking = true;
        while (is_walking) {
            is_walking = false;
            for (std::size_t i = 0; i < n; ++i) {
                const RandomForest::Node node = nodes[at[i]];
                if (!node.is_leaf()) {
                    const std::uint16_t code = features[node.feature()].codes[rows[begin + i]];
                    at[i] = code <= node.cut() ? at[i] + 1 : node.right;
                    is_walking = true;
                }
            }
        }
        for (std::size_t i = 0; i < n; ++i) {
            add_row(rows[begin + i], nodes[at[i]].content, distributions);
        }
    }
}

void OutOfBagVotes::add_row(std::uint32_t row, std::uint32_t leaf_content, const DistributionTable& distributions) {
    if (leaf_content < m_n_classes) { // a pure leaf
        add(row, leaf_content, RandomForest::probability_one);
    } else {
        add(row, distributions.at(leaf_content));
    }
}

void OutOfBagVotes::add(std::uint32_t row, std::span<const std::uint16_t> distribution) {
    for (std::size_t k = 0; k < m_n_classes; ++k) {
        if (distribution[k] != 0) {
            add(row, k, distribution[k]);
        }
    }
}

void OutOfBagVotes::add(std::uint32_t row, std::size_t k, std::uint32_t votes) {
    std::atomic_ref(m_sums[row * m_n_classes + k]).fetch_add(votes, std::memory_order_relaxed);
}

std::optional<OutOfBagScore> OutOfBagVotes::score(std::span<const std::int32_t> class_index) const {
    std::int64_t n_voted = 0;
    std::int64_t n_right = 0;
    for (std::size_t row = 0; row < class_index.size(); ++row) {
        const auto begin = m_sums.begin() + static_cast<std::ptrdiff_t>(row * m_n_classes);
        const auto strongest = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(m_n_classes));
        if (*strongest > 0) {
            ++n_voted;
            n_right += strongest - begin == class_index[row] ? 1 : 0;
        }
    }
    if (n_voted == 0) {
        return std::nullopt;
    }
    return OutOfBagScore{.accuracy = static_cast<double>(n_right) / static_cast<double>(n_voted), .n_rows = n_voted};
}

} // namespace lcclass
