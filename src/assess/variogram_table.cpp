#include "assess/variogram_table.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <cctype>
#include <cmath>
#include <optional>

namespace lcclass::assess {

namespace {

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

std::string row_of(const Variogram& variogram, const std::string& name, const VariogramSet& set) {
    return to_left(shorten(escape_control(name), name_width - 1), name_width) +
           to_right(three_digits(variogram.nugget), number_width) +
           to_right(three_digits(variogram.sill), number_width) +
           to_right(range_text(variogram, set.cutoff_m), range_width) +
           to_right(set.groups_known ? three_digits(variogram.within_groups) : "", number_width + number_width) + "\n";
}

std::string summary_of(const VariogramSet& variograms) {
    const auto median = median_range(variograms);
    if (!median) {
        std::string reason = reason_without_range(variograms);
        reason.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(reason.front())));
        return reason + ".";
    }
    return "Median range of " + features_with_range(variograms) + ": " + metres(*median) +
           ". Blocks about as wide leave little likeness between folds.";
}

/// The error may have a variogram where the features, all constant or none, have none.
bool says_nothing(const VariogramSet& variograms) {
    const auto is_too_few = [](const std::optional<Variogram>& variogram) {
        return !variogram || variogram->finding == VariogramFinding::too_few_pairs ||
               variogram->finding == VariogramFinding::constant;
    };
    return has_too_few_groups(variograms) && is_too_few(variograms.mean) && is_too_few(variograms.error);
}

} // namespace

std::string variogram_table(const VariogramSet& variograms) {
    if (says_nothing(variograms)) {
        return "Variograms: " + reason_without_range(variograms) + "\n";
    }
    const std::string groups = variograms.groups_known ? " polygons" : " samples";
    const std::string within = variograms.groups_known ? "within polygons" : "";
    std::string text = "Variograms between " + with_thousands(variograms.n_groups) + groups + ", up to " +
                       metres(variograms.cutoff_m) + " (features standardised)\n" + to_left("", name_width) +
                       to_right("nugget", number_width) + to_right("sill", number_width) +
                       to_right("range", range_width) + to_right(within, number_width + number_width) + "\n";
    if (variograms.features.size() <= most_features) {
        for (const Variogram& variogram : variograms.features) {
            text += row_of(variogram, variogram.name, variograms);
        }
    }
    if (variograms.mean) {
        text += row_of(*variograms.mean, variograms.mean->name, variograms);
    }
    if (variograms.error) {
        text += row_of(*variograms.error, "error, " + variograms.error_scheme, variograms);
    }
    return text + (variograms.features.empty() ? std::string() : wrap(summary_of(variograms)));
}

} // namespace lcclass::assess
