#include "forest/feature_codes.h"

#include "lcclass/core/error.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>

namespace lcclass {

namespace {

/// A value and its row in one word that sorts by value: the order of IEEE floats is that of their bits once
/// negative numbers are mirrored.
std::uint64_t sortable(float value, std::uint32_t row) {
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F); // -0 and 0 are one value
    const std::uint32_t mask = (bits >> 31U) != 0 ? 0xFFFFFFFFU : 0x80000000U;
    return (static_cast<std::uint64_t>(bits ^ mask) << 32U) | row;
}

float value_of(std::uint64_t word) {
    const auto bits = static_cast<std::uint32_t>(word >> 32U);
    return std::bit_cast<float>(bits ^ ((bits >> 31U) != 0 ? 0x80000000U : 0xFFFFFFFFU));
}

/// Radix sort by the upper 32 bits.
void sort_by_value(std::vector<std::uint64_t>& words) {
    constexpr unsigned digit_bits = 11;
    std::vector<std::uint64_t> other(words.size());
    for (unsigned shift = 32; shift < 64; shift += digit_bits) {
        std::array<std::size_t, (1U << digit_bits) + 1> start{};
        const auto digit = [&](std::uint64_t word) { return (word >> shift) & ((1U << digit_bits) - 1); };
        for (const std::uint64_t word : words) {
            ++start[digit(word) + 1];
        }
        for (std::size_t i = 1; i < start.size(); ++i) {
            start[i] += start[i - 1];
        }
        for (const std::uint64_t word : words) {
            other[start[digit(word)]++] = word;
        }
        words.swap(other);
    }
}

std::size_t count_distinct(const std::vector<std::uint64_t>& sorted) {
    std::size_t n = 1;
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        n += (sorted[i] >> 32U) != (sorted[i - 1] >> 32U) ? 1 : 0;
    }
    return n;
}

CodedFeature encode_column(const float* column, std::size_t n, std::size_t max_bins) {
    std::vector<std::uint64_t> words(n);
    for (std::size_t i = 0; i < n; ++i) {
        words[i] = sortable(column[i], static_cast<std::uint32_t>(i));
    }
    sort_by_value(words);
    const bool exact = count_distinct(words) <= max_bins;

    CodedFeature feature;
    feature.codes.resize(n);
    std::size_t bin = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const float value = value_of(words[i]);
        const bool new_value = i == 0 || value != feature.highest.back();
        // A value belongs to the quantile that its first row falls in.
        const std::size_t value_bin = new_value ? i * max_bins / n : bin;
        if (i == 0 || (new_value && (exact || value_bin != bin))) {
            feature.lowest.push_back(value);
            feature.highest.push_back(value);
            bin = value_bin;
        }
        feature.highest.back() = value;
        feature.codes[words[i] & 0xFFFFFFFFU] = static_cast<std::uint16_t>(feature.lowest.size() - 1);
    }
    for (std::size_t i = 1; i < feature.lowest.size(); ++i) {
        feature.thresholds.push_back(threshold_between(feature.highest[i - 1], feature.lowest[i]));
    }
    return feature;
}

void check_finite(const FeatureView& features) {
    for (std::size_t f = 0; f < features.columns.size(); ++f) {
        for (std::int64_t i = 0; i < features.n_rows; ++i) {
            if (!std::isfinite(features.columns[f][i])) {
                throw Error(ExitCode::input, {.where = {},
                                              .field = "feature " + std::to_string(f) + ", row " + std::to_string(i),
                                              .problem = "the value is not a finite number",
                                              .fix = "drop the row, or give the feature a value there"});
            }
        }
    }
}

} // namespace

float threshold_between(float low, float high) {
    const auto middle = static_cast<float>((static_cast<double>(low) + static_cast<double>(high)) / 2);
    return middle < high ? middle : low;
}

std::uint32_t CodedFeature::cut_between(std::uint32_t left, std::uint32_t right) const {
    const double low = highest[left];
    const double high = lowest[right];
    const double middle = low + (high - low) / 2;
    const auto begin = thresholds.begin() + static_cast<std::ptrdiff_t>(left);
    const auto end = thresholds.begin() + static_cast<std::ptrdiff_t>(right);
    auto nearest = std::lower_bound(begin, end, middle, [](float t, double m) { return static_cast<double>(t) < m; });
    if (nearest == end ||
        (nearest != begin && middle - static_cast<double>(*(nearest - 1)) <= static_cast<double>(*nearest) - middle)) {
        --nearest;
    }
    return static_cast<std::uint32_t>(nearest - thresholds.begin());
}

std::vector<CodedFeature> encode_features(const FeatureView& features, int max_bins) {
    check_finite(features);
    std::vector<CodedFeature> coded(features.columns.size());
    tbb::parallel_for(std::size_t{0}, coded.size(), [&](std::size_t f) {
        coded[f] = encode_column(features.columns[f], static_cast<std::size_t>(features.n_rows),
                                 static_cast<std::size_t>(max_bins));
    });
    return coded;
}

} // namespace lcclass
