/// Student's t distribution.
/// Pure functions.
#pragma once

namespace lcclass::assess {

/// Share of the distribution with `degrees` of freedom within -t ... t (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4).
/// Requires: t >= 0, degrees >= 1.
double t_share_within(double t, int degrees);

/// The t that the share `p` of the distribution is within, to about 1e-12 of its value. Requires: 0 < p < 1.
double t_bound(double p, int degrees);

} // namespace lcclass::assess
