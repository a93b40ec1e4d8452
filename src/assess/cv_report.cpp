#include "lcclass/assess/cv_report.h"

#include "assess/cv_figures.h"
#include "assess/fold_fit.h"

#include <algorithm>

namespace lcclass {

namespace {

std::vector<FigureSample> bootstrap_of(const SampleTable& samples, const CrossValidation& cv,
                                       const BootstrapOptions& options) {
    const auto reference = class_positions(samples.class_code, cv.classes);
    const auto predicted = class_positions(cv.predicted, cv.classes);
    return bootstrap_figures({.group = samples.group,
                              .reference = reference,
                              .predicted = predicted,
                              .n_classes = static_cast<int>(cv.classes.size())},
                             options);
}

std::vector<IntervalEstimate> intervals_of(const std::vector<FigureSample>& figures, double confidence) {
    std::vector<IntervalEstimate> intervals;
    for (const FigureSample& figure : figures) {
        intervals.push_back(interval_of(figure, confidence));
    }
    return intervals;
}

/// The first `n` figures of `a` less those of `b`.
std::vector<IntervalEstimate> differences_of(const std::vector<FigureSample>& a, const std::vector<FigureSample>& b,
                                             std::size_t n, double confidence) {
    std::vector<IntervalEstimate> differences;
    for (std::size_t f = 0; f < n; ++f) {
        differences.push_back(interval_of(difference(a[f], b[f]), confidence));
    }
    return differences;
}

/// The rows of one fold of `all`, in buffers that outlive the view.
struct FoldProbabilities {
    std::vector<float> values;
    std::vector<std::int32_t> reference;
};

FoldProbabilities select(const ClassProbabilities& all, const std::vector<std::int64_t>& rows) {
    FoldProbabilities part;
    const auto k = static_cast<std::size_t>(all.n_classes);
    for (const std::int64_t row : rows) {
        const auto of_row = all.values.subspan(static_cast<std::size_t>(row) * k, k);
        part.values.insert(part.values.end(), of_row.begin(), of_row.end());
        part.reference.push_back(all.reference[static_cast<std::size_t>(row)]);
    }
    return part;
}

SchemeProbabilities probabilities_of(const SampleTable& samples, const FoldAssignment& folds,
                                     const CrossValidation& cv) {
    const auto reference = class_positions(samples.class_code, cv.classes);
    const ClassProbabilities all{
        .values = cv.probabilities, .reference = reference, .n_classes = static_cast<int>(cv.classes.size())};
    SchemeProbabilities result;
    result.pooled = probability_figures(all);
    result.reliability = reliability(all);
    for (int k = 0; k < all.n_classes; ++k) {
        result.roc.push_back(roc_curve(all, k));
        result.per_class.push_back(class_reliability(all, k));
    }
    std::vector<std::vector<std::int64_t>> rows(static_cast<std::size_t>(folds.n_folds));
    for (std::int64_t row = 0; row < samples.size(); ++row) {
        rows[static_cast<std::size_t>(folds.fold[static_cast<std::size_t>(row)] - 1)].push_back(row);
    }
    for (const auto& of_fold : rows) {
        const FoldProbabilities part = select(all, of_fold);
        result.folds.push_back(
            probability_figures({.values = part.values, .reference = part.reference, .n_classes = all.n_classes}));
    }
    return result;
}

using Resampled = std::vector<std::vector<FigureSample>>;

std::vector<SchemeGap> gaps_of(const CvReport& report, const Resampled& resampled) {
    std::vector<SchemeGap> gaps;
    const CrossValidation* random = assess::find_scheme(report.schemes, FoldScheme::random);
    for (std::size_t s = 0; random != nullptr && s < report.schemes.size(); ++s) {
        if (&report.schemes[s] != random) {
            const auto& of_random = resampled[static_cast<std::size_t>(random - report.schemes.data())];
            gaps.push_back(
                {.other = report.schemes[s].scheme,
                 .figures = differences_of(of_random, resampled[s], n_overall_figures, report.bootstrap.confidence)});
        }
    }
    return gaps;
}

VariantReport compare(const SampleTable& samples, VariantRuns runs, const Resampled& base,
                      const BootstrapOptions& options) {
    VariantReport report{.runs = std::move(runs), .differences = {}};
    for (std::size_t s = 0; s < report.runs.schemes.size(); ++s) {
        const auto resampled = bootstrap_of(samples, report.runs.schemes[s], options);
        report.differences.push_back(differences_of(resampled, base[s], resampled.size(), options.confidence));
    }
    return report;
}

} // namespace

CvReport make_cv_report(const SampleTable& samples, std::span<const FoldAssignment> folds,
                        std::vector<CrossValidation> schemes, const BootstrapOptions& options,
                        std::vector<VariantRuns> variants) {
    check_options(options);
    CvReport report{.schemes = std::move(schemes),
                    .bootstrap = options,
                    .intervals = {},
                    .probabilities = {},
                    .gaps = {},
                    .variants = {}};
    Resampled resampled;
    for (std::size_t s = 0; s < report.schemes.size(); ++s) {
        report.probabilities.push_back(probabilities_of(samples, folds[s], report.schemes[s]));
        resampled.push_back(bootstrap_of(samples, report.schemes[s], options));
        report.intervals.push_back(intervals_of(resampled.back(), options.confidence));
    }
    report.gaps = gaps_of(report, resampled);
    for (VariantRuns& variant : variants) {
        report.variants.push_back(compare(samples, std::move(variant), resampled, options));
    }
    return report;
}

} // namespace lcclass
