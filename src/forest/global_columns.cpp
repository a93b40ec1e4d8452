#include "forest/global_columns.h"

namespace lcclass {

void GlobalColumns::count(std::span<const BagEntry> entries, int feature, bool with_rows) {
    const std::size_t stride = m_n_classes + (with_rows ? 1 : 0);
    const std::uint16_t* const codes = keys(feature);
    m_histogram.assign(static_cast<std::size_t>(coded(feature).n_codes()) * stride, 0);
    std::uint32_t* const histogram = m_histogram.data();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        prefetch_row(codes, entries, i);
        std::uint32_t* const bin = histogram + codes[entries[i].row] * stride;
        bin[entries[i].class_index] += entries[i].count;
        if (with_rows) {
            ++bin[m_n_classes];
        }
    }
}

void GlobalColumns::sort(std::span<const BagEntry> entries, int feature) {
    if (m_sorted.size() < entries.size()) {
        m_sorted.resize(entries.size());
        m_half_sorted.resize(entries.size());
        m_unsorted.resize(entries.size());
    }
    const std::uint16_t* const codes = keys(feature);
    m_places.begin(coded(feature).n_codes());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        prefetch_row(codes, entries, i);
        const std::uint16_t code = codes[entries[i].row];
        m_unsorted[i] = code;
        m_places.count(code);
    }
    m_places.end_count();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::uint16_t code = m_unsorted[i];
        m_half_sorted[m_places.first_place(code)] = {.coded = CodedRow(code, 0),
                                                     .drawn = RowDraws(entries[i].class_index, entries[i].count)};
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const SortedRow row = m_half_sorted[i];
        m_sorted[m_places.final_place(row.coded.code())] = row;
    }
}

} // namespace lcclass
