#include "lcclass/mapping/applicability.h"

#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/quantile.h"
#include "mapping/applicability_batch.h"
#include "mapping/feature_space.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace lcclass {

namespace {

constexpr std::size_t tile = 256;         ///< points a side of the squares that pairs are summed in
constexpr std::int64_t figure_bytes = 48; ///< per sample: its place, distances, and their copy that is sorted
constexpr std::int64_t fold_bytes = 32;   ///< per sample and fold at work: the rows of the fold, and flags

Error fault(const std::string& problem, const std::string& fix) {
    return Error(ExitCode::input, {.where = "applicability", .field = {}, .problem = problem, .fix = fix});
}

/// The features that count: they have a weight, and vary.
std::vector<FeatureAxis> make_axes(const FeatureView& samples, std::span<const double> weights) {
    std::vector<FeatureAxis> axes;
    const auto n = static_cast<std::size_t>(samples.n_rows);
    for (std::size_t f = 0; f < weights.size(); ++f) {
        const std::span<const float> values(samples.columns[f], n);
        const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(n);
        double squares = 0;
        for (const float value : values) {
            squares += (value - mean) * (value - mean);
        }
        const bool varies = std::any_of(values.begin(), values.end(), [&](float v) { return v != values.front(); });
        if (weights[f] > 0 && varies) {
            axes.push_back({.feature = f,
                            .mean = mean,
                            .sd = std::sqrt(squares / static_cast<double>(n - 1)),
                            .weight = weights[f]});
        }
    }
    if (axes.empty()) {
        throw fault("no feature varies over the samples and has a weight above 0", "give other samples or weights");
    }
    return axes;
}

/// `[sample * n_axes + axis]`.
std::vector<double> place_samples(const FeatureView& samples, const std::vector<FeatureAxis>& axes) {
    std::vector<double> coordinates;
    coordinates.reserve(static_cast<std::size_t>(samples.n_rows) * axes.size());
    for (std::int64_t row = 0; row < samples.n_rows; ++row) {
        for (const FeatureAxis& axis : axes) {
            coordinates.push_back(axis.coordinate(samples.columns[axis.feature][row]));
        }
    }
    return coordinates;
}

/// Over all pairs. Squares of pairs are summed on all threads and their sums added in order.
double mean_distance_of(std::span<const double> coordinates, std::size_t n_axes, Progress& progress) {
    const std::size_t n = coordinates.size() / n_axes;
    const std::size_t n_tiles = (n + tile - 1) / tile;
    constexpr std::size_t cache_line = 8; // columns a multiple of 4 KiB apart would drive each other out of the cache
    const std::size_t stride = n_tiles * tile + cache_line;
    std::vector<double> columns(stride * n_axes);
    std::vector<double> weight(stride);
    for (std::size_t i = 0; i < n; ++i) {
        weight[i] = 1;
        for (std::size_t axis = 0; axis < n_axes; ++axis) {
            columns[axis * stride + i] = coordinates[i * n_axes + axis];
        }
    }
    const PointMatrix points = {.rows = coordinates.data(),
                                .columns = columns.data(),
                                .weight = weight.data(),
                                .stride = stride,
                                .n_dimensions = n_axes};
    std::vector<double> sums(n_tiles);
    progress.begin("distances between samples", static_cast<std::int64_t>(n_tiles * (n_tiles + 1) / 2));
    tbb::parallel_for(std::size_t{0}, n_tiles, [&](std::size_t row) {
        throw_if_stopped();
        const std::size_t first = row * tile;
        const std::size_t end = std::min(n, first + tile);
        // Within a tile every pair comes twice.
        sums[row] = sum_of_distances(points, first, end, first, first + tile) / 2;
        for (std::size_t column = row + 1; column < n_tiles; ++column) {
            sums[row] += sum_of_distances(points, first, end, column * tile, (column + 1) * tile);
        }
        progress.advance(static_cast<std::int64_t>(n_tiles - row));
    });
    progress.end();
    const double pairs = static_cast<double>(n) * static_cast<double>(n - 1) / 2;
    return std::accumulate(sums.begin(), sums.end(), 0.0) / pairs;
}

/// Squared distance of every sample to the nearest that its fold is trained on.
class TrainingSearch {
public:
    TrainingSearch(std::span<const double> coordinates, const PointTree& tree)
        : m_coordinates(coordinates), m_tree(tree), m_nearest(tree.order().size()), m_place(tree.order().size()) {
        for (std::size_t place = 0; place < m_place.size(); ++place) {
            m_place[tree.order()[place]] = static_cast<std::uint32_t>(place);
        }
    }

    std::vector<double> run(const FoldAssignment& folds) {
        tbb::parallel_for(1, folds.n_folds + 1, [&](int fold) {
            throw_if_stopped();
            search_fold(rows_of_fold(folds, fold), fold);
        });
        return std::move(m_nearest);
    }

private:
    void search_fold(FoldRows rows, int fold) {
        if (rows.train.empty()) {
            throw fault("fold " + std::to_string(fold) + " leaves no sample to train on", "make fewer or other folds");
        }
        std::vector<std::uint8_t> wanted(m_nearest.size());
        for (const std::int64_t row : rows.train) {
            wanted[static_cast<std::size_t>(row)] = 1;
        }
        const PointTree training = m_tree.subset(wanted);
        // In the order of the tree neighbours are alike.
        std::sort(rows.test.begin(), rows.test.end(), [&](std::int64_t a, std::int64_t b) {
            return m_place[static_cast<std::size_t>(a)] < m_place[static_cast<std::size_t>(b)];
        });
        const std::span<const std::int64_t> test(rows.test);
        const std::size_t n_groups = (test.size() + seekers_per_group - 1) / seekers_per_group;
        // A thread that waits here must not begin another fold: it would keep this one's tree beside it.
        tbb::this_task_arena::isolate([&] {
            tbb::parallel_for(std::size_t{0}, n_groups, [&](std::size_t group) {
                const std::size_t first = group * seekers_per_group;
                search_group(training, test.subspan(first, std::min(seekers_per_group, test.size() - first)));
            });
        });
    }

