#include "lcclass/assess/probability_figures.h"

#include "lcclass/core/portable_log.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lcclass {

namespace {

struct Scored {
    float probability;
    bool positive;
    double weight;
};

std::size_t n_rows(const ClassProbabilities& p) {
    return p.reference.size();
}

double weight_at(const ClassProbabilities& p, std::size_t row) {
    return p.weight.empty() ? 1 : p.weight[row];
}

/// Of all samples; exact where they count alike.
double total_weight(const ClassProbabilities& p) {
    return p.weight.empty() ? static_cast<double>(n_rows(p)) : std::accumulate(p.weight.begin(), p.weight.end(), 0.0);
}

double value_at(const ClassProbabilities& p, std::size_t row, std::size_t class_index) {
    return p.values[row * static_cast<std::size_t>(p.n_classes) + class_index];
}

bool is_of_class(const ClassProbabilities& p, std::size_t row, std::size_t class_index) {
    return p.reference[row] == static_cast<std::int32_t>(class_index);
}

/// One class against the others, the most probable first.
std::vector<Scored> ranked(const ClassProbabilities& p, std::size_t class_index) {
    std::vector<Scored> scores;
    scores.reserve(n_rows(p));
    for (std::size_t row = 0; row < n_rows(p); ++row) {
        scores.push_back({p.values[row * static_cast<std::size_t>(p.n_classes) + class_index],
                          is_of_class(p, row, class_index), weight_at(p, row)});
    }
    std::sort(scores.begin(), scores.end(),
              [](const Scored& a, const Scored& b) { return a.probability > b.probability; });
    return scores;
}

/// Weights of samples of at least some probability, for every probability that occurs, falling. Counts where samples
/// count alike, which doubles keep exactly.
struct Cumulated {
    double false_positives = 0;
    double true_positives = 0;
    double threshold = 0;
};

std::vector<Cumulated> cumulate(const std::vector<Scored>& scores) {
    std::vector<Cumulated> counts;
    Cumulated sum;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        sum.true_positives += scores[i].positive ? scores[i].weight : 0;
        sum.false_positives += scores[i].positive ? 0 : scores[i].weight;
        if (i + 1 == scores.size() || scores[i + 1].probability < scores[i].probability) {
            sum.threshold = scores[i].probability;
            counts.push_back(sum);
        }
    }
    return counts;
}

bool has_both_sides(const std::vector<Cumulated>& counts) {
    return !counts.empty() && counts.back().true_positives > 0 && counts.back().false_positives > 0;
}

/// The share of pairs of a sample of the class and another one that are ranked right, ties half (Mann & Whitney 1947).
std::optional<double> auc_of(const std::vector<Cumulated>& counts) {
    if (!has_both_sides(counts)) {
        return std::nullopt;
    }
    double doubled = 0;
    Cumulated before;
    for (const Cumulated& at : counts) {
        const double negatives_below = counts.back().false_positives - at.false_positives;
        const double tied = at.false_positives - before.false_positives;
        doubled += (at.true_positives - before.true_positives) * (2 * negatives_below + tied);
        before = at;
    }
    return doubled / 2 / counts.back().true_positives / counts.back().false_positives;
}

/// True when `b` lies on the straight step from `a` to `c`, as scikit-learn's drop_intermediate sees it.
bool is_between(const Cumulated& a, const Cumulated& b, const Cumulated& c) {
    return b.false_positives - a.false_positives == c.false_positives - b.false_positives &&
           b.true_positives - a.true_positives == c.true_positives - b.true_positives;
}

/// At most `most_points` of `points`: the first past each of as many evenly spaced sums of both rates.
std::vector<RocPoint> thin(const std::vector<RocPoint>& points, std::size_t most_points) {
    if (points.size() <= most_points) {
        return points;
    }
    const double step = 2.0 / static_cast<double>(most_points - 1);
    std::vector<RocPoint> kept = {points.front()};
    double next = step;
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
        const double way = points[i].false_positive_rate + points[i].true_positive_rate;
        if (way >= next && kept.size() + 1 < most_points) {
            kept.push_back(points[i]);
            next = (std::floor(way / step) + 1) * step;
        }
    }
    kept.push_back(points.back());
    return kept;
}

/// Adds up samples by their probability.
class BinSums {
public:
    void add(double probability, bool right, double weight) {
        // The right end belongs to a bin: (0, 1/15], (1/15, 2/15], ...
        const double width = 1.0 / n_reliability_bins;
        int bin = 0;
        while (bin + 1 < n_reliability_bins && (bin + 1) * width < probability) {
            ++bin;
        }
        Sum& sum = m_sums[static_cast<std::size_t>(bin)];
        ++sum.count;
        sum.weight += weight;
        sum.right += right ? weight : 0;
        sum.probability += weight * probability;
    }

    [[nodiscard]] std::vector<ReliabilityBin> bins() const {
        std::vector<ReliabilityBin> result;
        for (const Sum& sum : m_sums) {
            result.push_back(sum.count == 0 ? ReliabilityBin{}
                                            : ReliabilityBin{.count = sum.count,
                                                             .weight = sum.weight,
                                                             .confidence = sum.probability / sum.weight,
                                                             .accuracy = sum.right / sum.weight});
        }
        return result;
    }

private:
    struct Sum {
        std::int64_t count = 0;
        double weight = 0;
        double right = 0;
        double probability = 0;
    };
    std::vector<Sum> m_sums = std::vector<Sum>(n_reliability_bins);
};

