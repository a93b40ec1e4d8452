/// The leaves of a tree as boxes in feature space, one after the other in preorder.
/// A LeafBoxes belongs to one thread.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstdint>
#include <vector>

namespace lcclass {

/// All tests on one feature along the path to a leaf, merged: a row passes when low <= code <= high. `share` is the
/// product of the cover ratios: the part of training draws that passes when the feature is unknown.
struct BoxSide {
    std::uint32_t feature = 0;
    std::uint32_t low = 0;
    std::uint32_t high = 0xFFFFU;
    double share = 1;

    [[nodiscard]] bool contains(std::uint32_t code) const { return code >= low && code <= high; }
};

struct LeafBox {
    const RandomForest::Node* leaf = nullptr;
    std::vector<BoxSide> sides; ///< one per feature on the path

    /// Part of the training draws that reaches the leaf.
    [[nodiscard]] double expectation() const {
        double product = 1;
        for (const BoxSide& side : sides) {
            product *= side.share;
        }
        return product;
    }
};

class LeafBoxes {
public:
    /// Keeps a reference to `tree`.
    explicit LeafBoxes(const RandomForest::Tree& tree) : m_tree(tree) {}

    /// The next leaf, valid until the call after; null after the last.
    const LeafBox* next();

private:
    /// A test on the current path, and what the box had before it, so that leaving the path undoes it.
    struct Step {
        std::uint32_t node;
        std::uint32_t side;
        bool is_new_side;
        BoxSide before;
    };

    void enter(std::uint32_t node, bool left);
    void leave();
    std::uint32_t side_of(std::uint32_t feature, bool& is_new);

    const RandomForest::Tree& m_tree;
    std::uint32_t m_node = 0;
    bool m_started = false;
    std::vector<Step> m_path;
    LeafBox m_box;
};

} // namespace lcclass
