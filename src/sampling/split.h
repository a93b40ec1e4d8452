/// How a sequence is cut into folds of nearly equal size.
/// Pure functions.
#pragma once

#include <cstdint>

namespace lcclass::sampling {

/// The fold (1..n_folds) of position `i` of `n` when the first n mod n_folds folds get one more, as
/// numpy.array_split and scikit-learn's KFold cut. Requires: 0 <= i < n, n_folds >= 1.
inline std::int32_t fold_of_position(std::int64_t i, std::int64_t n, int n_folds) {
    const std::int64_t size = n / n_folds;
    const std::int64_t in_larger = (n % n_folds) * (size + 1);
    const std::int64_t fold = i < in_larger ? i / (size + 1) : n % n_folds + (i - in_larger) / size;
    return static_cast<std::int32_t>(fold + 1);
}

} // namespace lcclass::sampling
