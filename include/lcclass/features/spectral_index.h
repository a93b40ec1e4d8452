/// The spectral indices lcclass knows, as formulas of reflectances.
/// A constant table; safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lcclass {

struct SpectralIndex {
    std::string name;    ///< `NDVI`
    std::string formula; ///< `(B08-B04)/(B08+B04)`; a division by zero or less leaves it undefined
    std::string unit;    ///< `nm` for S2REP, empty otherwise
};

/// All indices, in the order of the table in docs/features.md.
std::span<const SpectralIndex> spectral_indices();

/// The index of that name, or null.
const SpectralIndex* find_spectral_index(std::string_view name);

} // namespace lcclass
