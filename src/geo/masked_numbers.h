/// The stored numbers of a band that mean no value, besides the nodata value that its file declares.
/// A value.
#pragma once

#include "lcclass/core/missing_value.h"

#include <optional>

namespace lcclass {

struct MaskedNumbers {
    std::optional<float> nodata;       ///< 0
    std::optional<float> saturated;    ///< 65535
    std::optional<float> lowest_valid; ///< numbers from 0 to below it are no measurements

    /// Why `number` is no value; nothing when it is one.
    [[nodiscard]] std::optional<Missing> why(float number) const {
        if (number == nodata) {
            return Missing::nodata;
        }
        if (number == saturated) {
            return Missing::saturated;
        }
        const bool too_low = lowest_valid && number >= 0 && number < *lowest_valid;
        return too_low ? std::optional(Missing::below_minimum) : std::nullopt;
    }
};

} // namespace lcclass
