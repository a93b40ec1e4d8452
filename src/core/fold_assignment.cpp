#include "lcclass/core/fold_assignment.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace lcclass {

namespace {

constexpr WordTable<FoldScheme, 8> scheme_words = {{
    {FoldScheme::random, "random"},
    {FoldScheme::stratified, "stratified"},
    {FoldScheme::polygon, "polygon"},
    {FoldScheme::spatial_block, "spatial-block"},
    {FoldScheme::cluster, "cluster"},
    {FoldScheme::leave_group_out, "leave-group-out"},
    {FoldScheme::nndm, "nndm"},
    {FoldScheme::knndm, "knndm"},
}};

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

/// `number[row]` says which polygon or group a row is of, below 0: none; all rows of one must share their fold.
void check_whole(const std::vector<std::int32_t>& number, const FoldAssignment& folds, const char* what,
                 const std::vector<std::string>& names) {
    const std::int32_t most = number.empty() ? -1 : *std::max_element(number.begin(), number.end());
    std::vector<std::int32_t> fold_of(static_cast<std::size_t>(most + 1), 0);
    for (std::size_t i = 0; i < number.size(); ++i) {
        if (number[i] < 0) {
            continue;
        }
        const auto at = static_cast<std::size_t>(number[i]);
        if (fold_of[at] != 0 && fold_of[at] != folds.fold[i]) {
            broken(what + (" '" + (names.empty() ? std::to_string(at) : names.at(at))) + "' is in folds " +
                   std::to_string(fold_of[at]) + " and " + std::to_string(folds.fold[i]) + " of scheme " +
                   to_string(folds.scheme));
        }
        fold_of[at] = folds.fold[i];
    }
}

/// Polygon numbers as consecutive ones, -1 where the polygon is not known.
std::vector<std::int32_t> dense_polygons(const SampleTable& samples, std::vector<std::string>& names) {
    std::unordered_map<std::int32_t, std::int32_t> index;
    std::vector<std::int32_t> number;
    number.reserve(samples.polygon_id.size());
    for (const std::int32_t polygon : samples.polygon_id) {
        const auto next = static_cast<std::int32_t>(names.size());
        const std::int32_t at = polygon == 0 ? -1 : index.emplace(polygon, next).first->second;
        if (at == next) {
            names.push_back(std::to_string(polygon));
        }
        number.push_back(at);
    }
    return number;
}

void check_groups_whole(const SampleTable& samples, const FoldAssignment& folds) {
    check_whole(samples.group, folds, "group", samples.group_names);
    std::vector<std::string> polygons;
    const std::vector<std::int32_t> number = dense_polygons(samples, polygons);
    check_whole(number, folds, "polygon", polygons);
}

/// Excluded rows are what they are said to be: in order, and of other folds.
void check_excluded(const FoldAssignment& folds) {
    if (!folds.excluded.empty() && std::ssize(folds.excluded) != folds.n_folds) {
        broken("excluded rows for " + std::to_string(folds.excluded.size()) + " of " + std::to_string(folds.n_folds) +
               " folds");
    }
    for (std::size_t f = 0; f < folds.excluded.size(); ++f) {
        std::int64_t next = 0;
        for (const RowRange& range : folds.excluded[f]) {
            if (range.first < next || range.end <= range.first || range.end > std::ssize(folds.fold)) {
                broken("excluded rows of fold " + std::to_string(f + 1) + " are out of order");
            }
            for (std::int64_t row = range.first; row < range.end; ++row) {
                if (folds.fold[static_cast<std::size_t>(row)] == static_cast<std::int32_t>(f + 1)) {
                    broken("row " + std::to_string(row + 1) + " is tested by fold " + std::to_string(f + 1) +
                           " and excluded from it");
                }
            }
            next = range.end;
        }
    }
}

/// Samples of every class (positions in the legend), at [class][fold - 1].
using ClassByFold = std::vector<std::vector<std::int64_t>>;

ClassByFold empty_counts(const SampleTable& samples, const FoldAssignment& folds) {
    return ClassByFold(static_cast<std::size_t>(samples.legend.size()),
                       std::vector<std::int64_t>(static_cast<std::size_t>(folds.n_folds), 0));
}

ClassByFold count_tested(const SampleTable& samples, const FoldAssignment& folds,
                         const std::vector<std::int32_t>& class_of) {
    ClassByFold counts = empty_counts(samples, folds);
    for (std::size_t i = 0; i < folds.fold.size(); ++i) {
        ++counts[static_cast<std::size_t>(class_of[i])][static_cast<std::size_t>(folds.fold[i] - 1)];
    }
    return counts;
}

ClassByFold count_left_out(const SampleTable& samples, const FoldAssignment& folds,
                           const std::vector<std::int32_t>& class_of) {
    ClassByFold counts = empty_counts(samples, folds);
    for (std::size_t f = 0; f < folds.excluded.size(); ++f) {
        for (const RowRange& range : folds.excluded[f]) {
            for (std::int64_t row = range.first; row < range.end; ++row) {
                ++counts[static_cast<std::size_t>(class_of[static_cast<std::size_t>(row)])][f];
            }
        }
    }
    return counts;
}

std::string remedy_for_class(const FoldAssignment& folds) {
    const std::string class_remedy = ", or merge or drop the class";
    if (folds.buffer_m > 0) {
        return "use a smaller --buffer" + class_remedy;
    }
    switch (folds.scheme) {
    case FoldScheme::random:
    case FoldScheme::stratified:
        return "use fewer folds or another seed, or collect more samples of the class";
    case FoldScheme::polygon:
    case FoldScheme::nndm:
        return "add polygons of the class, or merge or drop the class";
    case FoldScheme::spatial_block:
        return "use smaller blocks or the balanced assignment" + class_remedy;
    case FoldScheme::cluster:
        return "use more folds or spatial-block with balanced assignment" + class_remedy;
    case FoldScheme::leave_group_out:
        return "name a --group-field whose values share the class" + class_remedy;
    case FoldScheme::knndm:
        return "use another number of folds" + class_remedy;
    }
    return {};
}

std::string fold_label(const FoldAssignment& folds, std::size_t f) {
    const std::string name = f < folds.fold_names.size() ? " ('" + folds.fold_names[f] + "')" : "";
    return "fold " + std::to_string(f + 1) + " of " + std::to_string(folds.n_folds) + name;
}

void check_none_empty(const FoldAssignment& folds) {
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(folds.n_folds), 0);
    for (const std::int32_t fold : folds.fold) {
        ++sizes[static_cast<std::size_t>(fold - 1)];
    }
    for (std::size_t f = 0; f < sizes.size(); ++f) {
        if (sizes[f] == 0) {
            throw Error(ExitCode::input, {.where = "folds",
                                          .field = scheme_field(folds),
                                          .problem = fold_label(folds, f) + " is empty",
                                          .fix = folds.scheme == FoldScheme::spatial_block
                                                     ? "use fewer folds, smaller blocks or the balanced assignment"
                                                     : "use fewer folds"});
        }
        const std::int64_t left_out = count_excluded(folds, static_cast<int>(f + 1));
        if (sizes[f] + left_out == std::ssize(folds.fold)) {
            throw Error(ExitCode::input,
                        {.where = "folds",
                         .field = scheme_field(folds),
                         .problem = fold_label(folds, f) + " has no training samples: " + with_thousands(sizes[f]) +
                                    " are tested and " + with_thousands(left_out) + " left out",
                         .fix = folds.buffer_m > 0 ? "use a smaller --buffer than " + format_number(folds.buffer_m)
                                                   : "use more folds"});
        }
    }
}

