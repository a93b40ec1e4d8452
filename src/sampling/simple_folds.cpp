#include "sampling/simple_folds.h"

#include "lcclass/core/rng.h"
#include "sampling/split.h"

#include <numeric>
#include <span>
#include <utility>

namespace lcclass::sampling {

namespace {

/// `items` per class (positions in the legend), shuffled within their class and dealt out over all folds in turn.
std::vector<std::int32_t> deal_by_class(std::vector<std::vector<std::int64_t>> items, std::int64_t n_items,
                                        const ClassLegend& legend, const FoldOptions& options) {
    std::vector<std::int32_t> fold(static_cast<std::size_t>(n_items));
    std::int64_t dealt = 0;
    for (std::size_t k = 0; k < items.size(); ++k) {
        Rng(options.seed, static_cast<std::uint64_t>(legend.at(static_cast<int>(k)).code)).shuffle(std::span(items[k]));
        for (const std::int64_t item : items[k]) {
            fold[static_cast<std::size_t>(item)] = static_cast<std::int32_t>(dealt++ % options.n_folds + 1);
        }
    }
    return fold;
}

} // namespace

std::vector<std::int32_t> random_folds(std::int64_t n_samples, const FoldOptions& options) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(n_samples));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    Rng(options.seed, 0).shuffle(std::span(order));
    std::vector<std::int32_t> fold(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        fold[static_cast<std::size_t>(order[i])] =
            fold_of_position(static_cast<std::int64_t>(i), n_samples, options.n_folds);
    }
    return fold;
}

std::vector<std::int32_t> stratified_folds(const SampleTable& samples, const FoldOptions& options) {
    std::vector<std::vector<std::int64_t>> of_class(static_cast<std::size_t>(samples.legend.size()));
    const std::vector<std::int32_t> class_of = class_positions(samples.class_code, samples.legend);
    for (std::size_t row = 0; row < class_of.size(); ++row) {
        of_class[static_cast<std::size_t>(class_of[row])].push_back(static_cast<std::int64_t>(row));
    }
    return deal_by_class(std::move(of_class), samples.size(), samples.legend, options);
}

std::vector<std::int32_t> group_folds(const SampleTable& samples, const GroupTable& groups,
                                      const FoldOptions& options) {
    std::vector<std::vector<std::int64_t>> of_class(static_cast<std::size_t>(groups.n_classes));
    for (int g = 0; g < groups.n_groups; ++g) {
        of_class[static_cast<std::size_t>(groups.main_class(g))].push_back(g);
    }
    return deal_by_class(std::move(of_class), groups.n_groups, samples.legend, options);
}

FoldAssignment single_group_folds(const SampleTable& samples, const GroupTable& groups, FoldScheme scheme) {
    FoldAssignment result{.scheme = scheme, .n_folds = groups.n_groups, .fold = {}, .blocks = {}};
    result.fold_names.resize(static_cast<std::size_t>(groups.n_groups));
    for (std::size_t row = 0; row < groups.of_sample.size(); ++row) {
        const std::int32_t group = groups.of_sample[row];
        result.fold.push_back(group + 1);
        result.fold_names[static_cast<std::size_t>(group)] =
            samples.group_names[static_cast<std::size_t>(samples.group[row])];
    }
    return result;
}

std::vector<std::int32_t> spread_to_samples(const GroupTable& groups, const std::vector<std::int32_t>& fold_of_group) {
    std::vector<std::int32_t> fold;
    fold.reserve(groups.of_sample.size());
    for (const std::int32_t group : groups.of_sample) {
        fold.push_back(fold_of_group[static_cast<std::size_t>(group)]);
    }
    return fold;
}

} // namespace lcclass::sampling
