/// From the votes of a forest to probabilities that can be relied on: calibration per class, then class shares other
/// than those of the training samples.
/// Immutable; safe from any thread. All of it is basic arithmetic, so the same votes give the same bytes everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

enum class CalibrationMethod { none, isotonic, sigmoid };

std::string to_string(CalibrationMethod method);
/// Throws Error(command_line) listing the known words.
CalibrationMethod parse_calibration_method(const std::string& word);

/// What the share of votes v of one class, 0..1, is worth as a probability.
struct CalibrationCurve {
    /// isotonic: `probability[i]` at `votes[i]`, straight lines between, constant beyond the first and the last.
    std::vector<double> votes = {};
    std::vector<double> probability = {};
    /// sigmoid: 1 / (1 + exp(slope v + intercept)), with a negative slope where votes speak for the class.
    double slope = 0;
    double intercept = 0;
    bool operator==(const CalibrationCurve&) const = default;
};

/// One curve per class, one class against the rest; none for CalibrationMethod::none.
struct ProbabilityCalibration {
    CalibrationMethod method = CalibrationMethod::none;
    std::vector<CalibrationCurve> curves = {};
    bool operator==(const ProbabilityCalibration&) const = default;
};

/// Throws Error(model) naming curve and fault: not one curve per class; isotonic: votes that are not ascending within
/// 0..1 or probabilities that descend or leave 0..1; sigmoid: numbers that are not finite.
void check_calibration(const ProbabilityCalibration& calibration, std::size_t n_classes);

/// Shares of classes in what a forest learned from (`training`) and where its map is made (`mapped`), both in the
/// order of the classes and with the sum 1; both empty: no correction.
struct ClassPriors {
    std::vector<double> training = {};
    std::vector<double> mapped = {};
};

class ProbabilityCorrection {
public:
    /// Requires: training priors above 0. Throws: as `check_calibration`.
    ProbabilityCorrection(const ProbabilityCalibration& calibration, ClassPriors priors, std::size_t n_classes);

    [[nodiscard]] bool has_calibration() const { return !m_curves.empty(); }
    [[nodiscard]] bool has_priors() const { return !m_ratios.empty(); }

    /// Calibrated probabilities of one pixel from its shares of votes, summing to 1; the votes themselves without a
    /// calibration, and where all curves say 0 (scikit-learn's CalibratedClassifierCV makes all classes alike there).
    /// Requires: n_classes numbers each, votes in 0..1, no overlap.
    void calibrate(std::span<const double> votes, std::span<double> probabilities) const;
    /// Bayes' rule for other class shares (Saerens et al. 2002, eq. 2.4): p_k becomes p_k mapped_k / training_k, then
    /// all are divided by their sum; the mapped shares themselves where all classes of the pixel have a share of 0.
    void correct_priors(std::span<double> probabilities) const;

private:
    /// Straight lines between knots, with an index so that a value is found in a step or two.
    struct Lines {
        std::vector<double> votes;
        std::vector<double> probability;
        std::vector<double> slope;        ///< from each knot to the next
        std::vector<std::uint32_t> start; ///< per cell of votes: the last knot at or below its lower end, or the first

        explicit Lines(const CalibrationCurve& curve, CalibrationMethod method);
        [[nodiscard]] double at(double votes_share) const;
    };

    std::vector<Lines> m_curves;  ///< empty: none
    std::vector<double> m_ratios; ///< mapped / training per class; empty: none
    ClassPriors m_priors;
};

} // namespace lcclass
