/// Features as small integers: the ranks of their values, or of quantile bins where there are too many values.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/pixel_block.h"

#include <cstdint>
#include <vector>

namespace lcclass {

/// One feature. Code i stands for the values from lowest[i] to highest[i]; thresholds[i] parts code i from code
/// i + 1: highest[i] <= thresholds[i] < lowest[i + 1].
struct CodedFeature {
    std::vector<std::uint16_t> codes; ///< one per row
    std::vector<float> lowest;
    std::vector<float> highest;
    std::vector<float> thresholds;

    [[nodiscard]] int n_codes() const { return static_cast<int>(lowest.size()); }
    /// Index of the threshold nearest to the middle of the gap between two codes, where scikit-learn would cut when
    /// no value in between is in the node. Requires: left < right.
    [[nodiscard]] std::uint32_t cut_between(std::uint32_t left, std::uint32_t right) const;
};

/// At most `max_bins` codes per feature. Runs on all threads.
/// Throws: Error(input) naming the first feature and row with a value that is not finite.
std::vector<CodedFeature> encode_features(const FeatureView& features, int max_bins);

/// The float halfway between two neighbours, such that low <= result < high. Requires: low < high, both finite.
float threshold_between(float low, float high);

} // namespace lcclass