    void search_group(const PointTree& training, std::span<const std::int64_t> test) {
        const std::size_t n_axes = training.n_dimensions();
        NeighborSearch search(n_axes);
        for (std::size_t i = 0; i < test.size(); ++i) {
            for (std::size_t axis = 0; axis < n_axes; ++axis) {
                search.coordinate(axis, i) = m_coordinates[static_cast<std::size_t>(test[i]) * n_axes + axis];
            }
        }
        search.run(training, test.size(), -1);
        for (std::size_t i = 0; i < test.size(); ++i) {
            m_nearest[static_cast<std::size_t>(test[i])] = search.nearest(i);
        }
    }

    std::span<const double> m_coordinates;
    const PointTree& m_tree;
    std::vector<double> m_nearest;
    std::vector<std::uint32_t> m_place;
};

double threshold_of(std::vector<double> dissimilarity) {
    std::sort(dissimilarity.begin(), dissimilarity.end());
    const double upper = quantile(dissimilarity, 0.75);
    const double fence = upper + 1.5 * (upper - quantile(dissimilarity, 0.25));
    return double{static_cast<float>(std::min(fence, dissimilarity.back()))};
}

/// The largest squared distance whose dissimilarity is up to the threshold, found among all there are: the bits of
/// positive numbers are in the order of the numbers.
double limit_of(const FeatureSpace& space) {
    std::uint64_t inside = 0;
    auto outside = std::bit_cast<std::uint64_t>(std::numeric_limits<double>::infinity());
    while (outside - inside > 1) {
        const std::uint64_t middle = inside + (outside - inside) / 2;
        const bool is_inside = double{space.dissimilarity(std::bit_cast<double>(middle))} <= space.threshold;
        (is_inside ? inside : outside) = middle;
    }
    return std::bit_cast<double>(inside);
}

} // namespace

float FeatureSpace::dissimilarity(double squared_distance) const {
    return static_cast<float>(std::sqrt(squared_distance) / mean_distance);
}

Applicability::Applicability(const FeatureView& samples, const FoldAssignment& folds, std::span<const double> weights,
                             Progress& progress)
    : m_weights(weights.size()) {
    if (samples.n_rows < 2) {
        throw fault("there are fewer than two samples", "give the samples that the model was trained on");
    }
    auto space = std::make_shared<FeatureSpace>();
    space->axes = make_axes(samples, weights);
    for (const FeatureAxis& axis : space->axes) {
        m_weights[axis.feature] = axis.weight;
    }
    const std::vector<double> coordinates = place_samples(samples, space->axes);
    space->tree = PointTree(coordinates, space->axes.size());
    space->mean_distance = mean_distance_of(coordinates, space->axes.size(), progress);
    if (!(space->mean_distance > 0) || !std::isfinite(space->mean_distance)) {
        throw fault("the mean distance between samples is not a number above 0",
                    "check the features and their weights");
    }
    m_training = TrainingSearch(coordinates, space->tree).run(folds);
    for (double& figure : m_training) {
        figure = std::sqrt(figure) / space->mean_distance;
    }
    space->threshold = threshold_of(m_training);
    space->limit = limit_of(*space);
    m_space = std::move(space);
}

std::int64_t Applicability::memory_to_make(std::int64_t n_samples, int n_features, int n_folds) {
    const std::int64_t part_trees = std::min(tbb::this_task_arena::max_concurrency(), n_folds);
    const std::int64_t row = n_features * std::int64_t{sizeof(double)};
    // As rows and in the tree; then either as columns with a margin, or in the trees of folds.
    const std::int64_t columns = (n_samples + std::int64_t{3 * tile}) * row;
    const std::int64_t parts = part_trees * (PointTree::memory_of(n_samples, n_features) + n_samples * fold_bytes);
    return n_samples * (row + figure_bytes) + PointTree::memory_of(n_samples, n_features) + std::max(columns, parts);
}

std::int64_t Applicability::memory() const {
    return PointTree::memory_of(n_samples(), std::ssize(m_space->axes)) + n_samples() * std::int64_t{sizeof(double)};
}

double Applicability::mean_distance() const {
    return m_space->mean_distance;
}

double Applicability::threshold() const {
    return m_space->threshold;
}

std::int64_t Applicability::n_samples_outside() const {
    return std::ranges::count_if(m_training, [&](double dissimilarity) {
        return double{static_cast<float>(dissimilarity)} > m_space->threshold; // as of pixels
    });
}

void find_applicability(const Applicability& applicability, const FeatureView& pixels,
                        const ApplicabilityFigures& figures) {
    ApplicabilityBatch batch(applicability.space(), static_cast<std::size_t>(pixels.n_rows));
    std::vector<std::uint32_t> rows(static_cast<std::size_t>(pixels.n_rows));
    std::iota(rows.begin(), rows.end(), 0U);
    batch.add(pixels, rows);
    batch.run(figures);
}

} // namespace lcclass
