#include "sampling/block_folds.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"
#include "sampling/blocks.h"
#include "sampling/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace lcclass::sampling {

namespace {

constexpr double most_cells_along_axis = std::numeric_limits<std::int32_t>::max();

/// The blocks that take part, and the one every group belongs to.
struct GroupedBlocks {
    std::vector<Bounds> cells;
    std::vector<std::int32_t> of_group;
};

/// The block that holds most of a group's samples, ties to the lower block index.
std::vector<std::int32_t> block_of_groups(const GroupTable& groups, const std::vector<std::int32_t>& block_of_sample) {
    std::vector<std::pair<std::int32_t, std::int32_t>> pairs(groups.of_sample.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        pairs[i] = {groups.of_sample[i], block_of_sample[i]};
    }
    std::sort(pairs.begin(), pairs.end());
    std::vector<std::int32_t> result(static_cast<std::size_t>(groups.n_groups), 0);
    std::vector<std::int64_t> most(result.size(), 0);
    for (auto from = pairs.begin(); from != pairs.end();) {
        const auto to = std::upper_bound(from, pairs.end(), *from);
        const auto group = static_cast<std::size_t>(from->first);
        if (to - from > most[group]) {
            most[group] = to - from;
            result[group] = from->second;
        }
        from = to;
    }
    return result;
}

void drop_unoccupied(GroupedBlocks& blocks) {
    std::vector<std::int32_t> number(blocks.cells.size(), -1);
    for (const std::int32_t block : blocks.of_group) {
        number[static_cast<std::size_t>(block)] = 0;
    }
    std::vector<Bounds> occupied;
    for (std::size_t b = 0; b < number.size(); ++b) {
        if (number[b] == 0) {
            number[b] = static_cast<std::int32_t>(occupied.size());
            occupied.push_back(blocks.cells[b]);
        }
    }
    for (std::int32_t& block : blocks.of_group) {
        block = number[static_cast<std::size_t>(block)];
    }
    blocks.cells = std::move(occupied);
}

/// `random` and `continuous` deal out every cell that a sample touches, as spatial-kfold does; `balanced` only cells
/// that a group belongs to, so that none of its folds can be empty.
GroupedBlocks make_grouped_blocks(const SampleTable& samples, const GroupTable& groups, double size,
                                  const FoldOptions& options) {
    BlockLayout layout = options.shape == BlockShape::hexagon ? make_hexagons(samples.x, samples.y, size)
                                                              : make_blocks(samples.x, samples.y, size);
    GroupedBlocks blocks{.cells = std::move(layout.cells), .of_group = block_of_groups(groups, layout.of_point)};
    if (options.assignment == BlockAssignment::balanced) {
        drop_unoccupied(blocks);
    }
    return blocks;
}

[[noreturn]] void refuse(const std::string& field, std::string problem, std::string fix) {
    throw Error(ExitCode::configuration,
                {.where = "folds", .field = field, .problem = std::move(problem), .fix = std::move(fix)});
}

void check_positions(const SampleTable& samples) {
    for (std::size_t row = 0; row < samples.x.size(); ++row) {
        if (!std::isfinite(samples.x[row]) || !std::isfinite(samples.y[row])) {
            throw Error(ExitCode::input, {.where = "samples:row " + std::to_string(row + 1),
                                          .field = "x=" + format_number(samples.x[row]),
                                          .problem = "has no position, so it lies in no block",
                                          .fix = "drop the row or use --schemes polygon"});
        }
    }
}

void check_block_size(const SampleTable& samples, const FoldOptions& options) {
    const double size = options.block_size_m;
    const std::string field = "block_size=" + format_number(size);
    if (!std::isfinite(size) || size <= 0) {
        refuse(field, "is not a length above 0", "give the side of a block in metres, for example --block-size 1000");
    }
    const double cells = cells_along_longest_axis(samples.x, samples.y, size);
    if (!(cells < most_cells_along_axis)) {
        refuse(field, "makes more than 2,147,483,647 blocks along one axis", "use larger blocks");
    }
}

/// The largest round size below the given one that makes enough blocks, and how many.
std::optional<std::pair<double, std::size_t>> workable_size(const SampleTable& samples, const GroupTable& groups,
                                                            const FoldOptions& options) {
    constexpr std::array<double, 7> steps = {8, 6, 5, 4, 3, 2, 1};
    constexpr int decades = 5;
    const auto extent = [](const std::vector<double>& values) {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        return *high - *low;
    };
    const double start = std::min(options.block_size_m, std::max(extent(samples.x), extent(samples.y)));
    if (start <= 0) {
        return std::nullopt;
    }
    const double top = std::floor(std::log10(start));
    for (int decade = 0; decade < decades; ++decade) {
        for (const double step : steps) {
            const double size = step * std::pow(10.0, top - decade);
            if (size >= options.block_size_m) {
                continue;
            }
            const auto n = make_grouped_blocks(samples, groups, size, options).cells.size();
            if (n >= static_cast<std::size_t>(options.n_folds)) {
                return std::pair{size, n};
            }
        }
    }
    return std::nullopt;
}

void check_enough_blocks(const SampleTable& samples, const GroupTable& groups, const FoldOptions& options,
                         std::size_t n_blocks) {
    if (n_blocks >= static_cast<std::size_t>(options.n_folds)) {
        return;
    }
    const auto better = workable_size(samples, groups, options);
    refuse("folds=" + std::to_string(options.n_folds),
           "needs as many blocks, but block_size=" + format_number(options.block_size_m) + " makes " +
               std::to_string(n_blocks) + " with samples",
           better ? "--block-size " + format_number(better->first) + " makes " + std::to_string(better->second)
                  : "use fewer folds");
}

/// Groups by class in one block: what `balanced` evens out.
using ClassCounts = std::vector<std::int64_t>;

std::vector<ClassCounts> groups_by_class(const GroupTable& groups, const GroupedBlocks& blocks) {
    std::vector<ClassCounts> counts(blocks.cells.size(), ClassCounts(static_cast<std::size_t>(groups.n_classes), 0));
    for (int g = 0; g < groups.n_groups; ++g) {
        ClassCounts& of_block = counts[static_cast<std::size_t>(blocks.of_group[static_cast<std::size_t>(g)])];
        for (int k = 0; k < groups.n_classes; ++k) {
            of_block[static_cast<std::size_t>(k)] += groups.count(g, k) > 0 ? 1 : 0;
        }
    }
    return counts;
}

/// Empty class x fold cells, then chi-square of group counts against equal shares by fold size; less is better.
using Imbalance = std::pair<std::int64_t, double>;

Imbalance imbalance_of(const std::vector<ClassCounts>& by_fold) {
    const std::size_t n_classes = by_fold.front().size();
    ClassCounts class_total(n_classes, 0);
    std::vector<double> fold_total;
    for (const ClassCounts& counts : by_fold) {
        fold_total.push_back(static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0})));
        for (std::size_t k = 0; k < n_classes; ++k) {
            class_total[k] += counts[k];
        }
    }
    const double total = std::accumulate(fold_total.begin(), fold_total.end(), 0.0);
    Imbalance result{0, 0.0};
    for (std::size_t f = 0; f < by_fold.size(); ++f) {
        for (std::size_t k = 0; k < n_classes; ++k) {
            if (class_total[k] == 0) {
                continue;
            }
            const double expected = fold_total[f] * static_cast<double>(class_total[k]) / total;
            const double off = static_cast<double>(by_fold[f][k]) - expected;
            result.first += by_fold[f][k] == 0 ? 1 : 0;
            result.second += off * off / expected;
        }
    }
    return result;
}

