#include "assess/cv_interval_table.h"

#include "assess/cv_figures.h"
#include "assess/probability_json.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

namespace lcclass::assess {

namespace {

constexpr std::size_t label_width = 20;
constexpr std::size_t column_width = 24;
constexpr std::size_t columns_per_table = 3;
constexpr std::size_t interval_width = 15; // of ` [0.790, 0.834]`

/// A scheme, and its figures or gaps; where they are known, what its probabilities are worth.
struct Column {
    FoldScheme scheme;
    std::vector<IntervalEstimate> figures;
    const SchemeProbabilities* probabilities = nullptr;
};

/// `0.812 [0.790, 0.834]`
std::string with_interval(const IntervalEstimate& value) {
    const std::string interval =
        value.low ? " [" + three_digits(value.low) + ", " + three_digits(value.high) + "]" : " [NA]";
    return three_digits(value.estimate) + (value.estimate ? interval : "");
}

std::string rows_of(std::span<const Column> columns, bool intervals) {
    std::string text = to_left("", label_width);
    for (const Column& column : columns) {
        text += to_right(to_string(column.scheme), column_width);
    }
    text += "\n";
    for (std::size_t f = 0; f < n_overall_figures; ++f) {
        text += to_left(overall_figures.at(f).label, label_width);
        for (const Column& column : columns) {
            const IntervalEstimate& figure = column.figures[f];
            text += to_right(intervals ? with_interval(figure) : three_digits(figure.estimate), column_width);
        }
        text += "\n";
    }
    return text;
}

/// Rows more below every part of a table, or none.
using MoreRows = std::function<std::string(std::span<const Column>)>;

std::string table_of(const std::string& title, std::span<const Column> columns, bool intervals,
                     const MoreRows& more_rows = {}) {
    std::string text = title;
    for (std::size_t from = 0; from < columns.size(); from += columns_per_table) {
        const auto part = columns.subspan(from, std::min(columns_per_table, columns.size() - from));
        text += from == 0 ? "" : "\n";
        text += rows_of(part, intervals) + (more_rows ? more_rows(part) : std::string());
    }
    return text;
}

/// What the interval of the difference in weighted F1 allows to say.
std::string verdict_row(std::span<const Column> columns) {
    std::string text = to_left("by weighted F1", label_width);
    for (const Column& column : columns) {
        const IntervalEstimate& difference = column.figures[f1_weighted_position];
        const std::string verdict = !difference.low        ? "NA"
                                    : *difference.low > 0  ? "better"
                                    : *difference.high < 0 ? "worse"
                                                           : "not told apart";
        text += to_right(verdict, column_width);
    }
    return text + "\n";
}

bool has_intervals(const CvReport& report) {
    return report.bootstrap.replicates > 0 && !report.intervals.empty();
}

/// Under the figures with intervals those of the probabilities, which have none.
std::string probability_rows(std::span<const Column> columns, std::size_t indent) {
    std::string text;
    for (const ProbabilityFigure& figure : probability_keys) {
        if (*figure.label == '\0' || columns.front().probabilities == nullptr) {
            continue;
        }
        text += to_left(figure.label, label_width);
        for (const Column& column : columns) {
            text += to_right(three_digits(column.probabilities->pooled.*figure.value), column_width - indent) +
                    std::string(indent, ' ');
        }
        text += "\n";
    }
    return text;
}

std::vector<IntervalEstimate> without_intervals(const CrossValidation& cv) {
    std::vector<IntervalEstimate> figures;
    for (const OverallFigure& figure : overall_figures) {
        figures.push_back({.estimate = cv.pooled.*figure.value, .se = {}, .low = {}, .high = {}});
    }
    return figures;
}

} // namespace

std::string interval_words(const CvReport& report) {
    return format_number(std::round(report.bootstrap.confidence * 1e6) / 1e4) + " % interval";
}

std::string pooled_table(const CvReport& report) {
    const bool intervals = has_intervals(report);
    std::string title = "All test samples together";
    if (intervals && !report.schemes.empty()) {
        const CrossValidation& first = report.schemes.front();
        title += ", [" + interval_words(report) + "]: " + with_thousands(first.n_polygons) + " " + group_word(first) +
                 (first.groups_known ? "" : ", whose polygons are not known,") + " drawn again " +
                 with_thousands(report.bootstrap.replicates) + " times";
    }
    std::vector<Column> columns;
    for (std::size_t s = 0; s < report.schemes.size(); ++s) {
        columns.push_back({report.schemes[s].scheme,
                           intervals ? report.intervals[s] : without_intervals(report.schemes[s]),
                           report.probabilities.empty() ? nullptr : &report.probabilities[s]});
    }
    return table_of(title + "\n", columns, intervals, [&](std::span<const Column> part) {
        return probability_rows(part, intervals ? interval_width : 0);
    });
}

std::string gap_table(const CvReport& report) {
    if (report.gaps.empty()) {
        return {};
    }
    std::vector<Column> columns;
    for (const SchemeGap& gap : report.gaps) {
        columns.push_back({gap.other, gap.figures});
    }
    return table_of("Optimism: random folds less the others, same " + group_word(report.schemes.front()) +
                        " drawn for both\n",
                    columns, report.bootstrap.replicates > 0);
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
                         columns, report.bootstrap.replicates > 0, verdict_row);
    }
    return text;
}

} // namespace lcclass::assess
