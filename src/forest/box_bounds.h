/// The lowest and the highest of each number over records: the box that pixels fill.
/// A pure function; safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lcclass {

/// low[j] and high[j] of number j of the `n_records` records of `stride` numbers each. Requires: n_records > 0; stride
/// a multiple of 8.
void find_box_bounds(const std::int16_t* records, std::size_t n_records, std::size_t stride, std::int16_t* low,
                     std::int16_t* high);

} // namespace lcclass
