/// Positions in the plane, in CRS units.
/// A plain value; safe to share between threads.
#pragma once

#include <cstdint>
#include <vector>

namespace lcclass {

struct PointSet {
    std::vector<double> x;
    std::vector<double> y; ///< as many as x

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(x.size()); }
};

} // namespace lcclass
