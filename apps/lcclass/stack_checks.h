/// What is wrong or missing in the bands of a stack, counted while it is written.
/// Belongs to one thread.
#pragma once

#include "command.h"

#include "lcclass/core/pixel_block.h"
#include "lcclass/features/feature_source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lcclass {

/// Of the features that are bands as they are: reflectances that no surface has (the sign of an offset subtracted
/// twice), and pixels that are nodata because their number is saturated or below `--min-valid-dn`.
class StackChecks {
public:
    explicit StackChecks(const FeatureSource& source);

    void count(const PixelBlock& block);
    /// Throws Error(input) naming the first band with more than 1 % of its reflectances below -0.02.
    void require_plausible(const std::string& where) const;
    /// Warns of such bands, and prints how many pixels were saturated or too low.
    void report(Context& context) const;

private:
    struct Count {
        std::string name;
        int band = 0;
        bool is_reflectance = false;
        std::int64_t valid = 0;
        std::int64_t negative = 0;
        std::int64_t saturated = 0;
        std::int64_t below_minimum = 0;

        [[nodiscard]] double negative_share() const;
        [[nodiscard]] bool is_implausible() const;
    };
    std::vector<Count> m_counts;
};

} // namespace lcclass
