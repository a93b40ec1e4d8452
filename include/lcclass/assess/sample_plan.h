/// How many reference units a map needs, and how they are shared out among its classes.
/// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

struct PlanStratum {
    std::int32_t code = 0;
    std::string name;
    std::int64_t pixels = 0;
    std::int64_t excluded = 0; ///< of `pixels`: not to be drawn, since the map was trained on them
    double expected_users_accuracy = 0.8;
};

struct PlanOptions {
    double target_se = 0.01; ///< of the overall accuracy
    std::int64_t min_per_stratum = 50;
};

struct SamplePlan {
    std::int64_t optimum_units = 0;        ///< that the target takes when shared out best: Olofsson et al. 2014, eq. 13
    std::vector<std::int64_t> units;       ///< per stratum
    double expected_se = 0;                ///< of the overall accuracy, from `units`: at most the target
    std::vector<double> expected_users_se; ///< of each stratum's user's accuracy
    [[nodiscard]] std::int64_t total() const;
    /// True when some stratum has fewer units: all that could be drawn.
    [[nodiscard]] bool is_below(std::int64_t min_per_stratum) const;
};

/// Units for a standard error of overall accuracy, n = (sum W S)^2 / (SE^2 + sum W S^2 / N) with S^2 = U (1 - U):
/// Cochran 1977, eq. 5.25; Olofsson et al. 2014, eq. 13. Rounded up.
std::int64_t optimum_units(std::span<const PlanStratum> strata, double target_se);

/// `total` units: at least `min_per_stratum` each (or all pixels of a smaller stratum), the others in proportion to
/// the area; more than `total` where the minimum takes them.
std::vector<std::int64_t> allocate(std::span<const PlanStratum> strata, std::int64_t total,
                                   std::int64_t min_per_stratum);

/// The fewest units so shared out that meet the target. Requires: strata with pixels.
/// Throws: Error(configuration) for a target outside 0 to 0.5, a minimum below 2, an accuracy outside 0 to 1, or a
/// target that takes more than a million units; Error(input) naming a stratum of which training left fewer than two
/// units, or less than all of a stratum of one pixel.
SamplePlan plan_sample(std::span<const PlanStratum> strata, const PlanOptions& options);

} // namespace lcclass
