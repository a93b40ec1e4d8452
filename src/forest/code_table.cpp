#include "forest/code_table.h"

#include <bit>
#include <limits>

namespace lcclass {

CodeTable::CodeTable(std::span<const float> thresholds) : m_thresholds(thresholds.begin(), thresholds.end()) {
    m_thresholds.insert(m_thresholds.end(), 2, std::numeric_limits<float>::infinity());
    const std::size_t n_cells = std::bit_ceil(4 * thresholds.size() + 1);
    m_below.assign(n_cells + 1, 0);
    if (thresholds.empty()) {
        return;
    }
    m_first = thresholds.front();
    m_last_cell = static_cast<double>(n_cells - 1);
    const double range = static_cast<double>(thresholds.back()) - m_first;
    m_cells_per_unit = range > 0 ? m_last_cell / range : 0;
    for (const float threshold : thresholds) {
        ++m_below[cell_of(threshold) + 1];
    }
    for (std::size_t cell = 1; cell < m_below.size(); ++cell) {
        m_below[cell] = static_cast<std::uint16_t>(m_below[cell] + m_below[cell - 1]);
    }
}

} // namespace lcclass
