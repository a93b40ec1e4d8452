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

/// Mean of places, by their offsets from the first: that of one place many times is exactly that place.
class MeanPlace {
public:
    void add(double x, double y) {
        if (m_count++ == 0) {
            m_first_x = x;
            m_first_y = y;
        }
        m_x += x - m_first_x;
        m_y += y - m_first_y;
    }
    /// Requires: one place at least.
    [[nodiscard]] double x() const { return m_first_x + m_x / static_cast<double>(m_count); }
    [[nodiscard]] double y() const { return m_first_y + m_y / static_cast<double>(m_count); }

private:
    std::int64_t m_count = 0;
    double m_first_x = 0;
    double m_first_y = 0;
    double m_x = 0; ///< sums of offsets
    double m_y = 0;
};

} // namespace lcclass
