#include "lcclass/assess/calibration.h"

#include "lcclass/core/portable_exp.h"
#include "lcclass/core/portable_log.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lcclass {

namespace {

/// Neighbouring points whose means were in the wrong order, pooled.
struct Pool {
    double first_votes = 0;
    double last_votes = 0;
    double weight = 0;
    double weighted = 0; ///< weight of the samples of the class

    [[nodiscard]] double mean() const { return weighted / weight; }
    void take(const Pool& next) {
        last_votes = next.last_votes;
        weight += next.weight;
        weighted += next.weighted;
    }
};

/// One point per distinct share of votes, ascending.
std::vector<Pool> distinct_points(const OneAgainstRest& scores) {
    std::vector<std::size_t> order(scores.votes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return scores.votes[a] < scores.votes[b]; });
    std::vector<Pool> points;
    for (const std::size_t i : order) {
        const double weight = scores.weight[i];
        const Pool point{.first_votes = scores.votes[i],
                         .last_votes = scores.votes[i],
                         .weight = weight,
                         .weighted = scores.is_class[i] != 0 ? weight : 0};
        if (!points.empty() && points.back().last_votes == point.first_votes) {
            points.back().take(point);
        } else {
            points.push_back(point);
        }
    }
    return points;
}

/// What Newton's method needs to know of the log loss at one sigmoid.
struct LossAt {
    double loss = 0;
    double by_slope = 0;
    double by_intercept = 0;
    double slope_slope = 0;
    double slope_intercept = 0;
    double intercept_intercept = 0;
};

class SigmoidFit {
public:
    explicit SigmoidFit(const OneAgainstRest& scores) : m_scores(scores) {
        for (std::size_t i = 0; i < scores.weight.size(); ++i) {
            (scores.is_class[i] != 0 ? m_positive : m_negative) += scores.weight[i];
        }
    }

    [[nodiscard]] CalibrationCurve run() const {
        constexpr int most_steps = 200;
        constexpr double flat = 1e-10; // of the gradient per unit of weight
        CalibrationCurve curve{.slope = 0, .intercept = portable_log((m_negative + 1) / (m_positive + 1))};
        LossAt here = loss_at(curve);
        const double most = flat * (m_positive + m_negative);
        for (int step = 0; step < most_steps; ++step) {
            if (std::abs(here.by_slope) < most && std::abs(here.by_intercept) < most) {
                break;
            }
            if (!descend(curve, here)) {
                break;
            }
        }
        return curve;
    }

private:
    [[nodiscard]] LossAt loss_at(const CalibrationCurve& curve) const {
        const double hit = (m_positive + 1) / (m_positive + 2);
        const double miss = 1 / (m_negative + 2);
        LossAt at;
        for (std::size_t i = 0; i < m_scores.votes.size(); ++i) {
            const double votes = m_scores.votes[i];
            const double weight = m_scores.weight[i];
            const double target = m_scores.is_class[i] != 0 ? hit : miss;
            const double z = curve.slope * votes + curve.intercept;
            const double p = portable_logistic(-z);
            // -t log p - (1 - t) log(1 - p), without taking the logarithm of something near 0.
            at.loss +=
                weight * ((z >= 0 ? target * z : (target - 1) * z) + portable_log(1 + portable_exp(z >= 0 ? -z : z)));
            const double gradient = weight * (target - p);
            const double curvature = weight * p * (1 - p);
            at.by_slope += gradient * votes;
            at.by_intercept += gradient;
            at.slope_slope += curvature * votes * votes;
            at.slope_intercept += curvature * votes;
            at.intercept_intercept += curvature;
        }
        return at;
    }

    /// One step of Newton's method, halved until the loss falls enough; false when it cannot any more.
    bool descend(CalibrationCurve& curve, LossAt& here) const {
        constexpr double ridge = 1e-12; // keeps the Hessian invertible where all votes are alike
        constexpr double least_step = 1e-10;
        const double a = here.slope_slope + ridge;
        const double d = here.intercept_intercept + ridge;
        const double determinant = a * d - here.slope_intercept * here.slope_intercept;
        const double slope_step = -(d * here.by_slope - here.slope_intercept * here.by_intercept) / determinant;
        const double intercept_step = -(a * here.by_intercept - here.slope_intercept * here.by_slope) / determinant;
        const double decrease = here.by_slope * slope_step + here.by_intercept * intercept_step;
        for (double step = 1; step >= least_step; step /= 2) {
            const CalibrationCurve tried{.slope = curve.slope + step * slope_step,
                                         .intercept = curve.intercept + step * intercept_step};
            const LossAt there = loss_at(tried);
            if (there.loss < here.loss + 1e-4 * step * decrease) {
                curve = tried;
                here = there;
                return true;
            }
        }
        return false;
    }

    const OneAgainstRest& m_scores;
    double m_positive = 0;
    double m_negative = 0;
};

} // namespace

CalibrationCurve fit_isotonic(const OneAgainstRest& scores) {
    std::vector<Pool> pools;
    for (const Pool& point : distinct_points(scores)) {
        pools.push_back(point);
        while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) {
            const Pool last = pools.back();
            pools.pop_back();
            pools.back().take(last);
        }
    }
    CalibrationCurve curve;
    for (const Pool& pool : pools) {
        const double mean = pool.mean();
        curve.votes.push_back(pool.first_votes);
        curve.probability.push_back(mean);
        if (pool.last_votes > pool.first_votes) {
            curve.votes.push_back(pool.last_votes);
            curve.probability.push_back(mean);
        }
    }
    return curve;
}

CalibrationCurve fit_sigmoid(const OneAgainstRest& scores) {
    return SigmoidFit(scores).run();
}

} // namespace lcclass
