/// Single places brought from one reference system to another.
/// Each call is self-contained; safe from any thread.
#pragma once

#include <string>

namespace lcclass {

/// `x` is easting or longitude whatever order the reference system itself has.
struct Coordinates {
    double x = 0;
    double y = 0;
};

/// `place` of the system `from_wkt` in that of `to_wkt`; unchanged when the two are the same. Throws: Error(input)
/// naming the place when PROJ knows no way or the place is none of the systems'.
Coordinates transform_coordinates(const Coordinates& place, const std::string& from_wkt, const std::string& to_wkt);

} // namespace lcclass
