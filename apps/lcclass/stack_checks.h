/// What is wrong or missing in the bands that a stack was made of.
/// A value; belongs to one thread.
#pragma once

#include "command.h"

#include "lcclass/features/feature_source.h"

#include <string>
#include <vector>

namespace lcclass {

/// Reflectances that no surface has (the sign of an offset subtracted twice), and pixels that are nodata because their
/// number is saturated or below `--min-valid-dn`.
class StackChecks {
public:
    /// Of what was read so far.
    explicit StackChecks(const FeatureSource& source);

    /// Throws Error(input) naming the first band with more than 1 % of its reflectances below -0.02.
    void require_plausible(const std::string& where) const;
    /// Warns of such bands, and prints how many pixels were saturated or too low.
    void report(Context& context) const;

private:
    struct Band {
        std::string name;
        bool is_reflectance = false;
        BandTally tally;

        [[nodiscard]] double negative_share() const;
        [[nodiscard]] bool is_implausible() const;
    };
    std::vector<Band> m_bands;
};

} // namespace lcclass
