/// Quantiles of numbers.
/// Pure; safe from any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace lcclass {

/// The number that a `share` of 0..1 of `sorted` is below, linear between numbers, as numpy's default.
/// Requires: one number at least, ascending.
inline double quantile(const std::vector<double>& sorted, double share) {
    const double position = share * static_cast<double>(sorted.size() - 1);
    const auto at = std::min(static_cast<std::size_t>(position), sorted.size() - 1);
    const double next = sorted[std::min(at + 1, sorted.size() - 1)];
    return sorted[at] + (position - static_cast<double>(at)) * (next - sorted[at]);
}

} // namespace lcclass
