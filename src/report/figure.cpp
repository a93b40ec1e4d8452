#include "lcclass/report/figure.h"

#include "lcclass/core/quantile.h"

#include <algorithm>
#include <cmath>

namespace lcclass::report {

namespace {

using Interval = std::optional<std::pair<double, double>>;

Cell cell_of(const std::optional<double>& value) {
    Cell cell;
    if (value) {
        cell = *value;
    }
    return cell;
}

/// One column of `name`, and two of its interval where any has one.
void add_columns(Table& table, const std::string& name, const std::string& interval_name, bool has_intervals,
                 int digits) {
    table.columns.push_back({.name = name, .digits = digits});
    if (has_intervals) {
        const std::string interval = interval_name.empty() ? "interval" : interval_name;
        table.columns.push_back({.name = name + ", " + interval + ": low", .digits = digits});
        table.columns.push_back({.name = name + ", " + interval + ": high", .digits = digits});
    }
}

void add_cells(std::vector<Cell>& row, const std::optional<double>& value, const Interval& interval,
               bool has_intervals) {
    row.push_back(cell_of(value));
    if (has_intervals && interval) {
        row.emplace_back(interval->first);
        row.emplace_back(interval->second);
    } else if (has_intervals) {
        row.resize(row.size() + 2);
    }
}

template <typename Values>
bool has_intervals(const Values& values) {
    return std::ranges::any_of(values, [](const auto& value) { return value.interval.has_value(); });
}

/// A single series needs no name of its own.
std::string series_name(const std::string& name, const std::string& axis) {
    return name.empty() ? axis : name;
}

Table table_of(const BarFigure& figure) {
    Table table{.columns = {{.name = figure.label_name}}, .rows = {}};
    for (const BarFigure::Series& series : figure.series) {
        add_columns(table, series_name(series.name, figure.axis), figure.interval_name, has_intervals(series.values),
                    figure.digits);
    }
    for (std::size_t i = 0; i < figure.labels.size(); ++i) {
        std::vector<Cell> row = {figure.labels[i]};
        for (const BarFigure::Series& series : figure.series) {
            const BarFigure::Value& value = series.values.at(i);
            add_cells(row, value.value, value.interval, has_intervals(series.values));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table table_of(const WaterfallFigure& figure) {
    Table table{.columns = {{.name = "step"},
                            {.name = "change", .digits = figure.digits},
                            {.name = figure.axis, .digits = figure.digits}},
                .rows = {{figure.start_label, Cell(), figure.start}}};
    double level = figure.start;
    for (const auto& [label, change] : figure.steps) {
        level += change;
        table.rows.push_back({label, change, level});
    }
    table.rows.push_back({figure.end_label, Cell(), level});
    return table;
}

int x_digits(const LineFigure& figure) {
    for (const LineFigure::Series& series : figure.series) {
        if (!std::ranges::all_of(series.points, [](const auto& point) { return point.x == std::round(point.x); })) {
            return figure.digits;
        }
    }
    return 0;
}

Cell x_cell(const LineFigure& figure, double x) {
    const auto place = static_cast<std::size_t>(std::max(x, 0.0));
    if (place < figure.x_names.size()) {
        return figure.x_names[place];
    }
    return x;
}

bool share_x(const std::vector<LineFigure::Series>& all) {
    return std::ranges::all_of(all, [&](const LineFigure::Series& series) {
        return std::ranges::equal(series.points, all.front().points, {}, &LineFigure::Point::x, &LineFigure::Point::x);
    });
}

/// A row per x, or where the series have points at different x, a row per point.
Table table_of(const LineFigure& figure) {
    Table table;
    const Column x{.name = figure.x_axis, .digits = x_digits(figure)};
    if (figure.series.empty() || !share_x(figure.series)) {
        const bool any = std::ranges::any_of(figure.series, [](const auto& one) { return has_intervals(one.points); });
        table.columns = {{.name = "series"}, x};
        add_columns(table, figure.y_axis, figure.interval_name, any, figure.digits);
        for (const LineFigure::Series& series : figure.series) {
            for (const LineFigure::Point& point : series.points) {
                std::vector<Cell> row = {series.name, x_cell(figure, point.x)};
                add_cells(row, point.y, point.interval, any);
                table.rows.push_back(std::move(row));
            }
        }
        return table;
    }
    table.columns = {x};
    for (const LineFigure::Series& series : figure.series) {
        add_columns(table, series_name(series.name, figure.y_axis), figure.interval_name, has_intervals(series.points),
                    figure.digits);
    }
    for (std::size_t i = 0; i < figure.series.front().points.size(); ++i) {
        std::vector<Cell> row = {x_cell(figure, figure.series.front().points[i].x)};
        for (const LineFigure::Series& series : figure.series) {
            add_cells(row, series.points[i].y, series.points[i].interval, has_intervals(series.points));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table table_of(const MatrixFigure& figure) {
    const bool is_square = figure.row_axis == figure.column_axis;
    const std::string corner = is_square ? figure.row_axis : figure.row_axis + " \\ " + figure.column_axis;
    Table table{.columns = {{.name = corner}}, .rows = {}};
    for (const std::string& column : figure.columns) {
        table.columns.push_back({.name = column, .digits = figure.digits});
    }
    for (std::size_t i = 0; i < figure.rows.size(); ++i) {
        std::vector<Cell> row = {figure.rows[i]};
        std::ranges::transform(figure.values.at(i), std::back_inserter(row), cell_of);
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table table_of(const SwarmFigure& figure) {
    static const std::vector<std::pair<std::string, double>> quantiles = {
        {"lowest", 0}, {"5 %", 0.05}, {"median", 0.5}, {"95 %", 0.95}, {"highest", 1}};
    Table table{.columns = {{.name = "row"}, {.name = "points", .digits = 0}}, .rows = {}};
    for (const auto& [name, share] : quantiles) {
        table.columns.push_back({.name = name, .digits = figure.digits});
    }
    for (const SwarmFigure::Row& swarm : figure.rows) {
        std::vector<Cell> row = {swarm.label, static_cast<double>(swarm.values.size())};
        std::vector<double> sorted = swarm.values;
        std::ranges::sort(sorted);
        for (const auto& [name, share] : quantiles) {
            if (sorted.empty()) {
                row.emplace_back();
            } else {
                row.emplace_back(quantile(sorted, share));
            }
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table table_of(const TableFigure& figure) {
    return figure.table;
}

Table points_of(const SwarmFigure& figure) {
    Table table{.columns = {{.name = "row"},
                            {.name = figure.axis, .digits = figure.digits},
                            {.name = figure.color_name + " (0 " + figure.color_low + ", 1 " + figure.color_high + ")"}},
                .rows = {}};
    for (const SwarmFigure::Row& row : figure.rows) {
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            table.rows.push_back({row.label, row.values[i], row.colors.at(i)});
        }
    }
    return table;
}

} // namespace

const FigureText& text_of(const Figure& figure) {
    return std::visit([](const auto& kind) -> const FigureText& { return kind.text; }, figure);
}

Table table_of(const Figure& figure) {
    return std::visit([](const auto& kind) { return table_of(kind); }, figure);
}

Table data_of(const Figure& figure) {
    const auto* const swarm = std::get_if<SwarmFigure>(&figure);
    return swarm != nullptr ? points_of(*swarm) : table_of(figure);
}

} // namespace lcclass::report
