/// Charts as data: what is drawn, its words and its numbers; how it looks is the page's business.
/// Plain values; safe to share between threads.
#pragma once

#include "lcclass/core/class_legend.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lcclass::report {

/// A cell of a table: nothing is NA, which is shown as such and left empty in CSV.
using Cell = std::variant<std::monostate, std::string, double>;

struct Column {
    std::string name;
    int digits = 3; ///< of numbers after the point, where people read them; data files hold them in full
};

/// Rows of cells under named columns. Requires: every row has a cell per column.
struct Table {
    std::vector<Column> columns; ///< the first names what the rows are
    std::vector<std::vector<Cell>> rows;
};

/// What every figure says about itself.
struct FigureText {
    std::string id;      ///< `a-z0-9-`, unique in its document: names the files that are saved from it
    std::string title;   ///< `Overall accuracy by scheme`
    std::string caption; ///< what is to be seen, one or two sentences
};

/// Grouped horizontal bars from 0: one group per label, in it one bar per series.
struct BarFigure {
    struct Value {
        std::optional<double> value; ///< nothing: NA, no bar
        std::optional<std::pair<double, double>> interval = {};
    };
    struct Series {
        std::string name;
        std::vector<Value> values;    ///< one per label
        std::vector<Rgb> colors = {}; ///< one per label, such as those of classes; empty: of the page's palette
    };
    FigureText text;
    std::string axis;                ///< what is measured, with its unit
    std::string label_name;          ///< what the labels are: `class`
    std::vector<std::string> labels; ///< from top to bottom
    std::vector<Series> series;
    std::string interval_name = {};      ///< `95 % interval`; with intervals only
    std::optional<double> axis_end = {}; ///< nothing: as the values ask for
    int digits = 3;
};

/// Bars from a start over changes, each where the last ended, to the end.
struct WaterfallFigure {
    FigureText text;
    std::string axis;
    std::string start_label;
    double start = 0;
    std::vector<std::pair<std::string, double>> steps; ///< from top to bottom
    std::string end_label;                             ///< its value is the start plus all changes
    int digits = 3;
};

/// Lines (or points alone) over a common x axis of numbers or of named places.
struct LineFigure {
    struct Point {
        double x = 0;
        double y = 0;
        std::optional<std::pair<double, double>> interval = {}; ///< drawn as a band around the line
    };
    struct Series {
        std::string name;
        std::vector<Point> points;     ///< in the order in which they are joined
        std::optional<Rgb> color = {}; ///< of a class; nothing: of the page's palette. Dashes and marks differ too
    };
    FigureText text;
    std::string x_axis; ///< with unit
    std::string y_axis;
    std::vector<Series> series;
    std::vector<std::string> x_names = {}; ///< of x = 0, 1, ...; empty: x is a number
    std::string interval_name = {};
    bool points_only = false;
    bool steps = false;       ///< joined by steps, as a ROC curve
    bool diagonal = false;    ///< with the line y = x, of chance or of perfect calibration
    bool unit_square = false; ///< both axes from 0 to 1
    int digits = 3;
};

/// A coloured table: confusion, separability, importance by band and date.
struct MatrixFigure {
    FigureText text;
    std::string row_axis;    ///< what the rows are: `reference`
    std::string column_axis; ///< `prediction`
    std::string value_name;  ///< with unit: `samples`, `share of the reference`
    std::vector<std::string> rows;
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<double>>> values; ///< values[row][column]; nothing: NA
    int digits = 0;
    bool diverging = false;      ///< values of both signs, coloured around 0
    bool light_diagonal = false; ///< row i and column i are the same class: the diagonal is right, the rest wrong
};

/// Beeswarm: a row of points per feature, spread where many are alike, coloured by another value.
struct SwarmFigure {
    struct Row {
        std::string label;
        std::vector<double> values;
        std::vector<double> colors; ///< in 0..1, from low to high, one per value
    };
    FigureText text;
    std::string axis;
    std::string color_name; ///< `value of the feature`
    std::string color_low;  ///< `low`
    std::string color_high;
    std::vector<Row> rows; ///< from top to bottom
    int digits = 3;
};

/// Numbers that are better read than drawn.
struct TableFigure {
    FigureText text;
    Table table;
};

using Figure = std::variant<BarFigure, WaterfallFigure, LineFigure, MatrixFigure, SwarmFigure, TableFigure>;

/// What any figure says about itself.
const FigureText& text_of(const Figure& figure);

/// The numbers of a figure: what is listed below it and printed in Markdown. Of a swarm, quantiles of its rows.
Table table_of(const Figure& figure);

/// The numbers that are saved as CSV: those of the table; of a swarm, all its points.
Table data_of(const Figure& figure);

} // namespace lcclass::report
