#include "lcclass/assess/cv_report.h"

#include "assess/cv_figures.h"

#include <algorithm>

namespace lcclass {

namespace {

std::vector<std::int32_t> class_positions(const std::vector<std::int32_t>& codes,
                                          const std::vector<ClassCount>& classes) {
    std::vector<std::int32_t> positions;
    positions.reserve(codes.size());
    for (const std::int32_t code : codes) {
        const auto at = std::lower_bound(classes.begin(), classes.end(), code,
                                         [](const ClassCount& entry, std::int32_t c) { return entry.class_code < c; });
        positions.push_back(static_cast<std::int32_t>(at - classes.begin()));
    }
    return positions;
}

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

std::vector<IntervalEstimate> overall_differences(const std::vector<FigureSample>& a,
                                                  const std::vector<FigureSample>& b, double confidence) {
    std::vector<IntervalEstimate> differences;
    for (std::size_t f = 0; f < n_overall_figures; ++f) {
        differences.push_back(interval_of(difference(a[f], b[f]), confidence));
    }
    return differences;
}

bool groups_are_known(const SampleTable& samples) {
    return samples.size() > std::ssize(samples.group_names) ||
           std::any_of(samples.polygon_id.begin(), samples.polygon_id.end(), [](std::int32_t id) { return id != 0; });
}

} // namespace

CvReport make_cv_report(const SampleTable& samples, std::vector<CrossValidation> schemes,
                        const BootstrapOptions& options) {
    check_options(options);
    CvReport report{.schemes = std::move(schemes),
                    .bootstrap = options,
                    .groups_known = groups_are_known(samples),
                    .intervals = {},
                    .gaps = {}};
    std::vector<std::vector<FigureSample>> resampled;
    for (const CrossValidation& cv : report.schemes) {
        resampled.push_back(bootstrap_of(samples, cv, options));
        report.intervals.push_back(intervals_of(resampled.back(), options.confidence));
    }
    const CrossValidation* random = assess::find_scheme(report.schemes, FoldScheme::random);
    for (std::size_t s = 0; random != nullptr && s < report.schemes.size(); ++s) {
        if (&report.schemes[s] != random) {
            const auto& of_random = resampled[static_cast<std::size_t>(random - report.schemes.data())];
            report.gaps.push_back({.other = report.schemes[s].scheme,
                                   .figures = overall_differences(of_random, resampled[s], options.confidence)});
        }
    }
    return report;
}

} // namespace lcclass
