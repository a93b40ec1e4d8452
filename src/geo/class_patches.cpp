#include "geo/class_patches.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

constexpr std::size_t no_patch = std::numeric_limits<std::size_t>::max();

} // namespace

void ClassRuns::next(std::span<const std::int32_t> codes) {
    std::swap(m_above, m_here);
    m_here.clear();
    for (std::size_t x = 0; x < codes.size();) {
        const std::size_t first = x;
        while (x < codes.size() && codes[x] == codes[first]) {
            ++x;
        }
        if (codes[first] != 0) {
            m_here.push_back({.first = static_cast<std::int64_t>(first),
                              .last = static_cast<std::int64_t>(x),
                              .code = codes[first]});
        }
    }
    find_neighbours();
}

void ClassRuns::find_neighbours() {
    m_neighbours.clear();
    m_first.assign(1, 0);
    std::size_t begin = 0;
    for (ClassRun& run : m_here) {
        while (begin < m_above.size() && m_above[begin].last <= run.first) {
            ++begin;
        }
        for (std::size_t i = begin; i < m_above.size() && m_above[i].first < run.last; ++i) {
            if (m_above[i].code == run.code) {
                m_neighbours.push_back(i);
            }
        }
        const bool is_new = m_neighbours.size() == m_first.back();
        run.part = is_new ? m_n_parts++ : m_above[m_neighbours[m_first.back()]].part;
        m_first.push_back(m_neighbours.size());
    }
}

std::span<const std::size_t> ClassRuns::neighbours(std::size_t i) const {
    return std::span(m_neighbours).subspan(m_first[i], m_first[i + 1] - m_first[i]);
}

std::size_t PatchSizes::root_of(std::size_t patch) {
    while (m_patches[patch].parent != patch) {
        m_patches[patch].parent = m_patches[m_patches[patch].parent].parent;
        patch = m_patches[patch].parent;
    }
    return patch;
}

std::size_t PatchSizes::unite(std::size_t a, std::size_t b) {
    if (a == b) {
        return a;
    }
    if (m_patches[a].parts.size() < m_patches[b].parts.size()) {
        std::swap(a, b);
    }
    Patch& kept = m_patches[a];
    Patch& taken = m_patches[b];
    kept.pixels += taken.pixels;
    kept.parts.insert(kept.parts.end(), taken.parts.begin(), taken.parts.end());
    taken.parts.clear();
    taken.parent = a;
    return a;
}

void PatchSizes::add_run(std::size_t i) {
    const ClassRun& run = m_runs.here()[i];
    std::size_t patch = no_patch;
    for (const std::size_t above : m_runs.neighbours(i)) {
        const std::size_t other = root_of(m_patch_above[above]);
        patch = patch == no_patch ? other : unite(patch, other);
    }
    if (patch == no_patch) {
        patch = m_patches.size();
        m_patches.push_back({.pixels = 0, .parts = {run.part}, .parent = patch});
    }
    m_patches[patch].pixels += run.last - run.first;
    m_patch_here.push_back(patch);
}

/// Marks patches that are large by now and forgets those that end above this row.
void PatchSizes::close_row() {
    std::vector<std::size_t> new_position(m_patches.size(), no_patch);
    std::vector<Patch> open;
    for (std::size_t& patch : m_patch_here) {
        const std::size_t root = root_of(patch);
        if (new_position[root] == no_patch) {
            new_position[root] = open.size();
            open.push_back(std::move(m_patches[root]));
            open.back().parent = new_position[root];
        }
        patch = new_position[root];
    }
    for (std::size_t i = 0; i < m_patches.size(); ++i) {
        const bool ended = m_patches[i].parent == i && new_position[i] == no_patch;
        m_n_closed_small += ended && m_patches[i].pixels < m_min_pixels ? 1 : 0;
    }
    for (Patch& patch : open) {
        if (patch.pixels >= m_min_pixels) {
            for (const std::size_t part : patch.parts) {
                m_large[part] = true;
            }
            patch.parts.clear();
        }
    }
    m_patches = std::move(open);
}

void PatchSizes::next(std::span<const std::int32_t> codes) {
    m_runs.next(codes);
    m_large.resize(m_runs.n_parts(), false);
    std::swap(m_patch_above, m_patch_here);
    m_patch_here.clear();
    for (std::size_t i = 0; i < m_runs.here().size(); ++i) {
        add_run(i);
    }
    close_row();
}

std::int64_t PatchSizes::n_small() const {
    return m_n_closed_small + std::count_if(m_patches.begin(), m_patches.end(),
                                            [&](const Patch& patch) { return patch.pixels < m_min_pixels; });
}

void PatchFilter::next(std::span<std::int32_t> codes) {
    m_runs.next(codes);
    for (const ClassRun& run : m_runs.here()) {
        if (!m_large[run.part]) {
            std::fill(codes.begin() + run.first, codes.begin() + run.last, 0);
        }
    }
}

} // namespace lcclass
