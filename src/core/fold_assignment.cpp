#include "lcclass/core/fold_assignment.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass {

namespace {

constexpr std::array<std::pair<FoldScheme, const char*>, 3> scheme_words = {{
    {FoldScheme::random, "random"},
    {FoldScheme::polygon, "polygon"},
    {FoldScheme::spatial_block, "spatial-block"},
}};

std::vector<std::string> known_words() {
    std::vector<std::string> words;
    for (const auto& entry : scheme_words) {
        words.emplace_back(entry.second);
    }
    return words;
}

[[noreturn]] void broken(std::string problem) {
    throw Error(ExitCode::internal,
                {.where = "folds", .field = {}, .problem = std::move(problem), .fix = "report this as a bug"});
}

std::string scheme_field(const FoldAssignment& folds) {
    return "scheme=" + to_string(folds.scheme);
}

void check_shape(const SampleTable& samples, const FoldAssignment& folds) {
    if (std::ssize(folds.fold) != samples.size()) {
        broken(std::to_string(folds.fold.size()) + " fold numbers for " + std::to_string(samples.size()) + " samples");
    }
    for (const std::int32_t fold : folds.fold) {
        if (fold < 1 || fold > folds.n_folds) {
            broken("fold " + std::to_string(fold) + " is not one of 1.." + std::to_string(folds.n_folds));
        }
    }
}

void check_groups_whole(const SampleTable& samples, const FoldAssignment& folds) {
    std::vector<std::int32_t> fold_of_group(samples.group_names.size(), 0);
    for (std::size_t i = 0; i < folds.fold.size(); ++i) {
        std::int32_t& fold = fold_of_group.at(static_cast<std::size_t>(samples.group[i]));
        if (fold != 0 && fold != folds.fold[i]) {
            broken("group '" + samples.group_names[static_cast<std::size_t>(samples.group[i])] + "' is in folds " +
                   std::to_string(fold) + " and " + std::to_string(folds.fold[i]) + " of scheme " +
                   to_string(folds.scheme));
        }
        fold = folds.fold[i];
    }
}

/// Samples of every class (positions in the legend) in every fold.
std::vector<std::vector<std::int64_t>> count_by_class(const SampleTable& samples, const FoldAssignment& folds) {
    std::vector<std::vector<std::int64_t>> counts(
        static_cast<std::size_t>(samples.legend.size()),
        std::vector<std::int64_t>(static_cast<std::size_t>(folds.n_folds), 0));
    for (std::size_t i = 0; i < folds.fold.size(); ++i) {
        const auto k = samples.legend.index_of(samples.class_code[i]);
        if (!k) {
            broken("class " + std::to_string(samples.class_code[i]) + " is not in the legend");
        }
        ++counts[static_cast<std::size_t>(*k)][static_cast<std::size_t>(folds.fold[i] - 1)];
    }
    return counts;
}

std::string remedy_for_class(FoldScheme scheme) {
    switch (scheme) {
    case FoldScheme::random:
        return "use fewer folds or another seed, or collect more samples of the class";
    case FoldScheme::polygon:
        return "add polygons of the class, or merge or drop the class";
    case FoldScheme::spatial_block:
        return "use smaller blocks or the balanced assignment, or merge or drop the class";
    }
    return {};
}

void check_none_empty(const FoldAssignment& folds) {
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(folds.n_folds), 0);
    for (const std::int32_t fold : folds.fold) {
        ++sizes[static_cast<std::size_t>(fold - 1)];
    }
    const auto empty = std::find(sizes.begin(), sizes.end(), 0);
    if (empty != sizes.end()) {
        throw Error(ExitCode::input, {.where = "folds",
                                      .field = scheme_field(folds),
                                      .problem = "fold " + std::to_string(empty - sizes.begin() + 1) + " of " +
                                                 std::to_string(folds.n_folds) + " is empty",
                                      .fix = folds.scheme == FoldScheme::spatial_block
                                                 ? "use fewer folds, smaller blocks or the balanced assignment"
                                                 : "use fewer folds"});
    }
}

void check_training_classes(const SampleTable& samples, const FoldAssignment& folds) {
    const auto counts = count_by_class(samples, folds);
    for (std::size_t k = 0; k < counts.size(); ++k) {
        std::int64_t total = 0;
        for (const std::int64_t count : counts[k]) {
            total += count;
        }
        const auto holder = std::find(counts[k].begin(), counts[k].end(), total);
        if (total > 0 && holder != counts[k].end()) {
            const LandCoverClass& entry = samples.legend.at(static_cast<int>(k));
            throw Error(ExitCode::input,
                        {.where = "folds",
                         .field = scheme_field(folds),
                         .problem = "class " + std::to_string(entry.code) + " '" + entry.name +
                                    "' lies wholly in fold " + std::to_string(holder - counts[k].begin() + 1) + " of " +
                                    std::to_string(folds.n_folds) + " (" + with_thousands(total) +
                                    " samples), so that fold cannot learn it",
                         .fix = remedy_for_class(folds.scheme)});
        }
    }
}

} // namespace

std::string to_string(FoldScheme scheme) {
    for (const auto& [known, word] : scheme_words) {
        if (known == scheme) {
            return word;
        }
    }
    return {};
}

FoldScheme parse_fold_scheme(const std::string& word) {
    for (const auto& [scheme, known] : scheme_words) {
        if (word == known) {
            return scheme;
        }
    }
    const auto words = known_words();
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = "schemes=" + word,
                                         .problem = "is not a fold scheme" + did_you_mean(word, words),
                                         .fix = "use one of " + join(words, ", ")});
}

void check_folds(const SampleTable& samples, const FoldAssignment& folds) {
    check_shape(samples, folds);
    check_none_empty(folds);
    if (folds.scheme != FoldScheme::random) {
        check_groups_whole(samples, folds);
    }
    check_training_classes(samples, folds);
}

} // namespace lcclass
