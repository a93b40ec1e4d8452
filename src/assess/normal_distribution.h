/// The standard normal distribution.
/// Pure functions.
#pragma once

namespace lcclass::assess {

/// Share of the distribution below `z`.
double normal_share_below(double z);

/// The value with the share `p` below it, to about 1e-15 (Wichura 1988, algorithm AS 241).
/// Requires: 0 < p < 1.
double normal_quantile(double p);

} // namespace lcclass::assess
