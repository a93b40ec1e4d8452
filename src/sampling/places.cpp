#include "sampling/places.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cmath>
#include <numeric>

namespace lcclass::sampling {

Places group_places(const SampleTable& samples, const GroupTable& groups) {
    std::vector<MeanPlace> means(static_cast<std::size_t>(groups.n_groups));
    for (std::size_t row = 0; row < groups.of_sample.size(); ++row) {
        means[static_cast<std::size_t>(groups.of_sample[row])].add(samples.x[row], samples.y[row]);
    }
    Places places{.points = {}, .of_sample = groups.of_sample};
    for (const MeanPlace& mean : means) {
        places.points.x.push_back(mean.x());
        places.points.y.push_back(mean.y());
    }
    return places;
}

Places sample_places(const SampleTable& samples) {
    Places places{.points = {samples.x, samples.y}, .of_sample = std::vector<std::int32_t>(samples.x.size())};
    std::iota(places.of_sample.begin(), places.of_sample.end(), 0);
    return places;
}

void require_positions(const SampleTable& samples, const std::string& use) {
    bool differ = false;
    for (std::size_t row = 0; row < samples.x.size(); ++row) {
        if (!std::isfinite(samples.x[row]) || !std::isfinite(samples.y[row])) {
            throw Error(ExitCode::input, {.where = "samples:row " + std::to_string(row + 1),
                                          .field = "x=" + format_number(samples.x[row]),
                                          .problem = "has no position, which " + use + " needs",
                                          .fix = "drop the row, or use --schemes polygon"});
        }
        differ = differ || samples.x[row] != samples.x[0] || samples.y[row] != samples.y[0];
    }
    if (!differ) {
        throw Error(ExitCode::input,
                    {.where = "samples",
                     .field = {},
                     .problem = "all are at one place, or the table has no positions, which " + use + " needs",
                     .fix = "give columns x and y or point geometries, or use --schemes polygon"});
    }
}

} // namespace lcclass::sampling
