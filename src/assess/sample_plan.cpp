#include "lcclass/assess/sample_plan.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace lcclass {

namespace {

constexpr std::int64_t most_units = 1000000;

[[noreturn]] void refuse(std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::configuration,
                {.where = "plan", .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

std::int64_t drawable(const PlanStratum& stratum) {
    return stratum.pixels - stratum.excluded;
}

double variance_of_one(const PlanStratum& stratum) {
    return stratum.expected_users_accuracy * (1 - stratum.expected_users_accuracy);
}

double total_pixels(std::span<const PlanStratum> strata) {
    double total = 0;
    for (const PlanStratum& stratum : strata) {
        total += static_cast<double>(stratum.pixels);
    }
    return total;
}

/// Standard error of a stratum's share from `units` drawn without replacement.
double se_within(const PlanStratum& stratum, std::int64_t units) {
    const auto n = static_cast<double>(units);
    const double unseen = 1 - n / static_cast<double>(stratum.pixels);
    return units == 0 ? 0 : std::sqrt(std::max(0.0, unseen) * variance_of_one(stratum) / n);
}

double overall_se(std::span<const PlanStratum> strata, const std::vector<std::int64_t>& units) {
    const double pixels = total_pixels(strata);
    double variance = 0;
    for (std::size_t h = 0; h < strata.size(); ++h) {
        const double part = static_cast<double>(strata[h].pixels) / pixels * se_within(strata[h], units[h]);
        variance += part * part;
    }
    return std::sqrt(variance);
}

/// Without two units of a class, or all of a smaller one, its part of the standard errors is not known.
void require_drawable(const PlanStratum& stratum) {
    if (drawable(stratum) >= std::min<std::int64_t>(2, stratum.pixels)) {
        return;
    }
    throw Error(ExitCode::input,
                {.where = "plan",
                 .field = "class_code=" + std::to_string(stratum.code) + " (" + stratum.name + ")",
                 .problem = "the map was trained on " + with_thousands(stratum.excluded) + " of the class's " +
                            with_thousands(stratum.pixels) + " pixels, which leaves " +
                            with_thousands(drawable(stratum)) + " to draw; a standard error takes 2",
                 .fix = "train on fewer of them (sample --per-class), or merge the class with another"});
}

void check(std::span<const PlanStratum> strata, const PlanOptions& options) {
    if (!(options.target_se > 0 && options.target_se < 0.5)) {
        refuse("target_se=" + format_number(options.target_se), "is not between 0 and 0.5",
               "give a standard error of overall accuracy such as 0.01");
    }
    if (options.min_per_stratum < 2) {
        refuse("min_per_stratum=" + std::to_string(options.min_per_stratum), "is less than 2",
               "a standard error takes 2 units in every stratum; 50 to 100 are usual");
    }
    for (const PlanStratum& stratum : strata) {
        if (!(stratum.expected_users_accuracy >= 0 && stratum.expected_users_accuracy <= 1)) {
            refuse("expected_ua=" + format_number(stratum.expected_users_accuracy), "is not between 0 and 1",
                   "give the share of the class's pixels that you expect to be right, such as 0.8");
        }
        require_drawable(stratum);
    }
}

/// `total` in proportion to `shares`, rounded by largest remainder.
std::vector<std::int64_t> in_proportion(const std::vector<double>& shares, std::int64_t total) {
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    std::vector<std::int64_t> counts;
    std::vector<std::pair<double, std::size_t>> remainders;
    std::int64_t given = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const double exact = sum > 0 ? static_cast<double>(total) * shares[i] / sum : 0;
        counts.push_back(static_cast<std::int64_t>(std::floor(exact)));
        remainders.emplace_back(std::floor(exact) - exact, i);
        given += counts.back();
    }
    std::sort(remainders.begin(), remainders.end());
    for (std::size_t i = 0; i < remainders.size() && given < total && sum > 0; ++i, ++given) {
        ++counts[remainders[i].second];
    }
    return counts;
}

} // namespace

std::int64_t SamplePlan::total() const {
    return std::accumulate(units.begin(), units.end(), std::int64_t{0});
}

bool SamplePlan::is_below(std::int64_t min_per_stratum) const {
    return std::any_of(units.begin(), units.end(), [&](std::int64_t n) { return n < min_per_stratum; });
}

std::int64_t optimum_units(std::span<const PlanStratum> strata, double target_se) {
    const double pixels = total_pixels(strata);
    double spread = 0;
    double variance = 0;
    for (const PlanStratum& stratum : strata) {
        const double weight = static_cast<double>(stratum.pixels) / pixels;
        spread += weight * std::sqrt(variance_of_one(stratum));
        variance += weight * variance_of_one(stratum);
    }
    return static_cast<std::int64_t>(std::ceil(spread * spread / (target_se * target_se + variance / pixels)));
}

std::vector<std::int64_t> allocate(std::span<const PlanStratum> strata, std::int64_t total,
                                   std::int64_t min_per_stratum) {
    std::vector<std::int64_t> units(strata.size());
    std::vector<bool> fixed(strata.size(), false);
    while (true) {
        std::int64_t left = total;
        std::vector<double> shares;
        for (std::size_t h = 0; h < strata.size(); ++h) {
            left -= fixed[h] ? units[h] : 0;
            shares.push_back(fixed[h] ? 0 : static_cast<double>(strata[h].pixels));
        }
        const std::vector<std::int64_t> shared = in_proportion(shares, std::max<std::int64_t>(left, 0));
        // Strata below the minimum are fixed first: that leaves less for the others, which may then fall below it.
        bool changed = false;
        for (std::size_t h = 0; h < strata.size(); ++h) {
            const std::int64_t least = std::min(min_per_stratum, drawable(strata[h]));
            if (!fixed[h] && shared[h] < least) {
                units[h] = least;
                fixed[h] = changed = true;
            }
        }
        for (std::size_t h = 0; h < strata.size() && !changed; ++h) {
            if (!fixed[h] && shared[h] > drawable(strata[h])) {
                units[h] = drawable(strata[h]);
                fixed[h] = changed = true;
            }
        }
        if (changed) {
            continue;
        }
        for (std::size_t h = 0; h < strata.size(); ++h) {
            units[h] = fixed[h] ? units[h] : shared[h];
        }
        return units;
    }
}

SamplePlan plan_sample(std::span<const PlanStratum> strata, const PlanOptions& options) {
    check(strata, options);
    SamplePlan plan;
    plan.optimum_units = optimum_units(strata, options.target_se);
    const auto meets = [&](std::int64_t total) {
        return overall_se(strata, allocate(strata, total, options.min_per_stratum)) <= options.target_se;
    };
    std::int64_t low = 0; // does not meet, or is not known to
    std::int64_t high = std::max<std::int64_t>(plan.optimum_units, 1);
    while (high <= most_units && !meets(high)) {
        low = high;
        high *= 2;
    }
    if (high > most_units) {
        refuse("target_se=" + format_number(options.target_se), "takes more than 1,000,000 units",
               "aim at a larger standard error, such as 0.01");
    }
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (meets(middle) ? high : low) = middle;
    }
    plan.units = allocate(strata, high, options.min_per_stratum);
    plan.expected_se = overall_se(strata, plan.units);
    for (std::size_t h = 0; h < strata.size(); ++h) {
        plan.expected_users_se.push_back(se_within(strata[h], plan.units[h]));
    }
    return plan;
}

} // namespace lcclass
