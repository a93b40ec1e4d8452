/// Grey levels of a plane, and in which directions two of them make a pair: what texture counts.
/// Plain values; safe to share between threads.
#pragma once

#include "features/texture.h"

#include <array>
#include <cstdint>
#include <vector>

namespace lcclass {

/// Levels row by row; -1 where there is no value, or no grid.
class LevelPlane {
public:
    /// Of `area` and size / 2 pixels around it.
    LevelPlane(const TextureOptions& options, const PlaneView& in, const Window& area);

    [[nodiscard]] std::int64_t width() const { return m_width; }
    /// Row `y` from 0 on.
    [[nodiscard]] const std::int16_t* row(std::int64_t y) const { return m_levels.data() + y * m_width; }

private:
    std::int64_t m_width;
    std::vector<std::int16_t> m_levels;
};

/// Pair (y, c) of a direction: the pixels at row y, column c + first and at row y + down, column c + second.
struct PairDirection {
    int down = 0;
    int first = 0;
    int second = 0;

    /// Rows and columns of the pairs within a window of `size` pixels: their y and c begin where the window does.
    [[nodiscard]] int rows(int size) const { return size - down; }
    [[nodiscard]] int columns(int size) const { return size - (first > second ? first : second); }
};

inline constexpr std::size_t n_pair_directions = 4;

/// 0, 45, 90 and 135 degrees.
std::array<PairDirection, n_pair_directions> pair_directions(int distance);

} // namespace lcclass
