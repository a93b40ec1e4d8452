#include "features/gap_fill.h"

#include <cmath>
#include <limits>
#include <vector>

namespace lcclass {

namespace {

/// The observations of one pixel, in order of time.
struct Observations {
    std::vector<double> days;
    std::vector<double> values;

    void load(const SeriesView& series, std::size_t pixel) {
        days.clear();
        values.clear();
        for (std::size_t d = 0; d < series.planes.size(); ++d) {
            const float value = series.planes[d][pixel];
            if (!std::isnan(value)) {
                days.push_back(series.dates[d].days);
                values.push_back(static_cast<double>(value));
            }
        }
    }
};

/// The value on `day`. Requires: the observations around it are `next - 1` and `next`.
double interpolate(const Observations& known, std::size_t next, double day, bool hold_ends) {
    const std::size_t n = known.days.size();
    if (next < n && known.days[next] == day) {
        return known.values[next];
    }
    if (next > 0 && next < n) {
        const std::size_t before = next - 1;
        const double slope = (known.values[next] - known.values[before]) / (known.days[next] - known.days[before]);
        return slope * (day - known.days[before]) + known.values[before];
    }
    if (!hold_ends || n == 0) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return next == 0 ? known.values.front() : known.values.back();
}

} // namespace

void fill_gaps(const SeriesView& series, const GapFill& fill) {
    Observations known;
    for (std::size_t pixel = 0; pixel < static_cast<std::size_t>(series.n_pixels); ++pixel) {
        known.load(series, pixel);
        std::size_t next = 0;
        for (std::size_t t = 0; t < fill.dates.size(); ++t) {
            const double day = fill.dates[t].days;
            while (next < known.days.size() && known.days[next] < day) {
                ++next;
            }
            fill.out[t][pixel] = static_cast<float>(interpolate(known, next, day, fill.hold_ends));
        }
    }
}

} // namespace lcclass
