/// What the classes of a sample table look like in its features, and how far apart they lie.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/core/sample_table.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lcclass {

/// The values of one feature in one class.
struct ClassSignature {
    double mean = 0;
    double sd = 0;  ///< 0 of a single sample
    double low = 0; ///< 10th percentile
    double median = 0;
    double high = 0; ///< 90th percentile
};

/// Per class of `codes`, per feature. Requires: every class has samples.
std::vector<std::vector<ClassSignature>> class_signatures(const SampleTable& samples,
                                                          const std::vector<std::int32_t>& codes);

/// Jeffries-Matusita distance of every pair of `codes`, 0 (alike) to 2 (apart), by position: 2 (1 - exp(-B)) with the
/// Bhattacharyya distance B of normal distributions (Swain and King 1973). Nothing on the diagonal and where
/// a class has too few samples, or too dependent features, for its covariance to be inverted.
/// Requires: every class has samples.
std::vector<std::vector<std::optional<double>>> jeffries_matusita(const SampleTable& samples,
                                                                  const std::vector<std::int32_t>& codes);

} // namespace lcclass
