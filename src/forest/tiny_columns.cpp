#include "forest/tiny_columns.h"

#include <algorithm>
#include <bit>

namespace lcclass {

void TinyColumns::load_column(Column& column, int feature) const {
    const std::uint16_t* const parent_ranks = m_parent->keys(feature);
    std::array<std::int16_t, capacity> key{};
    std::array<std::int16_t, capacity> rank{};
    for (std::size_t i = 0; i < m_n_rows; ++i) {
        key[i] = static_cast<std::int16_t>(parent_ranks[m_parent_row[i]]);
    }
    // Counting the smaller ones by brute force keeps vector units busy and the branch predictor idle.
    const std::size_t padded = (m_n_rows + 7) / 8 * 8;
    for (std::size_t i = 0; i < m_n_rows; ++i) {
        for (std::size_t j = 0; j < padded; ++j) {
            rank[j] = static_cast<std::int16_t>(rank[j] + (key[i] < key[j] ? 1 : 0));
        }
    }
    for (std::size_t i = 0; i < m_n_rows; ++i) {
        const auto r = static_cast<std::uint16_t>(rank[i]);
        column.ranks[i] = r;
        column.sorted[r] = {
            .coded = CodedRow(m_parent->code(feature, static_cast<std::size_t>(key[i])), static_cast<std::uint32_t>(i)),
            .drawn = m_draws[i]};
    }
    column.load = m_load;
}

bool TinyColumns::improve_by_bytes(const Column& column, std::uint64_t present, std::size_t n_rows, int feature,
                                   const GiniBytes& scan, Split& best) {
    const std::size_t first = lowest_bit(present);
    const std::size_t last = 63 - static_cast<std::size_t>(std::countl_zero(present));
    if (column.sorted[first].coded.code() == column.sorted[last].coded.code()) {
        return false;
    }
    GiniBytes::Pass pass = scan.begin_feature();
    // Positive doubles compare like their bits. Those of different cuts of 255 draws differ by more than a part in
    // 2^40, so the lowest bits have room for the rank, the first on ties, and one maximum finds both.
    constexpr std::uint64_t rank_bits = capacity - 1;
    const std::uint64_t before = std::bit_cast<std::uint64_t>(std::max(best.value, 0.0)) | rank_bits;
    std::uint64_t highest = before;
    std::size_t rank = first;
    std::uint64_t rest = present & (present - 1);
    for (std::size_t i = 1; i < n_rows; ++i, rest &= rest - 1) {
        const SortedRow& row = column.sorted[rank];
        pass.move_left(row.drawn.class_index(), row.drawn.count());
        const std::size_t next = lowest_bit(rest);
        const std::uint64_t is_cut = row.coded.code() != column.sorted[next].coded.code() ? ~std::uint64_t{0} : 0;
        const std::uint64_t value = (std::bit_cast<std::uint64_t>(pass.value()) & ~rank_bits) | (rank_bits - rank);
        highest = std::max(highest, value & is_cut);
        rank = next;
    }
    if (highest > before) {
        const std::size_t last_left = rank_bits - (highest & rank_bits);
        const std::uint64_t right = present & (~std::uint64_t{1} << last_left);
        best = {.feature = feature,
                .last_left = static_cast<std::uint32_t>(last_left),
                .left_code = column.sorted[last_left].coded.code(),
                .right_code = column.sorted[lowest_bit(right)].coded.code(),
                .value = std::bit_cast<double>(highest & ~rank_bits)};
    }
    return true;
}

} // namespace lcclass
