#include "lcclass/sampling/folds.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"
#include "sampling/block_folds.h"
#include "sampling/groups.h"
#include "sampling/split.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <utility>

namespace lcclass {

namespace {

constexpr std::array<std::pair<BlockAssignment, const char*>, 3> assignment_words = {{
    {BlockAssignment::random, "random"},
    {BlockAssignment::continuous, "continuous"},
    {BlockAssignment::balanced, "balanced"},
}};

void check_fold_count(int n_folds, std::int64_t available, const std::string& unit) {
    if (n_folds >= 2 && n_folds <= available) {
        return;
    }
    throw Error(ExitCode::configuration,
                {.where = "folds",
                 .field = "folds=" + std::to_string(n_folds),
                 .problem = n_folds < 2 ? "is less than 2"
                                        : "is more than the " + with_thousands(available) + " " + unit + " there are",
                 .fix = available < 2 ? "collect more samples"
                                      : "use 2 to " + std::to_string(available) + ", commonly 5 or 10"});
}

/// A class needs two units in different folds, or the fold that tests it cannot have learned it.
void check_class_sizes(const SampleTable& samples, const sampling::GroupTable& groups, const FoldOptions& options) {
    const bool by_sample = options.scheme == FoldScheme::random;
    for (int k = 0; k < groups.n_classes; ++k) {
        std::int64_t n_samples = 0;
        for (int g = 0; g < groups.n_groups; ++g) {
            n_samples += groups.count(g, k);
        }
        const std::int64_t units = by_sample ? n_samples : groups.groups_with(k);
        if (units == 1) {
            const LandCoverClass& entry = samples.legend.at(k);
            throw Error(ExitCode::input, {.where = "folds",
                                          .field = "folds=" + std::to_string(options.n_folds),
                                          .problem = "class " + std::to_string(entry.code) + " '" + entry.name +
                                                     "' has 1 " + (by_sample ? "sample" : "polygon or group") +
                                                     ", so it cannot be both learned and tested",
                                          .fix = "collect more of the class, or merge or drop it"});
        }
    }
}

void require_known_groups(const SampleTable& samples, const sampling::GroupTable& groups) {
    const bool polygons_known = std::any_of(samples.polygon_id.begin(), samples.polygon_id.end(),
                                            [](std::int32_t polygon) { return polygon != 0; });
    if (!polygons_known && groups.n_groups == samples.size()) {
        throw Error(ExitCode::configuration,
                    {.where = "samples",
                     .field = {},
                     .problem = "the table says neither polygon nor group of its samples, so polygon folds would be "
                                "random folds",
                     .fix = "--group-field, or leave the scheme polygon out"});
    }
}

std::vector<std::int32_t> random_folds(std::int64_t n_samples, const FoldOptions& options) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(n_samples));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    Rng(options.seed, 0).shuffle(std::span(order));
    std::vector<std::int32_t> fold(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        fold[static_cast<std::size_t>(order[i])] =
            sampling::fold_of_position(static_cast<std::int64_t>(i), n_samples, options.n_folds);
    }
    return fold;
}

/// Class by class, the groups of mostly that class are shuffled (stream = class code) and dealt out in turn; the next
/// class goes on where the last one stopped. So folds differ by at most one group, in all and within every class.
std::vector<std::int32_t> group_folds(const SampleTable& samples, const sampling::GroupTable& groups,
                                      const FoldOptions& options) {
    std::vector<std::vector<std::int32_t>> of_class(static_cast<std::size_t>(groups.n_classes));
    for (int g = 0; g < groups.n_groups; ++g) {
        of_class[static_cast<std::size_t>(groups.main_class(g))].push_back(g);
    }
    std::vector<std::int32_t> fold_of_group(static_cast<std::size_t>(groups.n_groups));
    int dealt = 0;
    for (int k = 0; k < groups.n_classes; ++k) {
        auto& members = of_class[static_cast<std::size_t>(k)];
        Rng(options.seed, static_cast<std::uint64_t>(samples.legend.at(k).code)).shuffle(std::span(members));
        for (const std::int32_t group : members) {
            fold_of_group[static_cast<std::size_t>(group)] = dealt++ % options.n_folds + 1;
        }
    }
    std::vector<std::int32_t> fold;
    fold.reserve(groups.of_sample.size());
    for (const std::int32_t group : groups.of_sample) {
        fold.push_back(fold_of_group[static_cast<std::size_t>(group)]);
    }
    return fold;
}

} // namespace

std::string to_string(BlockAssignment assignment) {
    for (const auto& [known, word] : assignment_words) {
        if (known == assignment) {
            return word;
        }
    }
    return {};
}

BlockAssignment parse_block_assignment(const std::string& word) {
    std::vector<std::string> words;
    for (const auto& [assignment, known] : assignment_words) {
        if (word == known) {
            return assignment;
        }
        words.emplace_back(known);
    }
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = "block_assignment=" + word,
                                         .problem = "is not a block assignment" + did_you_mean(word, words),
                                         .fix = "use one of " + join(words, ", ")});
}

FoldAssignment assign_folds(const SampleTable& samples, const FoldOptions& options) {
    check_fold_count(options.n_folds, samples.size(), "samples");
    const sampling::GroupTable groups = sampling::group_table(samples);
    if (options.scheme == FoldScheme::polygon) {
        require_known_groups(samples, groups);
    }
    if (options.scheme != FoldScheme::random) {
        check_fold_count(options.n_folds, groups.n_groups, "polygons or groups");
    }
    if (options.classes_in_training) {
        check_class_sizes(samples, groups, options);
    }
    FoldAssignment result{.scheme = options.scheme, .n_folds = options.n_folds, .fold = {}, .blocks = {}};
    switch (options.scheme) {
    case FoldScheme::random:
        result.fold = random_folds(samples.size(), options);
        break;
    case FoldScheme::polygon:
        result.fold = group_folds(samples, groups, options);
        break;
    case FoldScheme::spatial_block:
        result = sampling::block_folds(samples, groups, options);
        break;
    }
    if (options.classes_in_training) {
        check_folds(samples, result);
    }
    return result;
}

std::vector<std::int64_t> numpy_permutation(std::uint32_t seed, std::int64_t n) {
    std::vector<std::int64_t> items(static_cast<std::size_t>(n));
    std::iota(items.begin(), items.end(), std::int64_t{0});
    std::mt19937 engine(seed);
    for (std::uint32_t i = static_cast<std::uint32_t>(n) - 1; n > 1 && i > 0; --i) {
        std::uint32_t mask = i;
        for (const unsigned shift : {1U, 2U, 4U, 8U, 16U}) {
            mask |= mask >> shift;
        }
        auto j = static_cast<std::uint32_t>(engine()) & mask;
        while (j > i) {
            j = static_cast<std::uint32_t>(engine()) & mask;
        }
        std::swap(items[i], items[j]);
    }
    return items;
}

} // namespace lcclass
