#include "lcclass/assess/variogram_table.h"

#include "assess/text_cells.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cmath>

namespace lcclass {

namespace {

using assess::three_digits;
using assess::to_left;
using assess::to_right;

constexpr std::size_t name_width = 24;
constexpr std::size_t number_width = 10;
constexpr std::size_t range_width = 22;
constexpr std::size_t most_features = 20;

std::string metres(double length) {
    return with_thousands(std::llround(length)) + " m";
}

std::string range_text(const Variogram& variogram, double cutoff_m) {
    switch (variogram.finding) {
    case VariogramFinding::range:
        return metres(*variogram.range_m);
    case VariogramFinding::beyond_cutoff:
        return "beyond " + metres(cutoff_m);
    case VariogramFinding::pure_nugget:
        return "none: pure nugget";
    case VariogramFinding::too_few_pairs:
        return "NA: too few pairs";
    case VariogramFinding::constant:
        return "NA: constant";
    }
    return {};
}

std::string row_of(const Variogram& variogram, const std::string& name, double cutoff_m) {
    return to_left(assess::shorten(escape_control(name), name_width - 1), name_width) +
           to_right(three_digits(variogram.nugget), number_width) +
           to_right(three_digits(variogram.sill), number_width) +
           to_right(range_text(variogram, cutoff_m), range_width) +
           to_right(three_digits(variogram.within_groups), number_width + number_width) + "\n";
}

std::string summary_of(const VariogramSet& variograms) {
    const auto median = median_range(variograms);
    if (!median) {
        return "No feature has a range up to " + metres(variograms.cutoff_m) +
               ": nearness between polygons makes no difference that shows, or polygons are too few to tell.";
    }
    return "Median range of " + features_with_range(variograms) + ": " + metres(*median) +
           ". Blocks about as wide leave little likeness between folds.";
}

} // namespace

std::string to_table(const VariogramSet& variograms) {
    std::string text = "Variograms between " + with_thousands(variograms.n_groups) + " polygons, up to " +
                       metres(variograms.cutoff_m) + " (features standardised)\n" + to_left("", name_width) +
                       to_right("nugget", number_width) + to_right("sill", number_width) +
                       to_right("range", range_width) + to_right("within polygons", number_width + number_width) + "\n";
    if (variograms.features.size() <= most_features) {
        for (const Variogram& variogram : variograms.features) {
            text += row_of(variogram, variogram.name, variograms.cutoff_m);
        }
    }
    if (variograms.mean) {
        text += row_of(*variograms.mean, variograms.mean->name, variograms.cutoff_m);
    }
    if (variograms.error) {
        text += row_of(*variograms.error, "error, " + variograms.error_scheme, variograms.cutoff_m);
    }
    return text + (variograms.features.empty() ? std::string() : assess::wrap(summary_of(variograms)));
}

} // namespace lcclass
