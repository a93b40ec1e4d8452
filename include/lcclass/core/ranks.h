/// Order and ranks of numbers.
/// Pure; safe from any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

namespace lcclass {

/// Positions of `numbers` by ascending number, those of equal numbers as they come. Requires: no NaN.
template <class T>
std::vector<std::size_t> ascending_order(std::span<const T> numbers) {
    std::vector<std::size_t> order(numbers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
    return order;
}

/// Calls `visit(first, end)` for every run of equal numbers in `order`, which is ascending.
template <class T, class Visit>
void for_equal(std::span<const T> numbers, const std::vector<std::size_t>& order, const Visit& visit) {
    for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
        while (end < order.size() && numbers[order[end]] == numbers[order[first]]) {
            ++end;
        }
        visit(first, end);
    }
}

/// Ranks less their mean, per number; equal numbers share the mean of their ranks, as Spearman's correlation has them.
template <class T>
std::vector<double> centred_ranks(std::span<const T> numbers) {
    const std::vector<std::size_t> order = ascending_order(numbers);
    const double middle = (static_cast<double>(numbers.size()) - 1) / 2;
    std::vector<double> ranks(numbers.size());
    for_equal(numbers, order, [&](std::size_t first, std::size_t end) {
        const double rank = (static_cast<double>(first) + static_cast<double>(end) - 1) / 2;
        for (std::size_t i = first; i < end; ++i) {
            ranks[order[i]] = rank - middle;
        }
    });
    return ranks;
}

} // namespace lcclass
