#include "forest/local_columns.h"

#include <algorithm>

namespace lcclass {

namespace {

/// Rows that fill half a megabyte at most: they stay in the second-level cache.
std::size_t rows_in_cache(std::size_t n_features) {
    constexpr std::size_t bytes = 1U << 19U;
    const std::size_t rows = bytes / ((sizeof(std::uint16_t) + sizeof(CodedRow)) * n_features);
    return std::clamp<std::size_t>(rows / 64 * 64, 256, LocalColumns::most_rows); // whole words of bits
}

} // namespace

LocalColumns::LocalColumns(const std::vector<CodedFeature>& features)
    : m_features(features), m_capacity(rows_in_cache(features.size())), m_ranks(features.size() * m_capacity),
      m_sorted(m_ranks.size()), m_draws(m_capacity), m_present((m_capacity + 63) / 64), m_ordered(m_capacity),
      m_unsorted(m_capacity), m_half_sorted(m_capacity) {}

void LocalColumns::load(std::span<BagEntry> entries) {
    m_n_words = (entries.size() + 63) / 64;
    for (std::size_t f = 0; f < m_features.size(); ++f) {
        load_feature(f, entries);
    }
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
        entries[i].row = i;
        m_draws[i] = RowDraws(entries[i].class_index, entries[i].count);
    }
}

void LocalColumns::load_feature(std::size_t feature, std::span<const BagEntry> entries) {
    const std::uint16_t* const codes = m_features[feature].codes.data();
    std::uint16_t* const ranks = m_ranks.data() + feature * m_capacity;
    CodedRow* const sorted = m_sorted.data() + feature * m_capacity;
    m_places.begin(m_features[feature].n_codes());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        prefetch_row(codes, entries, i);
        const std::uint16_t code = codes[entries[i].row];
        m_unsorted[i] = CodedRow(code, static_cast<std::uint32_t>(i));
        m_places.count(code);
    }
    m_places.end_count();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const CodedRow row = m_unsorted[i];
        m_half_sorted[m_places.first_place(row.code())] = row;
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const CodedRow row = m_half_sorted[i];
        const std::uint32_t rank = m_places.final_place(row.code());
        ranks[row.row()] = static_cast<std::uint16_t>(rank);
        sorted[rank] = row;
    }
}

void LocalColumns::order(std::span<const BagEntry> entries, int feature) {
    const std::uint16_t* const ranks = keys(feature);
    std::uint64_t* const present = m_present.data();
    for (const BagEntry& entry : entries) {
        const std::uint32_t rank = ranks[entry.row];
        present[rank >> 6U] |= std::uint64_t{1} << (rank & 63U);
    }
    const RowDraws* const draws = m_draws.data();
    const CodedRow* const sorted = m_sorted.data() + static_cast<std::size_t>(feature) * m_capacity;
    SortedRow* out = m_ordered.data();
    for (std::size_t w = 0; w < m_n_words; ++w) {
        std::uint64_t word = present[w];
        present[w] = 0;
        for (; word != 0; word &= word - 1) {
            const CodedRow coded = sorted[64 * w + lowest_bit(word)];
            *out++ = {.coded = coded, .drawn = draws[coded.row()]};
        }
    }
}

} // namespace lcclass