void check_training_classes(const SampleTable& samples, const FoldAssignment& folds) {
    const std::vector<std::int32_t> class_of = class_positions(samples.class_code, samples.legend);
    const ClassByFold tested = count_tested(samples, folds, class_of);
    const ClassByFold left_out = count_left_out(samples, folds, class_of);
    for (std::size_t k = 0; k < tested.size(); ++k) {
        const std::int64_t total = std::accumulate(tested[k].begin(), tested[k].end(), std::int64_t{0});
        for (std::size_t f = 0; f < tested[k].size(); ++f) {
            if (total == 0 || tested[k][f] + left_out[k][f] < total) {
                continue;
            }
            const LandCoverClass& entry = samples.legend.at(static_cast<int>(k));
            const std::string name = "class " + std::to_string(entry.code) + " '" + entry.name + "'";
            const std::string whole = name + " lies wholly in " + fold_label(folds, f) + " (" + with_thousands(total) +
                                      " samples), so that fold cannot learn it";
            const std::string beside = fold_label(folds, f) + " cannot learn " + name + ": it tests " +
                                       with_thousands(tested[k][f]) + " of its samples and leaves out the other " +
                                       with_thousands(left_out[k][f]);
            throw Error(ExitCode::input, {.where = "folds",
                                          .field = scheme_field(folds),
                                          .problem = left_out[k][f] == 0 ? whole : beside,
                                          .fix = remedy_for_class(folds)});
        }
    }
}

} // namespace

std::string to_string(FoldScheme scheme) {
    return word_of(scheme_words, scheme);
}

std::vector<std::string> fold_scheme_words() {
    return words_of(scheme_words);
}

FoldScheme parse_fold_scheme(const std::string& word) {
    return parse_word(scheme_words, "schemes", word, "a fold scheme");
}

bool keeps_groups_whole(FoldScheme scheme) {
    return scheme != FoldScheme::random && scheme != FoldScheme::stratified;
}

bool tests_single_groups(FoldScheme scheme) {
    return scheme == FoldScheme::leave_group_out || scheme == FoldScheme::nndm;
}

bool needs_positions(FoldScheme scheme) {
    return scheme == FoldScheme::spatial_block || scheme == FoldScheme::cluster || scheme == FoldScheme::nndm ||
           scheme == FoldScheme::knndm;
}

FoldRows rows_of_fold(const FoldAssignment& folds, int fold) {
    static const std::vector<RowRange> none;
    const auto& excluded = folds.excluded.empty() ? none : folds.excluded.at(static_cast<std::size_t>(fold - 1));
    auto range = excluded.begin();
    FoldRows rows;
    for (std::int64_t i = 0; i < std::ssize(folds.fold); ++i) {
        while (range != excluded.end() && range->end <= i) {
            ++range;
        }
        if (range != excluded.end() && range->first <= i) {
            ++rows.n_excluded;
        } else {
            (folds.fold[static_cast<std::size_t>(i)] == fold ? rows.test : rows.train).push_back(i);
        }
    }
    return rows;
}

std::int64_t count_excluded(const FoldAssignment& folds, int fold) {
    std::int64_t count = 0;
    if (!folds.excluded.empty()) {
        for (const RowRange& range : folds.excluded.at(static_cast<std::size_t>(fold - 1))) {
            count += range.end - range.first;
        }
    }
    return count;
}

void check_folds(const SampleTable& samples, const FoldAssignment& folds, bool classes_in_training) {
    check_shape(samples, folds);
    check_excluded(folds);
    check_none_empty(folds);
    if (keeps_groups_whole(folds.scheme)) {
        check_groups_whole(samples, folds);
    }
    if (classes_in_training) {
        check_training_classes(samples, folds);
    }
}

} // namespace lcclass
