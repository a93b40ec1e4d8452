#include "forest/leaf_boxes.h"

#include <algorithm>

namespace lcclass {

const LeafBox* LeafBoxes::next() {
    const std::vector<RandomForest::Node>& nodes = m_tree.nodes;
    if (m_started) {
        // A left child is the node after its parent: everything deeper than the next right turn is done.
        while (!m_path.empty() && m_node >= nodes[m_path.back().node].right) {
            leave();
        }
        if (m_path.empty()) {
            return nullptr;
        }
        const std::uint32_t parent = m_path.back().node;
        leave();
        enter(parent, false);
        m_node = nodes[parent].right;
    }
    m_started = true;
    while (!nodes[m_node].is_leaf()) {
        enter(m_node, true);
        ++m_node;
    }
    m_box.leaf = &nodes[m_node];
    return &m_box;
}

std::uint32_t LeafBoxes::side_of(std::uint32_t feature, bool& is_new) {
    const auto found = std::find_if(m_box.sides.begin(), m_box.sides.end(),
                                    [&](const BoxSide& side) { return side.feature == feature; });
    is_new = found == m_box.sides.end();
    const auto index = static_cast<std::uint32_t>(found - m_box.sides.begin());
    if (is_new) {
        m_box.sides.push_back({.feature = feature});
    }
    return index;
}

void LeafBoxes::enter(std::uint32_t node, bool left) {
    const RandomForest::Node& test = m_tree.nodes[node];
    Step step{.node = node, .side = 0, .is_new_side = false, .before = {}};
    step.side = side_of(test.feature(), step.is_new_side);
    BoxSide& side = m_box.sides[step.side];
    step.before = side;
    const double left_cover = m_tree.cover[node + 1];
    const double right_cover = m_tree.cover[test.right];
    if (left) {
        side.high = std::min(side.high, test.cut());
        side.share *= left_cover / (left_cover + right_cover);
    } else {
        side.low = std::max(side.low, test.cut() + 1);
        side.share *= right_cover / (left_cover + right_cover);
    }
    m_path.push_back(step);
}

void LeafBoxes::leave() {
    const Step& step = m_path.back();
    if (step.is_new_side) {
        m_box.sides.pop_back();
    } else {
        m_box.sides[step.side] = step.before;
    }
    m_path.pop_back();
}

} // namespace lcclass
