#include "lcclass/assess/cv_report.h"

#include "assess/cv_figures.h"
#include "assess/cv_interval_table.h"
#include "assess/cv_verdict.h"
#include "assess/learning_report.h"
#include "assess/probability_json.h"
#include "assess/tuning_report.h"
#include "assess/variogram_table.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace lcclass {

namespace {

using assess::class_figures;
using assess::overall_figures;

constexpr std::size_t label_width = 20;
constexpr std::size_t polygons_width = 9;
constexpr std::size_t samples_width = 11;
constexpr std::size_t scheme_width = 20;
constexpr std::size_t schemes_per_table = 3;

std::string with_spread(const CrossValidation& cv, const FoldSpread& spread) {
    if (!assess::has_fold_means(cv)) {
        return "-";
    }
    return spread.sd ? three_digits(spread.mean) + " +- " + three_digits(spread.sd) : three_digits(spread.mean);
}

using Schemes = std::span<const CrossValidation>;

/// One row: a label, and a cell per scheme made by `cell(cv)`.
template <class Cell>
std::string row_of(const std::string& label, Schemes schemes, Cell&& cell) {
    std::string line = to_left(label, label_width);
    for (const CrossValidation& cv : schemes) {
        line += to_right(cell(cv), scheme_width);
    }
    return line + "\n";
}

/// Rows that only some runs have: samples left out of training, and the match of distances.
std::string distance_rows(Schemes schemes) {
    const auto left_out = [](const CrossValidation& cv) {
        std::int64_t sum = 0;
        for (const FoldResult& fold : cv.folds) {
            sum += fold.n_excluded;
        }
        return sum;
    };
    std::string text;
    if (std::any_of(schemes.begin(), schemes.end(), [&](const auto& cv) { return left_out(cv) > 0; })) {
        text += row_of("left out per fold", schemes, [&](const CrossValidation& cv) {
            return with_thousands(left_out(cv) / std::max<std::int64_t>(1, std::ssize(cv.folds)));
        });
    }
    if (std::any_of(schemes.begin(), schemes.end(), [](const auto& cv) { return cv.match.has_value(); })) {
        text += row_of("W of distances, m", schemes, [](const CrossValidation& cv) {
            return cv.match ? with_thousands(std::llround(cv.match->w_m)) : std::string("-");
        });
    }
    return text;
}

/// `probabilities` are those of `schemes`, one for one, or none.
std::string probability_rows(Schemes schemes, std::span<const SchemeProbabilities> probabilities) {
    std::string text;
    for (const auto& figure : assess::probability_keys) {
        if (*figure.label == '\0' || probabilities.empty()) {
            continue;
        }
        text += to_left(figure.label, label_width);
        for (std::size_t s = 0; s < schemes.size(); ++s) {
            const FoldSpread spread = assess::spread_of_probability(probabilities[s], figure);
            text += to_right(with_spread(schemes[s], spread), scheme_width);
        }
        text += "\n";
    }
    return text;
}

std::string fold_table(Schemes schemes, std::span<const SchemeProbabilities> probabilities) {
    std::string text = row_of("", schemes, [](const CrossValidation& cv) { return to_string(cv.scheme); });
    for (const auto& figure : overall_figures) {
        text += row_of(figure.label, schemes, [&](const CrossValidation& cv) {
            return with_spread(cv, assess::spread_of_overall(cv, &FoldResult::test, figure));
        });
    }
    text += probability_rows(schemes, probabilities);
    text += row_of("folds", schemes, [](const CrossValidation& cv) { return std::to_string(cv.folds.size()); });
    text += row_of("blocks", schemes, [](const CrossValidation& cv) {
        const std::string side =
            cv.record.block_size_m > 0 ? " of " + format_number(cv.record.block_size_m) + " m" : std::string();
        return cv.n_blocks > 0 ? with_thousands(cv.n_blocks) + side : "-";
    });
    text += row_of("polygons", schemes,
                   [](const CrossValidation& cv) { return assess::n_polygons_text(cv, cv.n_polygons); });
    text +=
        row_of("samples", schemes, [](const CrossValidation& cv) { return with_thousands(std::ssize(cv.predicted)); });
    return text + distance_rows(schemes);
}

std::string class_table(Schemes schemes, const ClassLegend& legend) {
    const std::string indent(label_width + polygons_width + samples_width, ' ');
    std::string names = indent;
    std::string heads =
        to_left("class", label_width) + to_right("polygons", polygons_width) + to_right("samples", samples_width);
    for (const CrossValidation& cv : schemes) {
        names += to_right(to_string(cv.scheme), scheme_width);
        heads += to_right("prec.  rec.    F1", scheme_width);
    }
    std::string text = names + "\n" + heads + "\n";
    const CrossValidation& first = schemes.front();
    for (std::size_t k = 0; k < first.classes.size(); ++k) {
        const ClassCount& entry = first.classes[k];
        const std::string name = escape_control(assess::class_name(legend, entry.class_code));
        text += to_left(shorten(name, label_width - 1), label_width) +
                to_right(assess::n_polygons_text(first, entry.polygons), polygons_width) +
                to_right(with_thousands(entry.pixels), samples_width);
        for (const CrossValidation& cv : schemes) {
            std::string cell;
            for (const auto& figure : class_figures) {
                cell += to_right(three_digits(cv.pooled.per_class.at(k).*figure.value), 6);
            }
            text += to_right(cell, scheme_width);
        }
        text += "\n";
    }
    return text;
}

} // namespace

std::string to_table(const CvReport& report, const ClassLegend& legend) {
    const Schemes schemes(report.schemes);
    std::string per_fold = "Per test fold: mean +- standard deviation over the folds\n";
    std::string by_class =
        "Per class, all test samples together: precision (user's accuracy), recall (producer's), F1\n";
    for (std::size_t from = 0; from < schemes.size(); from += schemes_per_table) {
        const std::size_t n = std::min(schemes_per_table, schemes.size() - from);
        const auto part = schemes.subspan(from, n);
        const std::span<const SchemeProbabilities> all(report.probabilities);
        const auto probabilities = all.empty() ? all : all.subspan(from, n);
        per_fold.append(from == 0 ? "" : "\n").append(fold_table(part, probabilities));
        by_class.append(from == 0 ? "" : "\n").append(class_table(part, legend));
    }
    std::string verdict;
    for (const std::string& sentence : assess::verdict(report).sentences) {
        verdict += wrap(sentence);
    }
    std::string text = assess::pooled_table(report);
    for (const std::string& part :
         {per_fold, by_class, assess::tuning_table(report.schemes), assess::learning_table(report.schemes),
          report.variograms ? assess::variogram_table(*report.variograms) : std::string(),
          assess::variant_tables(report), assess::gap_table(report), verdict}) {
        text.append(part.empty() ? "" : "\n").append(part);
    }
    return without_trailing_spaces(text);
}

} // namespace lcclass
