#include "importance_table.h"

#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::size_t widest_name = 24;
constexpr std::size_t mean_width = 12;
constexpr std::size_t interval_width = 18;
constexpr std::size_t bag_width = 11;
constexpr std::size_t impurity_width = 9;

std::string number_cell(double value, std::size_t width) {
    return to_right(std::isnan(value) ? "NA" : fixed_digits(value, 4), width);
}

std::string estimate_cells(const FoldEstimate& estimate) {
    const std::string interval =
        estimate.low ? "[" + fixed_digits(*estimate.low, 4) + ", " + fixed_digits(*estimate.high, 4) + "]" : "NA";
    return number_cell(estimate.mean.value_or(std::numeric_limits<double>::quiet_NaN()), mean_width) +
           to_right(interval, interval_width);
}

std::vector<double> means_of(const std::vector<FoldEstimate>& estimates) {
    std::vector<double> means;
    for (const FoldEstimate& estimate : estimates) {
        means.push_back(estimate.mean.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    return means;
}

/// Positions from the largest value to the smallest, equal ones and NaN as they come, these last.
std::vector<std::size_t> by_size(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return values[a] > values[b] || (!std::isnan(values[a]) && std::isnan(values[b]));
    });
    return order;
}

std::size_t name_width(const std::vector<std::string>& names) {
    std::size_t width = 8;
    for (const std::string& name : names) {
        width = std::max(width, n_characters(name));
    }
    return std::min(width, widest_name);
}

void add_rest(std::size_t n, const std::string& what, std::vector<std::string>& lines) {
    if (n > most_importance_rows) {
        lines.push_back("... and " + with_thousands(static_cast<std::int64_t>(n - most_importance_rows)) + " more " +
                        what + " in the file");
    }
}

void add_features(const ImportanceResults& results, std::vector<std::string>& lines) {
    const MainImportance main = main_importance(results);
    if (main.values.empty()) {
        return;
    }
    const std::size_t width = name_width(results.features);
    const std::string interval = to_right("95 % interval", interval_width);
    lines.push_back(to_left("feature", width) + //
                    (results.permutation.empty() ? "" : to_right("permutation", mean_width) + interval) +
                    (results.conditional.empty() ? "" : to_right("conditional", mean_width) + interval) +
                    (results.out_of_bag.empty() ? "" : to_right("out-of-bag", bag_width)) +
                    (results.impurity.empty() ? "" : to_right("impurity", impurity_width)));
    const std::vector<std::size_t> order = by_size(main.values);
    for (std::size_t i = 0; i < std::min(order.size(), most_importance_rows); ++i) {
        const std::size_t f = order[i];
        lines.push_back(name_cell(results.features[f], width) +
                        (results.permutation.empty() ? "" : estimate_cells(results.permutation[f])) +
                        (results.conditional.empty() ? "" : estimate_cells(results.conditional[f])) +
                        (results.out_of_bag.empty() ? "" : number_cell(results.out_of_bag[f].mean, bag_width)) +
                        (results.impurity.empty() ? "" : number_cell(results.impurity[f], impurity_width)));
    }
    add_rest(order.size(), "features", lines);
}

void add_groups(const ImportanceResults& results, std::vector<std::string>& lines) {
    if (results.grouped.empty()) {
        return;
    }
    std::vector<std::string> names;
    for (const FeatureGroup& group : results.groups) {
        names.push_back(group.name);
    }
    const std::size_t width = name_width(names);
    add_blank(lines);
    lines.push_back(to_left("group", width) + "  " + to_left("of", 10) + to_right("features", 8) +
                    to_right("permutation", mean_width) + to_right("95 % interval", interval_width));
    const std::vector<std::size_t> order = by_size(means_of(results.grouped));
    for (std::size_t i = 0; i < std::min(order.size(), most_importance_rows); ++i) {
        const FeatureGroup& group = results.groups[order[i]];
        lines.push_back(name_cell(group.name, width) + "  " + to_left(group.kind, 10) +
                        to_right(std::to_string(group.features.size()), 8) + estimate_cells(results.grouped[order[i]]));
    }
    add_rest(order.size(), "groups", lines);
}

