/// Accuracy and area of a map from a probability sample, with standard errors: the estimators themselves.
/// Pure functions of classes, strata and weights; safe from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// One pixel compared. Classes are positions in the list of classes, strata and clusters positions in theirs.
struct DesignElement {
    int map_class = 0;
    int reference_class = 0;
    int stratum = 0;
    std::int32_t cluster = 0; ///< what was drawn: pixels of one cluster are not independent
    double weight = 1;        ///< 1 / probability of being drawn; within a stratum of known size only ratios matter
};

struct DesignStratum {
    std::string name;
    std::optional<double> size; ///< in pixels or as a share; nothing: the weights alone say what elements stand for
    /// `size` counts the clusters there were to draw from, without replacement: variances shrink as the sample
    /// becomes a census (Stehman 2014, eq. 25). Off: as from an infinite population (Olofsson et al. 2014).
    bool finite = false;
};

struct DesignSample {
    int n_classes = 0;
    std::vector<DesignStratum> strata;
    std::vector<DesignElement> elements;
};

/// A share of the area, or a ratio of two shares. Nothing stands where it is undefined.
struct DesignFigure {
    std::optional<double> value;
    std::optional<double> se; ///< standard error; nothing also when some stratum has a single cluster
    /// Half of the 95 % interval: 1.96 se. A sample without any error has se = 0 and yet does not prove that there is
    /// none: then 1.96 times the standard error with one more cluster in every stratum, shared evenly by the classes.
    std::optional<double> margin95;

    /// value -+ margin95, kept within 0 and 1; nothing without a standard error.
    [[nodiscard]] std::optional<std::array<double, 2>> interval95() const;
};

struct DesignClassFigures {
    DesignFigure users_accuracy;     ///< of what is mapped as the class, the share that is it
    DesignFigure producers_accuracy; ///< of what is the class, the share that is mapped as it
    DesignFigure f1;                 ///< harmonic mean of the two
    DesignFigure area;               ///< share of the area that is the class: error-adjusted
};

struct DesignEstimates {
    DesignFigure overall_accuracy;
    std::vector<DesignClassFigures> classes;
    std::vector<std::vector<double>> proportions; ///< [reference][map], estimated shares of the area
    std::vector<std::int64_t> clusters;           ///< drawn, per stratum
};

/// Stratified estimators of ratios, with variances by linearisation from the differences between clusters of a stratum.
/// With one pixel per cluster these are Olofsson et al. 2014, eqs. 1-11 when the strata are the map's classes, and
/// Stehman 2014, eqs. 2-28, when they are not; with several, the ultimate-cluster estimator of two-stage samples
/// (Sarndal et al. 1992, ch. 4.5 and 5.7).
/// Requires: positions within their lists, weights > 0, sizes >= 0, each cluster in one stratum, at least one element,
/// and one in every stratum with a size above 0 (throws Error(input) naming the stratum otherwise).
DesignEstimates estimate_design(const DesignSample& sample);

} // namespace lcclass
