#include "lcclass/forest/probability_correction.h"

#include "forest/forest_check.h"
#include "lcclass/core/error.h"
#include "lcclass/core/portable_exp.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace lcclass {

namespace {

constexpr WordTable<CalibrationMethod, 3> method_words = {{
    {CalibrationMethod::none, "none"},
    {CalibrationMethod::isotonic, "isotonic"},
    {CalibrationMethod::sigmoid, "sigmoid"},
}};

constexpr std::size_t n_cells = 1024;
/// Lines between so many points of a sigmoid are within 1e-6 of it for slopes up to 30.
constexpr int sigmoid_lines = 4096;

void check_isotonic(const CalibrationCurve& curve, const std::string& field) {
    if (curve.votes.empty() || curve.votes.size() != curve.probability.size()) {
        reject_forest(field, "must have as many probabilities as votes, and one at least");
    }
    const auto within = [](double value) { return value >= 0 && value <= 1; }; // false for NaN
    for (std::size_t i = 0; i < curve.votes.size(); ++i) {
        if (!within(curve.votes[i]) || (i > 0 && !(curve.votes[i - 1] < curve.votes[i]))) {
            reject_forest(field, "votes must ascend within 0 to 1");
        }
        if (!within(curve.probability[i]) || (i > 0 && curve.probability[i] < curve.probability[i - 1])) {
            reject_forest(field, "probabilities must not descend nor leave 0 to 1");
        }
    }
}

} // namespace

std::string to_string(CalibrationMethod method) {
    return word_of(method_words, method);
}

CalibrationMethod parse_calibration_method(const std::string& word) {
    return parse_word(method_words, "calibrate", word, "a calibration");
}

void check_calibration(const ProbabilityCalibration& calibration, std::size_t n_classes) {
    const std::size_t expected = calibration.method == CalibrationMethod::none ? 0 : n_classes;
    if (calibration.curves.size() != expected) {
        reject_forest("calibration", "must have " + std::to_string(expected) + " curves");
    }
    for (std::size_t k = 0; k < expected; ++k) {
        const CalibrationCurve& curve = calibration.curves[k];
        const std::string field = "calibration curve " + std::to_string(k);
        if (calibration.method == CalibrationMethod::isotonic) {
            check_isotonic(curve, field);
        } else if (!std::isfinite(curve.slope) || !std::isfinite(curve.intercept)) {
            reject_forest(field, "slope and intercept must be finite");
        }
    }
}

ProbabilityCorrection::Lines::Lines(const CalibrationCurve& curve, CalibrationMethod method)
    : votes(curve.votes), probability(curve.probability) {
    if (method == CalibrationMethod::sigmoid) {
        votes.clear();
        probability.clear();
        for (int i = 0; i <= sigmoid_lines; ++i) {
            votes.push_back(static_cast<double>(i) / sigmoid_lines);
            probability.push_back(portable_logistic(-(curve.slope * votes.back() + curve.intercept)));
        }
    }
    for (std::size_t i = 0; i + 1 < votes.size(); ++i) {
        slope.push_back((probability[i + 1] - probability[i]) / (votes[i + 1] - votes[i]));
    }
    std::uint32_t knot = 0;
    for (std::size_t cell = 0; cell <= n_cells; ++cell) {
        const double from = static_cast<double>(cell) / n_cells;
        while (knot + 1 < votes.size() && votes[knot + 1] <= from) {
            ++knot;
        }
        start.push_back(knot);
    }
}

double ProbabilityCorrection::Lines::at(double votes_share) const {
    std::size_t knot = start[static_cast<std::size_t>(votes_share * n_cells)];
    while (knot < slope.size() && votes[knot + 1] <= votes_share) {
        ++knot;
    }
    if (knot == slope.size() || votes_share <= votes[knot]) {
        return probability[knot];
    }
    return probability[knot] + (votes_share - votes[knot]) * slope[knot];
}

ProbabilityCorrection::ProbabilityCorrection(const ProbabilityCalibration& calibration, ClassPriors priors,
                                             std::size_t n_classes)
    : m_priors(std::move(priors)) {
    check_calibration(calibration, n_classes);
    for (const CalibrationCurve& curve : calibration.curves) {
        m_curves.emplace_back(curve, calibration.method);
    }
    if (m_priors.mapped.empty()) {
        return;
    }
    if (m_priors.mapped.size() != n_classes || m_priors.training.size() != n_classes) {
        throw Error(
            ExitCode::internal,
            {.where = "class priors", .field = {}, .problem = "are not one per class", .fix = "report this as a bug"});
    }
    for (std::size_t k = 0; k < n_classes; ++k) {
        m_ratios.push_back(m_priors.mapped[k] / m_priors.training[k]);
    }
}

void ProbabilityCorrection::calibrate(std::span<const double> votes, std::span<double> probabilities) const {
    double whole = 0;
    for (std::size_t k = 0; k < m_curves.size(); ++k) {
        probabilities[k] = m_curves[k].at(votes[k]);
        whole += probabilities[k];
    }
    if (whole <= 0) {
        std::copy(votes.begin(), votes.end(), probabilities.begin());
        return;
    }
    for (double& probability : probabilities) {
        probability /= whole;
    }
}

void ProbabilityCorrection::correct_priors(std::span<double> probabilities) const {
    if (m_ratios.empty()) {
        return;
    }
    double whole = 0;
    for (std::size_t k = 0; k < probabilities.size(); ++k) {
        probabilities[k] *= m_ratios[k];
        whole += probabilities[k];
    }
    for (std::size_t k = 0; k < probabilities.size(); ++k) {
        probabilities[k] = whole > 0 ? probabilities[k] / whole : m_priors.mapped[k];
    }
}

} // namespace lcclass