double squared_error(const ClassProbabilities& p, std::size_t row, std::size_t class_index) {
    const double off = value_at(p, row, class_index) - (is_of_class(p, row, class_index) ? 1 : 0);
    return off * off;
}

ClassProbabilityFigures class_figures_of(const ClassProbabilities& p, std::size_t k) {
    ClassProbabilityFigures figures;
    figures.roc_auc = auc_of(cumulate(ranked(p, k)));
    double squares = 0;
    for (std::size_t row = 0; row < n_rows(p); ++row) {
        squares += weight_at(p, row) * squared_error(p, row, k);
    }
    if (n_rows(p) > 0) {
        figures.brier = squares / total_weight(p);
    }
    figures.ece = expected_calibration_error(class_reliability(p, static_cast<int>(k)));
    return figures;
}

void average_over_classes(const ClassProbabilities& p, ProbabilityFigures& figures) {
    double sum = 0;
    double weighted_sum = 0;
    int n = 0;
    double whole = 0;
    for (std::size_t k = 0; k < figures.per_class.size(); ++k) {
        if (const auto auc = figures.per_class[k].roc_auc) {
            double support = 0;
            for (std::size_t row = 0; row < n_rows(p); ++row) {
                support += is_of_class(p, row, k) ? weight_at(p, row) : 0;
            }
            sum += *auc;
            weighted_sum += *auc * support;
            ++n;
            whole += support;
        }
    }
    if (n > 0) {
        figures.roc_auc_macro = sum / n;
        figures.roc_auc_weighted = weighted_sum / whole;
    }
}

} // namespace

ProbabilityFigures probability_figures(const ClassProbabilities& probabilities) {
    const auto n_classes = static_cast<std::size_t>(probabilities.n_classes);
    ProbabilityFigures figures;
    figures.brier = brier_score(probabilities);
    double losses = 0;
    for (std::size_t row = 0; row < n_rows(probabilities); ++row) {
        const double of_truth = value_at(probabilities, row, static_cast<std::size_t>(probabilities.reference[row]));
        losses -=
            weight_at(probabilities, row) * portable_log(std::max(of_truth, std::numeric_limits<double>::epsilon()));
    }
    if (n_rows(probabilities) > 0) {
        figures.log_loss = losses / total_weight(probabilities);
    }
    figures.ece = expected_calibration_error(reliability(probabilities));
    for (std::size_t k = 0; k < n_classes; ++k) {
        figures.per_class.push_back(class_figures_of(probabilities, k));
    }
    average_over_classes(probabilities, figures);
    return figures;
}

std::optional<double> brier_score(const ClassProbabilities& probabilities) {
    double squares = 0;
    for (std::size_t row = 0; row < n_rows(probabilities); ++row) {
        for (std::size_t k = 0; k < static_cast<std::size_t>(probabilities.n_classes); ++k) {
            squares += weight_at(probabilities, row) * squared_error(probabilities, row, k);
        }
    }
    return n_rows(probabilities) == 0 ? std::nullopt : std::optional(squares / total_weight(probabilities));
}

std::vector<RocPoint> roc_curve(const ClassProbabilities& probabilities, int class_index, std::size_t most_points) {
    const auto counts = cumulate(ranked(probabilities, static_cast<std::size_t>(class_index)));
    if (!has_both_sides(counts)) {
        return {};
    }
    std::vector<RocPoint> points = {{0, 0, std::numeric_limits<double>::infinity()}};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (i > 0 && i + 1 < counts.size() && is_between(counts[i - 1], counts[i], counts[i + 1])) {
            continue;
        }
        points.push_back({counts[i].false_positives / counts.back().false_positives,
                          counts[i].true_positives / counts.back().true_positives, counts[i].threshold});
    }
    return thin(points, most_points);
}

std::vector<ReliabilityBin> reliability(const ClassProbabilities& probabilities) {
    BinSums sums;
    const auto k = static_cast<std::size_t>(probabilities.n_classes);
    for (std::size_t row = 0; row < n_rows(probabilities); ++row) {
        const auto of_row = probabilities.values.subspan(row * k, k);
        const auto best = static_cast<std::size_t>(std::max_element(of_row.begin(), of_row.end()) - of_row.begin());
        sums.add(of_row[best], is_of_class(probabilities, row, best), weight_at(probabilities, row));
    }
    return sums.bins();
}

std::vector<ReliabilityBin> class_reliability(const ClassProbabilities& probabilities, int class_index) {
    BinSums sums;
    const auto k = static_cast<std::size_t>(class_index);
    for (std::size_t row = 0; row < n_rows(probabilities); ++row) {
        sums.add(value_at(probabilities, row, k), is_of_class(probabilities, row, k), weight_at(probabilities, row));
    }
    return sums.bins();
}

std::optional<double> expected_calibration_error(const std::vector<ReliabilityBin>& bins) {
    double sum = 0;
    double whole = 0;
    for (const ReliabilityBin& bin : bins) {
        if (bin.count > 0) {
            sum += bin.weight * std::abs(*bin.accuracy - *bin.confidence);
            whole += bin.weight;
        }
    }
    return whole == 0 ? std::nullopt : std::optional(sum / whole);
}

} // namespace lcclass
