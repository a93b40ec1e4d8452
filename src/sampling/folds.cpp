#include "lcclass/sampling/folds.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"
#include "sampling/block_folds.h"
#include "sampling/buffer.h"
#include "sampling/cluster_folds.h"
#include "sampling/distance_folds.h"
#include "sampling/groups.h"
#include "sampling/places.h"
#include "sampling/simple_folds.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <unordered_map>
#include <utility>

namespace lcclass {

namespace {

constexpr WordTable<BlockAssignment, 3> assignment_words = {{
    {BlockAssignment::random, "random"},
    {BlockAssignment::continuous, "continuous"},
    {BlockAssignment::balanced, "balanced"},
}};

constexpr WordTable<BlockShape, 2> shape_words = {{
    {BlockShape::square, "square"},
    {BlockShape::hexagon, "hexagon"},
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
    const bool by_sample = !keeps_groups_whole(options.scheme);
    for (int k = 0; k < groups.n_classes; ++k) {
        std::int64_t n_samples = 0;
        for (int g = 0; g < groups.n_groups; ++g) {
            n_samples += groups.count(g, k);
        }
        const std::int64_t units = by_sample ? n_samples : groups.groups_with(k);
        if (units == 1) {
            const LandCoverClass& entry = samples.legend.at(k);
            throw Error(ExitCode::input,
                        {.where = "folds",
                         .field = tests_single_groups(options.scheme) ? "scheme=" + to_string(options.scheme)
                                                                      : "folds=" + std::to_string(options.n_folds),
                         .problem = "class " + std::to_string(entry.code) + " '" + entry.name + "' has 1 " +
                                    (by_sample ? "sample" : "polygon or group") +
                                    ", so it cannot be both learned and tested",
                         .fix = "collect more of the class, or merge or drop it"});
        }
    }
}

void require_known_groups(const SampleTable& samples, FoldScheme scheme) {
    if (!knows_groups(samples)) {
        throw Error(ExitCode::configuration,
                    {.where = "samples",
                     .field = {},
                     .problem = "the table says neither polygon nor group of its samples, so " + to_string(scheme) +
                                " folds would be random folds",
                     .fix = "--group-field, or leave the scheme " + to_string(scheme) + " out"});
    }
}

/// A polygon in two groups could be in training and test of folds that keep groups whole.
void require_polygons_in_one_group(const SampleTable& samples) {
    std::unordered_map<std::int32_t, std::int32_t> group_of;
    for (std::size_t row = 0; row < samples.polygon_id.size(); ++row) {
        const std::int32_t polygon = samples.polygon_id[row];
        if (polygon == 0) {
            continue;
        }
        const auto [entry, is_new] = group_of.emplace(polygon, samples.group[row]);
        if (entry->second != samples.group[row]) {
            throw Error(ExitCode::input,
                        {.where = "samples:row " + std::to_string(row + 1),
                         .field = "polygon_id=" + std::to_string(polygon),
                         .problem = "is in group '" + samples.group_names[static_cast<std::size_t>(entry->second)] +
                                    "' and in group '" +
                                    samples.group_names[static_cast<std::size_t>(samples.group[row])] +
                                    "', so whole groups would not keep the polygon whole",
                         .fix = "name a --group-field that does not cut polygons"});
        }
    }
}

void check_single_folds(const sampling::GroupTable& groups, FoldScheme scheme) {
    const bool few = groups.n_groups < 2;
    if (few || groups.n_groups > most_single_folds) {
        throw Error(ExitCode::configuration,
                    {.where = "folds",
                     .field = "scheme=" + to_string(scheme),
                     .problem = "makes a fold of every polygon or group, of which there " +
                                (few ? std::string("is only one")
                                     : "are " + with_thousands(groups.n_groups) + ", more than " +
                                           with_thousands(most_single_folds)),
                     .fix = few                          ? "name a --group-field with several values"
                            : scheme == FoldScheme::nndm ? "use knndm, or --group-field with fewer groups"
                                                         : "name a --group-field with fewer values"});
    }
}

void check_request(const SampleTable& samples, const sampling::GroupTable& groups, const FoldOptions& options) {
    const bool single = tests_single_groups(options.scheme);
    if (!single) {
        check_fold_count(options.n_folds, samples.size(), "samples");
    }
    if (options.scheme == FoldScheme::polygon || options.scheme == FoldScheme::leave_group_out) {
        require_known_groups(samples, options.scheme);
    }
    if (keeps_groups_whole(options.scheme)) {
        require_polygons_in_one_group(samples);
        if (!single) {
            check_fold_count(options.n_folds, groups.n_groups, "polygons or groups");
        }
    }
    if (single) {
        check_single_folds(groups, options.scheme);
    }
    if (options.classes_in_training) {
        check_class_sizes(samples, groups, options);
    }
}

FoldAssignment folds_of_scheme(const SampleTable& samples, const sampling::GroupTable& groups,
                               const FoldOptions& options) {
    FoldAssignment result{.scheme = options.scheme, .n_folds = options.n_folds, .fold = {}, .blocks = {}};
    switch (options.scheme) {
    case FoldScheme::random:
        result.fold = sampling::random_folds(samples.size(), options);
        break;
    case FoldScheme::stratified:
        result.fold = sampling::stratified_folds(samples, options);
        break;
    case FoldScheme::polygon:
        result.fold = sampling::spread_to_samples(groups, sampling::group_folds(samples, groups, options));
        break;
    case FoldScheme::spatial_block:
        return sampling::block_folds(samples, groups, options);
    case FoldScheme::cluster:
        result.fold = sampling::spread_to_samples(groups, sampling::cluster_folds(samples, groups, options));
        break;
    case FoldScheme::leave_group_out:
        return sampling::single_group_folds(samples, groups, options.scheme);
    case FoldScheme::nndm:
        return sampling::nndm_folds(samples, groups, options);
    case FoldScheme::knndm:
        return sampling::knndm_folds(samples, groups, options);
    }
    return result;
}

void report_match(const SampleTable& samples, const sampling::GroupTable& groups, const FoldOptions& options,
                  FoldAssignment& folds) {
    if (options.prediction.x.empty()) {
        return;
    }
    sampling::require_positions(samples, "a prediction area");
    const auto places =
        keeps_groups_whole(folds.scheme) ? sampling::group_places(samples, groups) : sampling::sample_places(samples);
    const std::int64_t n_clusters = folds.match ? folds.match->n_clusters : 0;
    folds.match = sampling::match_of(places, folds, options.prediction);
    folds.match->n_clusters = n_clusters;
}

} // namespace

std::string to_string(BlockAssignment assignment) {
    return word_of(assignment_words, assignment);
}

BlockAssignment parse_block_assignment(const std::string& word) {
    return parse_word(assignment_words, "block_assignment", word, "a block assignment");
}

std::string to_string(BlockShape shape) {
    return word_of(shape_words, shape);
}

BlockShape parse_block_shape(const std::string& word) {
    return parse_word(shape_words, "block_shape", word, "a block shape");
}

FoldAssignment assign_folds(const SampleTable& samples, const FoldOptions& options) {
    const sampling::GroupTable groups = sampling::group_table(samples);
    check_request(samples, groups, options);
    FoldAssignment result = folds_of_scheme(samples, groups, options);
    sampling::exclude_buffer(samples, options.buffer_m, result);
    check_folds(samples, result, options.classes_in_training);
    report_match(samples, groups, options, result);
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
