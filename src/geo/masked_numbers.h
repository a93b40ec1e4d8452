/// The stored numbers of a band that mean no value, besides the nodata value that its file declares.
/// A value.
#pragma once

#include <optional>

namespace lcclass {

struct MaskedNumbers {
    std::optional<float> nodata;       ///< 0
    std::optional<float> saturated;    ///< 65535
    std::optional<float> lowest_valid; ///< numbers from 0 to below it are no measurements

    [[nodiscard]] bool holds(float number) const {
        return number == nodata || number == saturated || (lowest_valid && number >= 0 && number < *lowest_valid);
    }
};

} // namespace lcclass
