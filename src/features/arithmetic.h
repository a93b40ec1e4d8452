/// Arithmetic over planes, as muParser reads it, in double precision.
/// Const access is safe from any thread.
#pragma once

#include "features/plane.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// The functions a formula may call: `abs`, `exp`, ...
const std::vector<std::string>& arithmetic_functions();

class Arithmetic {
public:
    /// `text` over the variables v0, v1, ..., one per entry of `inputs`, which says what the user calls them.
    /// Throws Error(configuration) naming `shown`, the formula as the user wrote it, when it is none.
    Arithmetic(std::string text, std::vector<std::string> inputs, const std::string& shown);

    /// The value of every pixel of `out`; NaN where an input is, and where the value is undefined: a division by zero
    /// or less, the root of a negative number, no finite result. Requires: one input per variable.
    void evaluate(std::span<const PlaneView> inputs, const PlaneOut& out) const;

private:
    std::string m_text;
    std::size_t m_n_inputs;
};

} // namespace lcclass
