#include "forest/tree_decoder.h"

#include "forest/forest_check.h"

#include <tbb/parallel_for.h>

#include <memory>

namespace lcclass {

namespace {

using namespace model_format;

/// Calls `use` with a value of the type that sections have entries of.
template <class Use>
void with_unsigned(std::size_t width, Use&& use) {
    switch (width) {
    case 1:
        return use(std::uint8_t{});
    case 2:
        return use(std::uint16_t{});
    default:
        return use(std::uint32_t{});
    }
}

template <class Use>
void with_cover(CoverType type, Use&& use) {
    if (type == CoverType::f32) {
        return use(float{});
    }
    with_unsigned(width_of(type), use);
}

/// Where a tree begins in the sections.
struct TreePlace {
    std::uint64_t node = 0;
    std::uint64_t inner = 0;
    std::uint64_t leaf = 0;
    std::uint32_t n_nodes = 0;
};

class TreeDecoder {
public:
    TreeDecoder(const Counts& counts, const std::array<const char*, n_sections>& sections)
        : m_counts(counts), m_sections(sections) {}

    [[nodiscard]] std::vector<RandomForest::Tree> run() const {
        const std::vector<TreePlace> places = find_places();
        std::vector<RandomForest::Tree> trees(places.size());
        with_unsigned(m_counts.feature_width(), [&](auto feature) {
            with_unsigned(m_counts.distribution_width(), [&](auto distribution) {
                with_cover(m_counts.cover, [&](auto cover) {
                    tbb::parallel_for(std::size_t{0}, places.size(), [&](std::size_t t) {
                        trees[t] = decode<decltype(feature), decltype(distribution), decltype(cover)>(places[t]);
                    });
                });
            });
        });
        return trees;
    }

private:
    [[nodiscard]] std::vector<TreePlace> find_places() const {
        std::vector<TreePlace> places;
        TreePlace next;
        for (std::uint64_t t = 0; t < m_counts.n_trees; ++t) {
            next.n_nodes = load<std::uint32_t>(m_sections[tree_sizes] + 4 * t);
            if (next.n_nodes > m_counts.n_nodes - next.node) {
                reject_forest("tree " + std::to_string(t), "asks for more nodes than there are");
            }
            places.push_back(next);
            const std::uint32_t n_leaves = count_leaves(next);
            next.node += next.n_nodes;
            next.leaf += n_leaves;
            next.inner += next.n_nodes - n_leaves;
            const std::string field = "n_nodes=" + std::to_string(m_counts.n_nodes);
            if (next.inner > m_counts.n_inner()) {
                reject_forest(field, "there are more inner nodes than leaves allow");
            }
            if (next.leaf > m_counts.n_leaves()) {
                reject_forest(field, "there are more leaves than inner nodes allow");
            }
        }
        if (next.node != m_counts.n_nodes) {
            reject_forest("header.n_nodes=" + std::to_string(m_counts.n_nodes), "some nodes belong to no tree");
        }
        return places;
    }

    [[nodiscard]] std::uint32_t count_leaves(const TreePlace& place) const {
        std::uint32_t n_leaves = 0;
        with_unsigned(m_counts.feature_width(), [&](auto type) {
            using Feature = decltype(type);
            const char* const at = m_sections[features] + sizeof(Feature) * place.node;
            const auto leaf_mark = static_cast<Feature>(m_counts.n_features);
            for (std::size_t i = 0; i < place.n_nodes; ++i) {
                n_leaves += load<Feature>(at + sizeof(Feature) * i) == leaf_mark ? 1 : 0;
            }
        });
        return n_leaves;
    }

    template <class Feature, class Distribution, class Cover>
    [[nodiscard]] RandomForest::Tree decode(const TreePlace& place) const {
        const std::size_t n = place.n_nodes;
        RandomForest::Tree tree{.nodes = std::vector<RandomForest::Node>(n), .cover = std::vector<float>(n)};
        const auto splits = std::make_unique_for_overwrite<std::uint32_t[]>(n + 1);
        const auto leaves = std::make_unique_for_overwrite<std::uint32_t[]>(n + 1);
        const char* const feature_at = m_sections[features] + sizeof(Feature) * place.node;
        std::size_t n_splits = 0;
        std::size_t n_leaves = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            const bool is_leaf = load<Feature>(feature_at + sizeof(Feature) * i) == m_counts.n_features;
            splits[n_splits] = i;
            leaves[n_leaves] = i;
            n_splits += is_leaf ? 0 : 1;
            n_leaves += is_leaf ? 1 : 0;
        }
        for (std::size_t k = 0; k < n_splits; ++k) {
            const std::uint32_t feature = load<Feature>(feature_at + sizeof(Feature) * splits[k]);
            // Kept apart from leaves even when the tree ends before the right child.
            tree.nodes[splits[k]] = {.right = 0xFFFFFFFFU,
                                     .content = feature << 16U |
                                                load<std::uint16_t>(m_sections[cuts] + 2 * (place.inner + k))};
        }
        for (std::size_t k = 0; k < n_leaves; ++k) {
            tree.nodes[leaves[k]].content =
                load<Distribution>(m_sections[leaf_distributions] + sizeof(Distribution) * (place.leaf + k));
            tree.cover[leaves[k]] =
                static_cast<float>(load<Cover>(m_sections[leaf_covers] + sizeof(Cover) * (place.leaf + k)));
        }
        find_right_children(tree.nodes);
        return tree;
    }

    /// The node after a leaf is the right child of the innermost split that has none yet.
    static void find_right_children(std::vector<RandomForest::Node>& nodes) {
        const auto open = std::make_unique_for_overwrite<std::uint32_t[]>(nodes.size() + 1); // splits from [1] on
        std::size_t n_open = 0;
        open[0] = 0;
        for (std::uint32_t i = 0; i + 1 < nodes.size(); ++i) {
            const std::uint32_t right = nodes[i].right;
            const std::uint32_t is_leaf = right == 0 ? 1 : 0;
            if (n_open < is_leaf) {
                return; // no node leads to the next one
            }
            const std::uint32_t parent = i ^ ((i ^ open[n_open]) & (0U - is_leaf));
            nodes[parent].right = right ^ ((right ^ (i + 1)) & (0U - is_leaf));
            n_open -= is_leaf;
            open[n_open + 1] = i;
            n_open += 1 - is_leaf;
        }
        if (n_open > 0) { // the tree ends too early, or with this leaf
            nodes[open[n_open]].right = static_cast<std::uint32_t>(nodes.size());
        }
    }

    const Counts& m_counts;
    const std::array<const char*, n_sections>& m_sections;
};

} // namespace

std::vector<RandomForest::Tree> decode_trees(const Counts& counts,
                                             const std::array<const char*, n_sections>& sections) {
    return TreeDecoder(counts, sections).run();
}

} // namespace lcclass
