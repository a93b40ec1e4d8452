/// Rows predicted with some of their features taken from other rows, many such exchanges at once. Only the trees are
/// walked again in which a row meets a feature that changed, so that the cost does not grow with the number of
/// features a forest has.
/// Const access is safe from any thread.
#pragma once

#include "lcclass/forest/random_forest.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Row i gets the features `features` of row `partner[i]`.
struct RowExchange {
    std::span<const int> features;         ///< none: rows stay as they are
    std::span<const std::uint8_t> changes; ///< per feature of the forest: 1 for those
    std::vector<std::uint32_t> partner;
};

class ShuffledRows {
public:
    /// Keeps references to the forest and the classes. Requires: as many classes as rows; finite features.
    ShuffledRows(const RandomForest& forest, const FeatureView& rows, std::span<const std::int32_t> class_index);

    /// Rows whose most probable class (the lowest on ties) is their own, per exchange. Runs on all threads.
    [[nodiscard]] std::vector<std::int64_t> count_right(std::span<const RowExchange> exchanges) const;
    /// How many exchanges to ask for at once, so that they take little memory.
    [[nodiscard]] std::size_t exchanges_at_once() const;
    /// codes[row * n_features + feature], see `RandomForest::encode`.
    [[nodiscard]] std::span<const std::uint16_t> codes() const { return m_codes; }

private:
    class Part;

    const RandomForest& m_forest;
    std::span<const std::int32_t> m_class_index;
    std::vector<std::uint16_t> m_codes;
};

} // namespace lcclass
