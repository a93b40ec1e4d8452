#include "forest/shap_leaves.h"

#include "forest/leaf_boxes.h"
#include "forest/packed_forest.h"
#include "lcclass/core/error.h"
#include "lcclass/forest/aligned_memory.h"

#include <algorithm>

namespace lcclass {

namespace {

/// Up to so many features every leaf has a lane for each.
constexpr std::size_t most_dense_features = 16;

struct LeafCount {
    std::size_t leaves = 0;
    std::size_t most_sides = 0;
};

LeafCount count_leaves(const RandomForest& forest) {
    LeafCount count;
    for (const RandomForest::Tree& tree : forest.trees()) {
        LeafBoxes boxes(tree);
        while (const LeafBox* box = boxes.next()) {
            count.leaves += box->sides.empty() ? 0 : 1;
            count.most_sides = std::max(count.most_sides, box->sides.size());
        }
    }
    return count;
}

/// In whole groups, of which the vector code knows these numbers.
std::size_t lanes_for(std::size_t sides) {
    for (std::size_t groups = 1; groups <= 4; ++groups) {
        if (sides <= groups * ShapLeaves::group) {
            return groups * ShapLeaves::group;
        }
    }
    return ShapLeaves::most_lanes;
}

} // namespace

ShapLeaves::ShapLeaves(const RandomForest& forest) : m_n_features(static_cast<std::size_t>(forest.n_features())) {
    const LeafCount count = count_leaves(forest);
    if (count.most_sides > most_lanes) {
        throw Error(ExitCode::resources, {.where = "SHAP",
                                          .field = "features_on_a_path=" + std::to_string(count.most_sides),
                                          .problem = "are more than the " + std::to_string(most_lanes) +
                                                     " that SHAP values are computed for",
                                          .fix = "train with --max-depth " + std::to_string(most_lanes)});
    }
    m_is_dense = m_n_features <= most_dense_features;
    m_lanes = lanes_for(m_is_dense ? m_n_features : count.most_sides);
    m_bounds = allocate_aligned<std::int16_t>(2 * count.leaves * m_lanes + group);
    m_share = allocate_aligned<double>(count.leaves * m_lanes + group);
    m_feature.resize(m_is_dense ? 0 : count.leaves * m_lanes);
    m_n_sides.reserve(count.leaves);
    m_distribution.reserve(count.leaves);
    for (const RandomForest::Tree& tree : forest.trees()) {
        LeafBoxes boxes(tree);
        while (const LeafBox* box = boxes.next()) {
            if (!box->sides.empty()) {
                add(*box->leaf, box->sides);
            }
        }
    }
}

std::size_t ShapLeaves::most_bytes(const RandomForest& forest) {
    const auto leaves = static_cast<std::size_t>(forest.n_nodes() + forest.n_trees()) / 2;
    const auto features = static_cast<std::size_t>(forest.n_features());
    const bool dense = features <= most_dense_features;
    const std::size_t lanes =
        lanes_for(dense ? features : std::min(features, static_cast<std::size_t>(forest.depth())));
    constexpr std::size_t interval = 2 * sizeof(std::int16_t);
    constexpr std::size_t leaf = sizeof(std::uint8_t) + sizeof(std::uint32_t); // sides and distribution
    return leaves * (lanes * (interval + sizeof(double) + (dense ? 0 : sizeof(std::uint16_t))) + leaf);
}

void ShapLeaves::add(const RandomForest::Node& leaf, std::span<const BoxSide> sides) {
    const std::size_t at = m_n_sides.size();
    std::int16_t* const low = m_bounds.get() + 2 * at * m_lanes;
    std::int16_t* const high = low + m_lanes;
    double* const share = m_share.get() + at * m_lanes;
    std::fill_n(low, m_lanes, PackedForest::shifted(0));
    std::fill_n(high, m_lanes, PackedForest::shifted(0xFFFF));
    std::fill_n(share, m_lanes, 1.0);
    for (std::size_t s = 0; s < sides.size(); ++s) {
        const std::size_t lane = is_dense() ? sides[s].feature : s;
        low[lane] = PackedForest::shifted(static_cast<std::uint16_t>(sides[s].low));
        high[lane] = PackedForest::shifted(static_cast<std::uint16_t>(sides[s].high));
        share[lane] = sides[s].share;
        if (!is_dense()) {
            m_feature[at * m_lanes + lane] = static_cast<std::uint16_t>(sides[s].feature);
        }
    }
    m_n_sides.push_back(static_cast<std::uint8_t>(sides.size()));
    m_distribution.push_back(leaf.distribution());
}

LeafWeights::LeafWeights(const RandomForest& forest, std::span<const std::int32_t> classes)
    : n_targets(classes.size()) {
    const double scale = 1.0 / (static_cast<double>(forest.n_trees()) * RandomForest::probability_one);
    const auto k = static_cast<std::size_t>(forest.n_classes());
    const auto distributions = forest.distributions();
    first.reserve(distributions.size() / k + 1);
    first.push_back(0);
    for (std::size_t at = 0; at < distributions.size(); at += k) {
        for (std::uint32_t target = 0; target < classes.size(); ++target) {
            const std::uint16_t part = distributions[at + static_cast<std::size_t>(classes[target])];
            if (part > 0) {
                weights.push_back({.target = target, .weight = part * scale});
            }
        }
        first.push_back(static_cast<std::uint32_t>(weights.size()));
    }
}

} // namespace lcclass
