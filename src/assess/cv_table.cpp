#include "lcclass/assess/cv_report.h"

#include "assess/cv_figures.h"
#include "assess/cv_interval_table.h"
#include "assess/probability_json.h"
#include "assess/text_cells.h"
#include "assess/tuning_report.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace lcclass {

namespace {

using assess::class_figures;
using assess::overall_figures;
using assess::shorten;
using assess::three_digits;
using assess::to_left;
using assess::to_right;

constexpr std::size_t label_width = 20;
constexpr std::size_t polygons_width = 9;
constexpr std::size_t pixels_width = 11;
constexpr std::size_t scheme_width = 20;
constexpr std::size_t schemes_per_table = 3;

std::string with_spread(const FoldSpread& spread) {
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
std::string probability_rows(std::span<const SchemeProbabilities> probabilities) {
    std::string text;
    for (const auto& figure : assess::probability_keys) {
        if (*figure.label == '\0' || probabilities.empty()) {
            continue;
        }
        text += to_left(figure.label, label_width);
        for (const SchemeProbabilities& of_scheme : probabilities) {
            text += to_right(with_spread(assess::spread_of_probability(of_scheme, figure)), scheme_width);
        }
        text += "\n";
    }
    return text;
}

std::string overall_table(Schemes schemes, std::span<const SchemeProbabilities> probabilities) {
    std::string text = row_of("", schemes, [](const CrossValidation& cv) { return to_string(cv.scheme); });
    for (const auto& figure : overall_figures) {
        text += row_of(figure.label, schemes, [&](const CrossValidation& cv) {
            return with_spread(assess::spread_of_overall(cv, &FoldResult::test, figure));
        });
    }
    text += probability_rows(probabilities);
    text += row_of("folds", schemes, [](const CrossValidation& cv) { return std::to_string(cv.folds.size()); });
    text += row_of("blocks", schemes, [](const CrossValidation& cv) {
        const std::string side =
            cv.record.block_size_m > 0 ? " of " + format_number(cv.record.block_size_m) + " m" : std::string();
        return cv.n_blocks > 0 ? with_thousands(cv.n_blocks) + side : "-";
    });
    text += row_of("polygons", schemes, [](const CrossValidation& cv) { return with_thousands(cv.n_polygons); });
    text +=
        row_of("pixels", schemes, [](const CrossValidation& cv) { return with_thousands(std::ssize(cv.predicted)); });
    return text + distance_rows(schemes);
}

std::string class_table(Schemes schemes, const ClassLegend& legend) {
    const std::string indent(label_width + polygons_width + pixels_width, ' ');
    std::string names = indent;
    std::string heads =
        to_left("class", label_width) + to_right("polygons", polygons_width) + to_right("pixels", pixels_width);
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
                to_right(with_thousands(entry.polygons), polygons_width) +
                to_right(with_thousands(entry.pixels), pixels_width);
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
    std::string overall = "Accuracy on the test folds: mean +- standard deviation over folds\n";
    std::string by_class = "Per class, all test folds pooled: precision (user's accuracy), recall (producer's), F1\n";
    for (std::size_t from = 0; from < schemes.size(); from += schemes_per_table) {
        const std::size_t n = std::min(schemes_per_table, schemes.size() - from);
        const auto part = schemes.subspan(from, n);
        const std::span<const SchemeProbabilities> all(report.probabilities);
        const auto probabilities = all.empty() ? all : all.subspan(from, n);
        overall.append(from == 0 ? "" : "\n").append(overall_table(part, probabilities));
        by_class.append(from == 0 ? "" : "\n").append(class_table(part, legend));
    }
    std::string text = overall;
    for (const std::string& part : {assess::interval_table(report), by_class, assess::tuning_table(report.schemes),
                                    assess::gap_table(report), assess::variant_tables(report)}) {
        text.append(part.empty() ? "" : "\n").append(part);
    }
    return assess::without_trailing_spaces(text);
}

} // namespace lcclass
