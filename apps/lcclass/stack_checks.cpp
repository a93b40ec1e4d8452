#include "stack_checks.h"

#include "console.h"

#include "lcclass/core/error.h"
#include "lcclass/core/missing_value.h"
#include "lcclass/core/text.h"

#include <cmath>

namespace lcclass {

namespace {

constexpr float lowest_plausible = -0.02F;
constexpr double tolerated_share = 0.01;

std::string percent(double share) {
    return format_number(std::round(share * 1000) / 10) + " %";
}

} // namespace

double StackChecks::Count::negative_share() const {
    return valid == 0 ? 0 : static_cast<double>(negative) / static_cast<double>(valid);
}

bool StackChecks::Count::is_implausible() const {
    return is_reflectance && negative_share() > tolerated_share;
}

StackChecks::StackChecks(const FeatureSource& source) {
    const auto& features = source.recipe().features;
    for (std::size_t f = 0; f < features.size(); ++f) {
        if (features[f].formula == features[f].name) {
            m_counts.push_back({.name = features[f].name,
                                .band = static_cast<int>(f),
                                .is_reflectance = source.bands()[f].radiometry.origin != "none"});
        }
    }
}

void StackChecks::count(const PixelBlock& block) {
    for (Count& count : m_counts) {
        for (const float value : block.band(count.band)) {
            if (!std::isnan(value)) {
                ++count.valid;
                count.negative += value < lowest_plausible ? 1 : 0;
                continue;
            }
            const Missing kind = missing_kind(value);
            count.saturated += kind == Missing::saturated ? 1 : 0;
            count.below_minimum += kind == Missing::below_minimum ? 1 : 0;
        }
    }
}

void StackChecks::require_plausible(const std::string& where) const {
    for (const Count& count : m_counts) {
        if (count.is_implausible()) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "band=" + count.name,
                                          .problem = percent(count.negative_share()) +
                                                     " of the reflectances are below -0.02, as when the provider "
                                                     "subtracted the offset already",
                                          .fix = "state --radiometry scale=0.0001,offset=0 if so; without --strict "
                                                 "this is a warning"});
        }
    }
}

void StackChecks::report(Context& context) const {
    for (const Count& count : m_counts) {
        if (count.is_implausible()) {
            context.warn(count.name + ": " + percent(count.negative_share()) +
                         " of the reflectances are below -0.02; was the offset already subtracted by the provider?");
        }
        if (count.saturated > 0) {
            context.print(count.name + " saturated (nodata) at " + with_thousands(count.saturated) + " pixels");
        }
        if (count.below_minimum > 0) {
            context.print(count.name + " below --min-valid-dn (nodata) at " + with_thousands(count.below_minimum) +
                          " pixels");
        }
    }
}

} // namespace lcclass
