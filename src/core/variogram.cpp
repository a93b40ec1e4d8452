#include "lcclass/core/variogram.h"

#include <algorithm>

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
