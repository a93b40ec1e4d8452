/// The samples a capped draw may still take: those with the smallest keys so far, with their features.
/// Not thread-safe: filled by one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass::sampling {

struct Candidate {
    std::uint64_t key = 0;  ///< unique per pixel
    std::int64_t pixel = 0; ///< row * grid width + column
    std::int32_t class_index = 0;
    std::int32_t polygon_id = 0;
    std::size_t slot = 0; ///< row of its features in the FeaturePool
};

/// Rows of features; rows given back are used again.
class FeaturePool {
public:
    explicit FeaturePool(std::size_t n_features) : m_n_features(n_features) {}

    std::size_t store(std::span<const float> features) {
        std::size_t slot = m_n_slots;
        if (m_free.empty()) {
            ++m_n_slots;
            m_values.insert(m_values.end(), features.begin(), features.end());
        } else {
            slot = m_free.back();
            m_free.pop_back();
            std::copy(features.begin(), features.end(), m_values.data() + slot * m_n_features);
        }
        return slot;
    }
    void give_back(std::size_t slot) { m_free.push_back(slot); }
    [[nodiscard]] std::span<const float> row(std::size_t slot) const {
        return std::span(m_values).subspan(slot * m_n_features, m_n_features);
    }

private:
    std::size_t m_n_features;
    std::size_t m_n_slots = 0;
    std::vector<float> m_values;
    std::vector<std::size_t> m_free;
};

/// Keeps the `limit` candidates with the smallest keys, whatever the order they come in.
class Reservoir {
public:
    explicit Reservoir(std::int64_t limit) : m_limit(limit) {}

    void offer(Candidate candidate, std::span<const float> features, FeaturePool& pool) {
        ++m_n_offered;
        if (std::ssize(m_kept) == m_limit) {
            if (m_kept.front().key < candidate.key) {
                return;
            }
            std::pop_heap(m_kept.begin(), m_kept.end(), by_key);
            pool.give_back(m_kept.back().slot);
            m_kept.pop_back();
        }
        candidate.slot = pool.store(features);
        m_kept.push_back(candidate);
        std::push_heap(m_kept.begin(), m_kept.end(), by_key);
    }
    [[nodiscard]] std::int64_t n_offered() const { return m_n_offered; }
    /// In no useful order.
    [[nodiscard]] const std::vector<Candidate>& kept() const { return m_kept; }

    static bool by_key(const Candidate& a, const Candidate& b) { return a.key < b.key; }

private:
    std::int64_t m_limit;
    std::int64_t m_n_offered = 0;
    std::vector<Candidate> m_kept;
};

} // namespace lcclass::sampling
