#include "assess/cv_interval_table.h"

#include "assess/cv_figures.h"
#include "assess/text_cells.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>

namespace lcclass::assess {

namespace {

constexpr std::size_t label_width = 20;
constexpr std::size_t column_width = 24;
constexpr std::size_t columns_per_table = 3;

/// A scheme, and its figures or gaps.
struct Column {
    FoldScheme scheme;
    std::span<const IntervalEstimate> figures;
};

/// `0.812 [0.790, 0.834]`
std::string with_interval(const IntervalEstimate& value) {
    const std::string interval =
        value.low ? " [" + three_digits(value.low) + ", " + three_digits(value.high) + "]" : " [NA]";
    return three_digits(value.estimate) + (value.estimate ? interval : "");
}

std::string rows_of(std::span<const Column> columns) {
    std::string text = to_left("", label_width);
    for (const Column& column : columns) {
        text += to_right(to_string(column.scheme), column_width);
    }
    text += "\n";
    for (std::size_t f = 0; f < n_overall_figures; ++f) {
        text += to_left(overall_figures.at(f).label, label_width);
        for (const Column& column : columns) {
            text += to_right(with_interval(column.figures[f]), column_width);
        }
        text += "\n";
    }
    return text;
}

/// One row more below every part of a table, or none.
using LastRow = std::function<std::string(std::span<const Column>)>;

std::string table_of(const std::string& title, std::span<const Column> columns, const LastRow& last_row = {}) {
    std::string text = title;
    for (std::size_t from = 0; from < columns.size(); from += columns_per_table) {
        const auto part = columns.subspan(from, std::min(columns_per_table, columns.size() - from));
        text += from == 0 ? "" : "\n";
        text += rows_of(part) + (last_row ? last_row(part) : std::string());
    }
    return text;
}

/// What the interval of the difference in weighted F1 allows to say.
std::string verdict_row(std::span<const Column> columns) {
    std::string text = to_left("by weighted F1", label_width);
    for (const Column& column : columns) {
        const IntervalEstimate& difference = column.figures[2];
        const std::string verdict = !difference.low        ? "NA"
                                    : *difference.low > 0  ? "better"
                                    : *difference.high < 0 ? "worse"
                                                           : "not told apart";
        text += to_right(verdict, column_width);
    }
    return text + "\n";
}

/// `95 % interval`
std::string interval_words(const CvReport& report) {
    return format_number(std::round(report.bootstrap.confidence * 1e6) / 1e4) + " % interval";
}

bool has_intervals(const CvReport& report) {
    return report.bootstrap.replicates > 0 && !report.intervals.empty();
}

/// The gap to what says most about land without samples, of the schemes that were run; null without one.
const SchemeGap* telling_gap(const CvReport& report) {
    constexpr std::array<FoldScheme, 6> order = {FoldScheme::spatial_block,   FoldScheme::knndm,   FoldScheme::nndm,
                                                 FoldScheme::leave_group_out, FoldScheme::cluster, FoldScheme::polygon};
    for (const FoldScheme scheme : order) {
        const auto found =
            std::find_if(report.gaps.begin(), report.gaps.end(), [&](const auto& gap) { return gap.other == scheme; });
        if (found != report.gaps.end()) {
            return &*found;
        }
    }
    return nullptr;
}

/// What the interval of the gap allows to say, and nothing more.
std::string gap_meaning(const CvReport& report, const IntervalEstimate& gap) {
    if (!gap.low) {
        const std::string reason = report.bootstrap.replicates == 0
                                       ? "without bootstrap replicates"
                                       : "with fewer than " + std::to_string(fewest_bootstrap_groups) + " polygons";
        return ", of which " + reason + " nobody can say whether it is more than chance.";
    }
    const std::string interval =
        ", " + interval_words(report) + " " + three_digits(gap.low) + " to " + three_digits(gap.high);
    if (*gap.low > 0) {
        return interval + ". Test pixels that have neighbours in training flatter the random figure; expect the "
                          "other where the map shows land without samples.";
    }
    if (*gap.high < 0) {
        return interval + ". Random folds do worse here, so nothing flatters their figure.";
    }
    return interval + ", which holds 0: these samples do not show that neighbours in training flatter the random "
                      "figure.";
}

std::string gap_sentence(const CvReport& report) {
    const SchemeGap* gap = telling_gap(report);
    const CrossValidation* random = find_scheme(report.schemes, FoldScheme::random);
    if (gap == nullptr || random == nullptr || !gap->figures.at(2).estimate) {
        return {};
    }
    const CrossValidation* other = find_scheme(report.schemes, gap->other);
    return wrap("The weighted F1 is " + three_digits(random->pooled.f1_weighted) + " on random folds and " +
                three_digits(other->pooled.f1_weighted) + " on " + to_string(gap->other) + " folds: a gap of " +
                three_digits(gap->figures[2].estimate) + gap_meaning(report, gap->figures[2]));
}

} // namespace

std::string interval_table(const CvReport& report) {
    if (!has_intervals(report)) {
        return {};
    }
    std::vector<Column> columns;
    for (std::size_t s = 0; s < report.schemes.size(); ++s) {
        columns.push_back({report.schemes[s].scheme, report.intervals[s]});
    }
    const std::string drawn = with_thousands(report.schemes.front().n_polygons) +
                              (report.groups_known ? " polygons" : " samples, whose polygons are not known,");
    return table_of("All test folds pooled, [" + interval_words(report) + "]: " + drawn + " drawn again " +
                        with_thousands(report.bootstrap.replicates) + " times\n",
                    columns);
}

std::string gap_table(const CvReport& report) {
    if (report.gaps.empty()) {
        return {};
    }
    std::vector<Column> columns;
    for (const SchemeGap& gap : report.gaps) {
        columns.push_back({gap.other, gap.figures});
    }
    const std::string sentence = gap_sentence(report);
    return table_of("Optimism: random folds less the others, same polygons drawn for both\n", columns) +
           (sentence.empty() ? "" : "\n" + sentence);
}

std::string variant_tables(const CvReport& report) {
    std::string text;
    for (const VariantReport& variant : report.variants) {
        std::vector<Column> columns;
        for (std::size_t s = 0; s < variant.runs.schemes.size(); ++s) {
            columns.push_back({variant.runs.schemes[s].scheme, variant.differences[s]});
        }
        text += text.empty() ? "" : "\n";
        text += table_of(wrap("Compared: " + escape_control(variant.runs.name) + " less the base, on the same folds"),
                         columns, verdict_row);
    }
    return text;
}

} // namespace lcclass::assess
