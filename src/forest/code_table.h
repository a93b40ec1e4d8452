/// Feature values as codes: the number of a feature's thresholds below the value, so that comparing codes is comparing
/// values. Found through a table of equal cells over the thresholds' range, exactly.
/// A value; const access is safe from any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

class CodeTable {
public:
    /// Requires: at most 65535 finite thresholds, ascending.
    explicit CodeTable(std::span<const float> thresholds);

    /// code(value) <= cut exactly when value <= thresholds[cut]. Requires: a number, not NaN.
    [[nodiscard]] std::uint16_t code(float value) const {
        // Cells are numbered by a function that never falls as the value rises: thresholds of lower cells are below
        // the value, those of higher cells are not, whatever was rounded on the way.
        const std::size_t cell = cell_of(value);
        std::uint32_t low = m_below[cell];
        const std::uint32_t high = m_below[cell + 1];
        if (high - low > 2) {
            const auto first = m_thresholds.begin() + static_cast<std::ptrdiff_t>(low);
            const auto last = m_thresholds.begin() + static_cast<std::ptrdiff_t>(high);
            return static_cast<std::uint16_t>(std::lower_bound(first, last, value) - m_thresholds.begin());
        }
        // Most cells hold 0 to 2: compared without a branch, which would be mispredicted.
        low += m_thresholds[low] < value ? 1 : 0;
        low += m_thresholds[low] < value ? 1 : 0;
        return static_cast<std::uint16_t>(low);
    }

private:
    [[nodiscard]] std::size_t cell_of(float value) const {
        const double position = (static_cast<double>(value) - m_first) * m_cells_per_unit;
        return position > 0 ? static_cast<std::size_t>(std::min(position, m_last_cell)) : 0;
    }

    std::vector<float> m_thresholds;    ///< and two that no value is above
    std::vector<std::uint16_t> m_below; ///< per cell, and one more: thresholds in lower cells
    double m_first = 0;
    double m_cells_per_unit = 0;
    double m_last_cell = 0;
};

} // namespace lcclass
