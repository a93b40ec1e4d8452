#include "stack_checks.h"

#include "console.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "stage_files.h"

#include <cmath>

namespace lcclass {

namespace {

constexpr double tolerated_share = 0.01;

} // namespace

double StackChecks::Band::negative_share() const {
    return tally.valid == 0 ? 0 : static_cast<double>(tally.negative) / static_cast<double>(tally.valid);
}

bool StackChecks::Band::is_implausible() const {
    return is_reflectance && negative_share() > tolerated_share;
}

StackChecks::StackChecks(const FeatureSource& source) {
    const std::vector<BandTally> tallies = source.band_tallies();
    for (std::size_t b = 0; b < tallies.size(); ++b) {
        const BandSpec& spec = source.band_specs()[b];
        m_bands.push_back({.name = spec.name,
                           .is_reflectance = spec.unit == "reflectance" && spec.radiometry.origin != "none",
                           .tally = tallies[b]});
    }
}

void StackChecks::require_plausible(const std::string& where) const {
    for (const Band& band : m_bands) {
        if (band.is_implausible()) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "band=" + band.name,
                                          .problem = percent(band.negative_share()) +
                                                     " of the reflectances are below -0.02, as when the provider "
                                                     "subtracted the offset already",
                                          .fix = "state --radiometry scale=0.0001,offset=0 if so; without --strict "
                                                 "this is a warning"});
        }
    }
}

void StackChecks::report(Context& context) const {
    for (const Band& band : m_bands) {
        if (band.is_implausible()) {
            context.warn(band.name + ": " + percent(band.negative_share()) +
                         " of the reflectances are below -0.02; was the offset already subtracted by the provider?");
        }
        if (band.tally.saturated > 0) {
            context.print(band.name + " saturated (nodata) at " + with_thousands(band.tally.saturated) + " pixels");
        }
        if (band.tally.below_minimum > 0) {
            context.print(band.name + " below --min-valid-dn (nodata) at " + with_thousands(band.tally.below_minimum) +
                          " pixels");
        }
    }
}

} // namespace lcclass
