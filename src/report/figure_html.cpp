#include "report/figure_html.h"

#include "lcclass/core/text_table.h"
#include "report/page_text.h"

#include <algorithm>
#include <cmath>

namespace lcclass::report {

namespace {

constexpr int most_shade = 8; ///< of the colours `--cool-0` to `--cool-8` and `--warm-0` to `--warm-8` in page.css

/// Where the script puts the buttons that save.
const std::string actions = "<div class=\"actions\"></div>\n";

/// Names that stay on one line above a column, such as dates.
constexpr std::size_t longest_short_name = 12;
/// Names of rows that need a wide column on a phone.
constexpr std::size_t longest_narrow_name = 24;
/// Columns of a matrix whose names are written level.
constexpr std::size_t most_level_names = 8;

/// The classes of a cell, empty or with a space in front: colours and what else marks it.
using CellClass = std::string;

std::string with_class(const std::string& tag, const std::string& names) {
    return "<" + tag + (names.empty() ? "" : " class=\"" + names + "\"") + ">";
}

/// Columns whose cells are texts (or NA) read from the left.
bool holds_text(const Table& table, std::size_t column) {
    return std::ranges::any_of(table.rows,
                               [&](const auto& row) { return std::holds_alternative<std::string>(row.at(column)); });
}

std::string row_html(const Table& table, const std::vector<Cell>& row, const std::vector<bool>& is_text,
                     const std::vector<CellClass>& classes) {
    std::string html = "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string text = escaped_html(cell_text(row[i], table.columns[i].digits));
        if (i == 0) {
            const bool is_long = n_characters(cell_text(row[i], table.columns[i].digits)) > longest_narrow_name;
            html += std::string("<th scope=\"row\"") + (is_long ? " class=\"long\">" : ">") + text + "</th>";
            continue;
        }
        std::string names = is_text[i] ? "text" : "";
        if (i < classes.size() && !classes[i].empty()) {
            names += (names.empty() ? "" : " ") + classes[i];
        }
        html += with_class("td", names) + text + "</td>";
    }
    return html + "</tr>\n";
}

/// `classes[row][column]`, or nothing for plain cells.
std::string table_html(const Table& table, const std::string& name,
                       const std::vector<std::vector<CellClass>>& classes = {}) {
    std::vector<bool> is_text;
    std::string head;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        is_text.push_back(holds_text(table, i));
        const std::string& title = table.columns[i].name;
        head += std::string("<th scope=\"col\"") + (i == 0 || is_text[i] ? " class=\"text\"" : "") + "><span" +
                (n_characters(title) <= longest_short_name ? " class=\"short\"" : "") + ">" + escaped_html(title) +
                "</span></th>";
    }
    std::string rows;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        rows += row_html(table, table.rows[i], is_text, i < classes.size() ? classes[i] : std::vector<CellClass>());
    }
    // Wide tables scroll on their own; the keyboard reaches them.
    return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped_html("Table: " + name) +
           "\">\n<table>\n<thead><tr>" + head + "</tr></thead>\n<tbody>\n" + rows + "</tbody>\n</table>\n</div>\n";
}

struct Largest {
    double right = 0;
    double wrong = 0;
};

/// How much of each colour's range the strongest cells take: right and wrong cells have a scale of their own, or the
/// few errors of a good map could not be told apart.
Largest largest_of(const MatrixFigure& figure) {
    Largest largest;
    for (std::size_t i = 0; i < figure.values.size(); ++i) {
        for (std::size_t j = 0; j < figure.values[i].size(); ++j) {
            double& most = figure.light_diagonal && i != j ? largest.wrong : largest.right;
            most = std::max(most, std::abs(figure.values[i][j].value_or(0)));
        }
    }
    return largest;
}

CellClass shade(const MatrixFigure& figure, std::size_t i, std::size_t j, const Largest& largest) {
    const std::optional<double>& value = figure.values[i][j];
    if (!value) {
        return "na";
    }
    const bool is_wrong = figure.light_diagonal && i != j;
    const double most = is_wrong ? largest.wrong : largest.right;
    const double part = most > 0 ? std::abs(*value) / most : 0;
    const bool is_warm = is_wrong || (figure.diverging && *value < 0);
    return (is_warm ? "warm-" : "cool-") + std::to_string(std::lround(part * most_shade)) +
           (figure.light_diagonal && i == j ? " right" : "");
}

/// What cells, rows, columns and colours are.
std::string key_of(const MatrixFigure& figure) {
    std::string key = "In the cells: " + figure.value_name + ". ";
    key += figure.row_axis == figure.column_axis
               ? "Rows and columns: " + figure.row_axis + ". "
               : "Rows: " + figure.row_axis + "; columns: " + figure.column_axis + ". ";
    if (figure.light_diagonal) {
        return key + "Blue with a frame is right, orange is wrong; the stronger the colour, the more of its kind.";
    }
    return key + (figure.diverging ? "Blue is above 0, orange below; the stronger the colour, the farther from 0."
                                   : "The stronger the blue, the more.");
}

std::string drawing_html(const MatrixFigure& figure) {
    const Largest largest = largest_of(figure);
    std::vector<std::vector<CellClass>> classes;
    for (std::size_t i = 0; i < figure.values.size(); ++i) {
        std::vector<CellClass> row = {""};
        for (std::size_t j = 0; j < figure.values[i].size(); ++j) {
            row.push_back(shade(figure, i, j, largest));
        }
        classes.push_back(std::move(row));
    }
    return "<p class=\"key\">" + escaped_html(key_of(figure)) + "</p>\n<div class=\"matrix" +
           (figure.columns.size() > most_level_names ? " many" : "") + "\">\n" +
           table_html(table_of(figure), figure.text.title, classes) + "</div>\n" + actions;
}

std::string drawing_html(const TableFigure& figure) {
    return table_html(figure.table, figure.text.title) + actions;
}

/// A place for the script's drawing.
template <typename Kind>
std::string drawing_html(const Kind& figure) {
    const FigureText& text = figure.text;
    return "<div class=\"legend\"></div>\n<div class=\"drawing\"><canvas role=\"img\" aria-label=\"" +
           escaped_html(text.caption.empty() ? text.title : text.title + ". " + text.caption) + "\"></canvas></div>\n" +
           actions + "<details class=\"numbers\"><summary>Figures<span class=\"unseen\"> of " +
           escaped_html(text.title) + "</span></summary>\n" + table_html(table_of(figure), text.title) + "</details>\n";
}

} // namespace

std::string figure_html(const Figure& figure) {
    const FigureText& text = text_of(figure);
    const std::string id = escaped_html(text.id);
    return "<figure id=\"figure-" + id + "\" data-figure=\"" + id + "\">\n<figcaption><h3>" + escaped_html(text.title) +
           "</h3>" + (text.caption.empty() ? "" : "<p>" + escaped_html(text.caption) + "</p>") + "</figcaption>\n" +
           std::visit([](const auto& kind) { return drawing_html(kind); }, figure) + "</figure>\n";
}

} // namespace lcclass::report