/// Fold of every block when the blocks are taken in `order` and cut into parts, as numpy.array_split cuts.
std::vector<std::int32_t> folds_in_order(const std::vector<std::int64_t>& order, int n_folds) {
    std::vector<std::int32_t> fold(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        fold[static_cast<std::size_t>(order[i])] =
            fold_of_position(static_cast<std::int64_t>(i), std::ssize(order), n_folds);
    }
    return fold;
}

std::vector<std::int32_t> balanced_folds(const std::vector<ClassCounts>& of_block, const FoldOptions& options) {
    std::vector<std::int32_t> best;
    Imbalance least{};
    for (int start = 0; start < options.balanced_starts; ++start) {
        std::vector<std::int64_t> order(of_block.size());
        std::iota(order.begin(), order.end(), std::int64_t{0});
        Rng(options.seed, static_cast<std::uint64_t>(start)).shuffle(std::span(order));
        std::vector<std::int32_t> fold = folds_in_order(order, options.n_folds);
        std::vector<ClassCounts> by_fold(static_cast<std::size_t>(options.n_folds),
                                         ClassCounts(of_block.front().size(), 0));
        for (std::size_t b = 0; b < of_block.size(); ++b) {
            ClassCounts& sum = by_fold[static_cast<std::size_t>(fold[b] - 1)];
            for (std::size_t k = 0; k < sum.size(); ++k) {
                sum[k] += of_block[b][k];
            }
        }
        const Imbalance imbalance = imbalance_of(by_fold);
        if (best.empty() || imbalance < least) {
            least = imbalance;
            best = std::move(fold);
        }
    }
    return best;
}

