#include "lcclass/sampling/variogram.h"
#include "sampling/variogram_model.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <vector>

namespace lcclass {

namespace sampling {

namespace {

/// exp(-x) as the 2^20th power of its expansion at 0. Requires: x >= 0.
double decay(double x) {
    if (x > 700) {
        return 0;
    }
    constexpr int halvings = 20;
    double small = x;
    for (int i = 0; i < halvings; ++i) {
        small /= 2;
    }
    // 1 - exp(-small) keeps its digits where exp(-small) itself is next to 1.
    double off = small * (1 - small / 2 * (1 - small / 3 * (1 - small / 4)));
    for (int i = 0; i < halvings; ++i) {
        off = off * (2 - off);
    }
    return 1 - off;
}

} // namespace

double rise(Curve curve, double distance, double range) {
    const double x = distance / range;
    if (curve == Curve::exponential) {
        return 1 - decay(3 * x);
    }
    return x < 1 ? x * (1.5 - 0.5 * x * x) : 1;
}

} // namespace sampling

namespace {

using sampling::Curve;

constexpr double least_explained = 0.5;
constexpr double least_rise = 0.05; // of the sill

struct Fit {
    Curve curve = Curve::spherical;
    double nugget_share = 1; ///< of the sill
    double range = 0;
    double sill = 0;
    double criterion = std::numeric_limits<double>::infinity();
};

/// The scale that minimises the criterion for a shape is in closed form: a quadratic in 1 / sill.
Fit fit_of(const std::vector<VariogramLag>& lags, Curve curve, double nugget_share, double range) {
    double pairs = 0;
    double linear = 0;
    double square = 0;
    for (const VariogramLag& lag : lags) {
        const double shape = nugget_share + (1 - nugget_share) * sampling::rise(curve, lag.distance_m, range);
        const auto n = static_cast<double>(lag.pairs);
        const double ratio = lag.semivariance / shape;
        pairs += n;
        linear += n * ratio;
        square += n * ratio * ratio;
    }
    return {.curve = curve,
            .nugget_share = nugget_share,
            .range = range,
            .sill = square / linear,
            .criterion = pairs - linear * linear / square};
}

/// The best of a grid of shapes.
Fit coarse_fit(const std::vector<VariogramLag>& lags, double longest) {
    constexpr int n_shares = 40;
    constexpr double step = 1.05;
    Fit best;
    for (const Curve curve : {Curve::spherical, Curve::exponential}) {
        for (double range = lags.front().distance_m / 2; range <= longest; range *= step) {
            for (int share = 0; share < n_shares; ++share) {
                const Fit fit = fit_of(lags, curve, static_cast<double>(share) / n_shares, range);
                if (fit.criterion < best.criterion) {
                    best = fit;
                }
            }
        }
    }
    return best;
}

/// Moves to the best neighbour, and halves the steps when there is no better one.
Fit refined_fit(const std::vector<VariogramLag>& lags, Fit best, double longest) {
    constexpr int halvings = 24;
    double share_step = 1.0 / 40;
    double range_step = 0.05;
    for (int halving = 0; halving < halvings;) {
        Fit better = best;
        for (const double share : {-share_step, 0.0, share_step}) {
            for (const double range : {1 / (1 + range_step), 1.0, 1 + range_step}) {
                const Fit fit = fit_of(lags, best.curve, std::clamp(best.nugget_share + share, 0.0, 1.0),
                                       std::min(longest, best.range * range));
                if (fit.criterion < better.criterion) {
                    better = fit;
                }
            }
        }
        if (better.criterion < best.criterion) {
            best = better;
        } else {
            ++halving;
            share_step /= 2;
            range_step /= 2;
        }
    }
    return best;
}

/// Share of the variation of semivariances about their mean that the model explains, every lag weighing its pairs. The
/// criterion itself would not do: it is relative to each model, and forgives a constant what it does not a curve.
double explained_by(const Fit& fit, const std::vector<VariogramLag>& lags) {
    double pairs = 0;
    double sum = 0;
    for (const VariogramLag& lag : lags) {
        pairs += static_cast<double>(lag.pairs);
        sum += static_cast<double>(lag.pairs) * lag.semivariance;
    }
    double about_mean = 0;
    double about_model = 0;
    for (const VariogramLag& lag : lags) {
        const double model = fit.sill * (fit.nugget_share +
                                         (1 - fit.nugget_share) * sampling::rise(fit.curve, lag.distance_m, fit.range));
        const double off_mean = lag.semivariance - sum / pairs;
        const double off_model = lag.semivariance - model;
        about_mean += static_cast<double>(lag.pairs) * off_mean * off_mean;
        about_model += static_cast<double>(lag.pairs) * off_model * off_model;
    }
    return about_mean > 0 ? std::max(0.0, 1 - about_model / about_mean) : 0;
}

} // namespace

void fit_model(Variogram& variogram, double cutoff_m, std::int64_t fewest_pairs) {
    std::vector<VariogramLag> lags;
    std::copy_if(variogram.lags.begin(), variogram.lags.end(), std::back_inserter(lags),
                 [&](const VariogramLag& lag) { return lag.pairs >= fewest_pairs && lag.distance_m > 0; });
    variogram.finding = VariogramFinding::too_few_pairs;
    if (std::ssize(lags) < fewest_lags) {
        return;
    }
    if (std::all_of(lags.begin(), lags.end(), [](const VariogramLag& lag) { return lag.semivariance == 0; })) {
        variogram.finding = VariogramFinding::constant;
        return;
    }
    const double longest = 3 * cutoff_m;
    const Fit constant = fit_of(lags, Curve::spherical, 1, longest);
    const Fit best = refined_fit(lags, coarse_fit(lags, longest), longest);
    variogram.explained = explained_by(best, lags);
    if (!(*variogram.explained >= least_explained) || 1 - best.nugget_share < least_rise) {
        variogram.finding = VariogramFinding::pure_nugget;
        variogram.nugget = constant.sill;
        variogram.sill = constant.sill;
        return;
    }
    variogram.model = best.curve == Curve::spherical ? "spherical" : "exponential";
    variogram.nugget = best.nugget_share * best.sill;
    if (best.range > cutoff_m) {
        variogram.finding = VariogramFinding::beyond_cutoff;
        return;
    }
    variogram.finding = VariogramFinding::range;
    variogram.sill = best.sill;
    variogram.range_m = best.range;
}

} // namespace lcclass
