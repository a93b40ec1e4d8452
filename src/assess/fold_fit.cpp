#include "assess/fold_fit.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"

#include <algorithm>

namespace lcclass {

std::int64_t count_distinct(const std::vector<std::int32_t>& values, std::size_t n_values) {
    std::vector<bool> seen(n_values, false);
    for (const std::int32_t value : values) {
        seen.at(static_cast<std::size_t>(value)) = true;
    }
    return std::count(seen.begin(), seen.end(), true);
}

std::vector<ClassCount> count_classes(const SampleTable& samples) {
    std::vector<std::vector<std::int32_t>> groups(static_cast<std::size_t>(samples.legend.size()));
    const std::vector<std::int32_t> class_of = class_positions(samples.class_code, samples.legend);
    for (std::size_t i = 0; i < class_of.size(); ++i) {
        groups[static_cast<std::size_t>(class_of[i])].push_back(samples.group[i]);
    }
    std::vector<ClassCount> classes;
    for (std::size_t k = 0; k < groups.size(); ++k) {
        if (!groups[k].empty()) {
            classes.push_back({.class_code = samples.legend.at(static_cast<int>(k)).code,
                               .polygons = count_distinct(groups[k], samples.group_names.size()),
                               .pixels = std::ssize(groups[k])});
        }
    }
    return classes;
}

std::vector<std::int32_t> class_positions(const std::vector<std::int32_t>& codes,
                                          const std::vector<ClassCount>& classes) {
    std::vector<std::int32_t> known;
    for (const ClassCount& entry : classes) {
        known.push_back(entry.class_code);
    }
    return class_positions(codes, known,
                           {.problem = "has no part in the cross-validation", .fix = "report this as a bug"});
}

FoldPart make_part(const SampleTable& samples, const std::vector<ClassCount>& classes,
                   const std::vector<std::int64_t>& rows) {
    FoldPart part;
    part.table = select_rows(samples, rows);
    part.n_polygons = count_distinct(part.table.group, samples.group_names.size());
    part.class_index = class_positions(part.table.class_code, classes);
    return part;
}

void check_classes(const std::vector<ClassCount>& classes, const ClassLegend& legend) {
    if (classes.size() >= 2) {
        return;
    }
    const std::string only = classes.empty() ? "no class"
                                             : "only class " + std::to_string(classes[0].class_code) + " '" +
                                                   legend.at(*legend.index_of(classes[0].class_code)).name + "'";
    throw Error(ExitCode::input, {.where = "samples",
                                  .field = {},
                                  .problem = "there is " + only + ", so there is nothing to tell apart",
                                  .fix = "label polygons of at least two classes"});
}

RandomForestOptions options_of_fold(const RandomForestOptions& options, int fold) {
    RandomForestOptions of_fold = options;
    of_fold.seed = mix64(options.seed, static_cast<std::uint64_t>(fold));
    of_fold.oob_score = false;
    return of_fold;
}

ConfusionMatrix matrix_of(const FoldPart& part, const std::vector<std::int32_t>& predicted, std::size_t n_classes) {
    ConfusionMatrix matrix(static_cast<int>(n_classes));
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        matrix.add(part.class_index[i], predicted[i]);
    }
    return matrix;
}

std::vector<std::uint32_t> predict_sums(const RandomForest& forest, const SampleTable& table) {
    std::vector<std::uint32_t> sums(static_cast<std::size_t>(table.size() * forest.n_classes()));
    forest.predict_sums(view_of(table), sums);
    return sums;
}

std::vector<std::int32_t> most_probable(const std::vector<std::uint32_t>& sums, std::size_t n_classes) {
    std::vector<std::int32_t> classes;
    for (auto row = sums.begin(); row != sums.end(); row += static_cast<std::ptrdiff_t>(n_classes)) {
        const auto end = row + static_cast<std::ptrdiff_t>(n_classes);
        classes.push_back(static_cast<std::int32_t>(std::max_element(row, end) - row));
    }
    return classes;
}

} // namespace lcclass
