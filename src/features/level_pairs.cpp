#include "features/level_pairs.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

LevelPlane::LevelPlane(const TextureOptions& options, const PlaneView& in, const Window& area)
    : m_width(area.width + options.size - 1),
      m_levels(static_cast<std::size_t>(m_width * (area.height + options.size - 1)), std::int16_t{-1}) {
    const std::int64_t x0 = area.x - options.size / 2;
    const std::int64_t y0 = area.y - options.size / 2;
    const std::int64_t begin = std::max(x0, in.window.x);
    const std::int64_t end = std::min(x0 + m_width, in.window.x + in.window.width);
    const std::int64_t bottom = std::min(area.y + area.height + options.size / 2, in.window.y + in.window.height);
    const double last = options.levels - 1;
    for (std::int64_t y = std::max(y0, in.window.y); y < bottom; ++y) {
        const float* values = in.row(y).data() + (begin - in.window.x);
        std::int16_t* levels = m_levels.data() + (y - y0) * m_width + (begin - x0);
        for (std::int64_t i = 0; i < end - begin; ++i) {
            const double level = std::floor((static_cast<double>(values[i]) - options.low) /
                                            (options.high - options.low) * options.levels);
            levels[i] = std::isnan(level) ? std::int16_t{-1} : static_cast<std::int16_t>(std::clamp(level, 0.0, last));
        }
    }
}

std::array<PairDirection, n_pair_directions> pair_directions(int distance) {
    const int diagonal = static_cast<int>(std::lround(distance * std::sqrt(0.5)));
    return {{{.down = 0, .first = 0, .second = distance},
             {.down = diagonal, .first = 0, .second = diagonal},
             {.down = distance, .first = 0, .second = 0},
             {.down = diagonal, .first = diagonal, .second = 0}}};
}

} // namespace lcclass
