/// The spectral indices lcclass knows, computed in floating point from reflectance.
/// A constant table; safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lcclass {

struct SpectralIndex {
    std::string name;               ///< `NDVI`
    std::string formula;            ///< `(B08-B04)/(B08+B04)`, kept in recipes
    std::string unit;               ///< `nm` for S2REP, empty otherwise
    std::vector<std::string> bands; ///< what `evaluate` takes, in this order
    /// The index of one pixel, NaN where it is undefined: zero or negative denominator, or no finite result.
    double (*evaluate)(std::span<const double> bands);
};

/// All indices, in the order of the table in docs/commands/stack.md.
std::span<const SpectralIndex> spectral_indices();

/// The index of that name, or null.
const SpectralIndex* find_spectral_index(std::string_view name);

} // namespace lcclass