std::vector<std::int32_t> folds_of_blocks(const GroupTable& groups, const GroupedBlocks& blocks,
                                          const FoldOptions& options) {
    const auto n = std::ssize(blocks.cells);
    switch (options.assignment) {
    case BlockAssignment::random:
        if (options.seed > std::numeric_limits<std::uint32_t>::max()) {
            refuse("seed=" + std::to_string(options.seed), "is above 4294967295, the largest seed of random blocks",
                   "use a smaller seed or the balanced assignment");
        }
        return folds_in_order(numpy_permutation(static_cast<std::uint32_t>(options.seed), n), options.n_folds);
    case BlockAssignment::continuous: {
        std::vector<std::int64_t> order(static_cast<std::size_t>(n));
        std::iota(order.begin(), order.end(), std::int64_t{0});
        return folds_in_order(order, options.n_folds);
    }
    case BlockAssignment::balanced:
        if (options.balanced_starts < 1) {
            refuse("balanced_starts=" + std::to_string(options.balanced_starts), "is less than 1", "use 100");
        }
        return balanced_folds(groups_by_class(groups, blocks), options);
    }
    return {};
}

/// Blocks that samples touch but no group belongs to can leave a fold of `random` or `continuous` without samples.
void check_none_empty(const FoldAssignment& folds) {
    std::vector<bool> filled(static_cast<std::size_t>(folds.n_folds), false);
    for (const std::int32_t fold : folds.fold) {
        filled[static_cast<std::size_t>(fold - 1)] = true;
    }
    const auto empty = std::find(filled.begin(), filled.end(), false);
    if (empty != filled.end()) {
        throw Error(ExitCode::input,
                    {.where = "folds",
                     .field = "scheme=spatial-block",
                     .problem = "fold " + std::to_string(empty - filled.begin() + 1) + " of " +
                                std::to_string(folds.n_folds) + " is empty: no polygon or group belongs to its blocks",
                     .fix = "use --block-assignment balanced, fewer folds or another block size"});
    }
}

} // namespace

FoldAssignment block_folds(const SampleTable& samples, const GroupTable& groups, const FoldOptions& options) {
    check_positions(samples);
    check_block_size(samples, options);
    const GroupedBlocks blocks = make_grouped_blocks(samples, groups, options.block_size_m, options);
    check_enough_blocks(samples, groups, options, blocks.cells.size());
    const std::vector<std::int32_t> fold = folds_of_blocks(groups, blocks, options);
    FoldAssignment result{.scheme = FoldScheme::spatial_block, .n_folds = options.n_folds, .fold = {}, .blocks = {}};
    for (std::size_t b = 0; b < fold.size(); ++b) {
        result.blocks.push_back({.bounds = blocks.cells[b], .fold = fold[b], .shape = options.shape});
    }
    for (const std::int32_t group : groups.of_sample) {
        const std::int32_t block = blocks.of_group[static_cast<std::size_t>(group)];
        result.fold.push_back(fold[static_cast<std::size_t>(block)]);
    }
    check_none_empty(result);
    return result;
}

} // namespace lcclass::sampling
