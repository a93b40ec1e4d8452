#include "forest/local_columns.h"

#include <algorithm>

namespace lcclass {

namespace {

/// Rows whose codes fill about a quarter of a megabyte: they stay in the second-level cache.
std::size_t rows_in_cache(std::size_t n_features) {
    constexpr std::size_t bytes = 1U << 18U;
    return std::clamp<std::size_t>(bytes / (2 * n_features), 256, 4096);
}

} // namespace

LocalColumns::LocalColumns(const std::vector<CodedFeature>& features)
    : m_features(features), m_capacity(rows_in_cache(features.size())), m_codes(features.size() * m_capacity),
      m_global(m_codes.size()), m_n_codes(features.size()), m_rank(65536) {}

void LocalColumns::load(std::span<BagEntry> entries, CodeSet& set) {
    for (std::size_t f = 0; f < m_features.size(); ++f) {
        load_feature(f, entries, set);
    }
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
        entries[i].row = i;
    }
}

void LocalColumns::load_feature(std::size_t feature, std::span<const BagEntry> entries, CodeSet& set) {
    const std::uint16_t* source = m_features[feature].codes.data();
    std::uint16_t* codes = m_codes.data() + feature * m_capacity;
    std::uint16_t* global = m_global.data() + feature * m_capacity;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        codes[i] = source[entries[i].row];
        set.insert(codes[i]);
    }
    std::uint16_t n_codes = 0;
    set.drain(m_features[feature].n_codes(), [&](std::uint32_t code) {
        m_rank[code] = n_codes;
        global[n_codes++] = static_cast<std::uint16_t>(code);
    });
    for (std::size_t i = 0; i < entries.size(); ++i) {
        codes[i] = m_rank[codes[i]];
    }
    m_n_codes[feature] = n_codes;
}

} // namespace lcclass