/// Dates [first, end) as columns of one character, to be read downwards: year where it changes, month, day.
void add_date_heads(const DateTable& table, std::size_t first, std::size_t end, std::size_t width,
                    std::vector<std::string>& lines) {
    std::string years(width, ' ');
    std::array<std::string, 5> digits;
    for (std::size_t d = first; d < end; ++d) {
        const std::string& date = table.dates[d];
        const bool is_new = d == first || date.compare(0, 4, table.dates[d - 1], 0, 4) != 0;
        if (is_new && years.size() <= width + d - first) {
            years += std::string(width + d - first - years.size(), ' ') + date.substr(0, 4);
        }
        for (std::size_t i = 0; i < digits.size(); ++i) {
            digits.at(i) += date[5 + i];
        }
    }
    lines.push_back(years);
    for (const std::size_t i : {0U, 1U, 3U, 4U}) {
        const std::string label = i == 0 ? "month" : i == 3 ? "day" : "";
        lines.push_back(to_left(label, width) + digits.at(i));
    }
}

/// A digit per date: tenths of the largest value, 9 for it.
void add_dates(const ImportanceResults& results, std::vector<std::string>& lines) {
    const DateTable table = features_by_date(results.features);
    const MainImportance main = main_importance(results);
    if (table.dates.empty() || main.values.empty()) {
        return;
    }
    double most = 0;
    for (const std::vector<int>& row : table.cells) {
        for (const int feature : row) {
            most = std::max(most, feature < 0 ? 0.0 : main.values[static_cast<std::size_t>(feature)]);
        }
    }
    const auto digit_of = [&](int feature) {
        if (feature < 0) {
            return ' ';
        }
        const double share = most > 0 ? main.values[static_cast<std::size_t>(feature)] / most : 0;
        return static_cast<char>('0' + std::clamp(static_cast<int>(share * 10), 0, 9));
    };
    add_blank(lines);
    lines.push_back(main.name + " by date, a digit each: tenths of the largest, " + fixed_digits(most, 4));
    const std::size_t width = name_width(table.features) + 2;
    const std::size_t at_once = 100 - width;
    const std::size_t n_rows = std::min(table.features.size(), most_importance_rows);
    for (std::size_t first = 0; first < table.dates.size(); first += at_once) {
        const std::size_t end = std::min(table.dates.size(), first + at_once);
        add_date_heads(table, first, end, width, lines);
        for (std::size_t row = 0; row < n_rows; ++row) {
            std::string line = name_cell(table.features[row], width);
            for (std::size_t d = first; d < end; ++d) {
                line += digit_of(table.cells[row][d]);
            }
            lines.push_back(line);
        }
    }
    add_rest(table.features.size(), "bands and indices", lines);
}

} // namespace

void add_blank(std::vector<std::string>& lines) {
    if (!lines.empty()) {
        lines.emplace_back();
    }
}

MainImportance main_importance(const ImportanceResults& results) {
    if (!results.permutation.empty()) {
        return {.name = "permutation", .values = means_of(results.permutation)};
    }
    if (!results.conditional.empty()) {
        return {.name = "conditional", .values = means_of(results.conditional)};
    }
    if (!results.out_of_bag.empty()) {
        std::vector<double> means;
        for (const ImportanceEstimate& estimate : results.out_of_bag) {
            means.push_back(estimate.mean);
        }
        return {.name = "out-of-bag", .values = std::move(means)};
    }
    return {.name = "impurity", .values = results.impurity};
}

std::vector<std::string> importance_lines(const ImportanceResults& results) {
    std::vector<std::string> lines;
    add_features(results, lines);
    add_groups(results, lines);
    add_dates(results, lines);
    if (!lines.empty() && !results.folds.empty()) {
        lines.insert(lines.begin(),
                     "importance: overall accuracy lost when features are shuffled, in " + results.folds);
    }
    return lines;
}

} // namespace lcclass
