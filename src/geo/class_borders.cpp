#include "geo/class_borders.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace lcclass {

namespace {

/// 0 at pixels with another class next to them, and at pixels without a class; `far` elsewhere.
std::vector<int> mark_borders(std::span<const std::int32_t> codes, std::size_t width, int far) {
    std::vector<int> steps(codes.size(), far);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (codes[i] == 0) {
            steps[i] = 0;
        }
        const bool has_right = (i + 1) % width != 0;
        if (has_right && codes[i] != codes[i + 1]) {
            steps[i] = steps[i + 1] = 0;
        }
        if (i + width < codes.size() && codes[i] != codes[i + width]) {
            steps[i] = steps[i + width] = 0;
        }
    }
    return steps;
}

/// Steps to 4-neighbours from the nearest 0, exact in two sweeps (Rosenfeld and Pfaltz 1966).
void spread_steps(std::vector<int>& steps, std::size_t width) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const int left = i % width != 0 ? steps[i - 1] + 1 : steps[i];
        const int up = i >= width ? steps[i - width] + 1 : steps[i];
        steps[i] = std::min({steps[i], left, up});
    }
    for (std::size_t i = steps.size(); i-- > 0;) {
        const int right = (i + 1) % width != 0 ? steps[i + 1] + 1 : steps[i];
        const int down = i + width < steps.size() ? steps[i + width] + 1 : steps[i];
        steps[i] = std::min({steps[i], right, down});
    }
}

} // namespace

void erode_classes(std::span<std::int32_t> codes, std::int64_t width, int pixels) {
    std::vector<int> steps = mark_borders(codes, static_cast<std::size_t>(width), pixels);
    spread_steps(steps, static_cast<std::size_t>(width));
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = steps[i] < pixels ? 0 : codes[i];
    }
}

} // namespace lcclass
