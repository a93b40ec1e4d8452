#include "lcclass/forest/importance.h"

#include "forest/condition_cells.h"
#include "forest/shuffled_rows.h"
#include "lcclass/core/rng.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::uint64_t permutation_stream = 0x7065726D757465ULL;

/// Every row's partner: rows change places within their cells.
std::vector<std::uint32_t> shuffle_within(const RowCells& cells, Rng rng) {
    std::vector<std::uint32_t> moved = cells.rows;
    std::uint32_t begin = 0;
    for (const std::uint32_t end : cells.ends) {
        rng.shuffle(std::span(moved).subspan(begin, end - begin));
        begin = end;
    }
    std::vector<std::uint32_t> partner(moved.size());
    for (std::size_t i = 0; i < moved.size(); ++i) {
        partner[cells.rows[i]] = moved[i];
    }
    return partner;
}

/// The targets as what the exchanges of rows refer to.
struct Exchanges {
    std::span<const ShuffleTarget> targets;
    std::vector<std::vector<std::uint8_t>> changes; ///< per target and feature
    ConditionCells cells;
    ShuffleOptions options;

    [[nodiscard]] std::size_t size() const { return targets.size() * static_cast<std::size_t>(options.repeats); }

    /// Exchanges [first, end), repeats of a target one after the other.
    [[nodiscard]] std::vector<RowExchange> make(std::size_t first, std::size_t end) const {
        const auto repeats = static_cast<std::size_t>(options.repeats);
        std::vector<RowExchange> exchanges(end - first);
        tbb::parallel_for(first / repeats, (end + repeats - 1) / repeats, [&](std::size_t t) {
            const RowCells of_target = cells.part(targets[t].conditions);
            for (std::size_t task = std::max(first, t * repeats); task < std::min(end, (t + 1) * repeats); ++task) {
                exchanges[task - first] = {
                    .features = targets[t].features,
                    .changes = changes[t],
                    .partner = shuffle_within(of_target, Rng(mix64(options.seed, permutation_stream), task))};
            }
        });
        return exchanges;
    }
};

std::vector<std::vector<std::uint8_t>> changes_of(std::span<const ShuffleTarget> targets, int n_features) {
    std::vector<std::vector<std::uint8_t>> changes;
    for (const ShuffleTarget& target : targets) {
        changes.emplace_back(static_cast<std::size_t>(n_features), std::uint8_t{0});
        for (const int feature : target.features) {
            changes.back().at(static_cast<std::size_t>(feature)) = 1;
        }
    }
    return changes;
}

} // namespace

std::vector<std::vector<double>> shuffle_decreases(const RandomForest& forest, const FeatureView& rows,
                                                   std::span<const std::int32_t> class_index,
                                                   std::span<const ShuffleTarget> targets,
                                                   const ShuffleOptions& options, Progress& progress) {
    const auto repeats = static_cast<std::size_t>(options.repeats);
    std::vector<std::vector<double>> decreases(targets.size(), std::vector<double>(repeats, 0.0));
    if (rows.n_rows == 0 || repeats == 0) {
        return decreases;
    }
    const ShuffledRows shuffled(forest, rows, class_index);
    const Exchanges all{.targets = targets,
                        .changes = changes_of(targets, forest.n_features()),
                        .cells = ConditionCells(forest, shuffled.codes()),
                        .options = options};
    const std::vector<RowExchange> none(1);
    const auto as_they_are = static_cast<double>(shuffled.count_right(none)[0]);
    for (std::size_t first = 0; first < all.size(); first += shuffled.exchanges_at_once()) {
        const std::size_t end = std::min(all.size(), first + shuffled.exchanges_at_once());
        const std::vector<std::int64_t> right = shuffled.count_right(all.make(first, end));
        for (std::size_t task = first; task < end; ++task) {
            decreases[task / repeats][task % repeats] =
                (as_they_are - static_cast<double>(right[task - first])) / static_cast<double>(rows.n_rows);
        }
        progress.advance(static_cast<std::int64_t>(end - first));
    }
    return decreases;
}

std::vector<ShuffleTarget> single_features(int n_features) {
    std::vector<ShuffleTarget> targets;
    for (int feature = 0; feature < n_features; ++feature) {
        targets.push_back({.features = {feature}});
    }
    return targets;
}

std::vector<ImportanceEstimate> summarize_decreases(const std::vector<std::vector<double>>& decreases) {
    std::vector<ImportanceEstimate> estimates;
    for (const std::vector<double>& values : decreases) {
        const auto n = static_cast<double>(values.size());
        double mean = 0;
        for (const double value : values) {
            mean += value / n;
        }
        double squares = 0;
        for (const double value : values) {
            squares += (value - mean) * (value - mean);
        }
        estimates.push_back(
            {.mean = values.empty() ? std::numeric_limits<double>::quiet_NaN() : mean,
             .sd = values.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(squares / (n - 1))});
    }
    return estimates;
}

} // namespace lcclass
