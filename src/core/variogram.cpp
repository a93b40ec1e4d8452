#include "lcclass/core/variogram.h"

#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

std::string to_string(VariogramFinding finding) {
    switch (finding) {
    case VariogramFinding::range:
        return "range";
    case VariogramFinding::beyond_cutoff:
        return "beyond-cutoff";
    case VariogramFinding::pure_nugget:
        return "pure-nugget";
    case VariogramFinding::too_few_pairs:
        return "too-few-pairs";
    case VariogramFinding::constant:
        return "constant";
    }
    return {};
}

std::string features_with_range(const VariogramSet& variograms) {
    const auto n =
        std::count_if(variograms.features.begin(), variograms.features.end(), [](const Variogram& variogram) {
            return variogram.finding == VariogramFinding::range || variogram.finding == VariogramFinding::beyond_cutoff;
        });
    return std::to_string(n) + " of " + std::to_string(variograms.features.size()) + " features";
}

bool has_too_few_groups(const VariogramSet& variograms) {
    const auto finding_is = [&](VariogramFinding finding) {
        return [finding](const Variogram& variogram) { return variogram.finding == finding; };
    };
    const auto& features = variograms.features;
    const auto n_few = std::count_if(features.begin(), features.end(), finding_is(VariogramFinding::too_few_pairs));
    const auto n_constant = std::count_if(features.begin(), features.end(), finding_is(VariogramFinding::constant));
    return n_few > 0 && n_few + n_constant == std::ssize(features);
}

std::string reason_without_range(const VariogramSet& variograms) {
    if (has_too_few_groups(variograms)) {
        return with_thousands(variograms.n_groups) + (variograms.groups_known ? " polygons" : " samples") +
               " are too few";
    }
    const bool constant =
        std::all_of(variograms.features.begin(), variograms.features.end(),
                    [](const Variogram& variogram) { return variogram.finding == VariogramFinding::constant; });
    return constant ? std::string("no feature varies")
                    : "no feature has a range up to " + with_thousands(std::llround(variograms.cutoff_m)) +
                          " m, so nearness makes no difference that shows";
}

std::optional<double> median_range(const VariogramSet& variograms) {
    std::vector<double> ranges;
    for (const Variogram& variogram : variograms.features) {
        if (variogram.finding == VariogramFinding::range) {
            ranges.push_back(*variogram.range_m);
        } else if (variogram.finding == VariogramFinding::beyond_cutoff) {
            ranges.push_back(variograms.cutoff_m);
        }
    }
    if (ranges.empty()) {
        return std::nullopt;
    }
    std::sort(ranges.begin(), ranges.end());
    const std::size_t middle = ranges.size() / 2;
    return ranges.size() % 2 == 1 ? ranges[middle] : (ranges[middle - 1] + ranges[middle]) / 2;
}

} // namespace lcclass
