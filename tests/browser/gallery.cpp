/// Writes a page with every kind of figure and awkward texts, and beside it the CSV that each figure should save:
///   report_gallery FOLDER
#include "lcclass/core/text.h"
#include "lcclass/report/document.h"

#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>

namespace lcclass::report {
namespace {

const std::string evil = "</script><script>document.title = 'taken'</script>&amp;\"'<img src=x onerror=alert(1)>";
const std::string long_name = "permanent grassland with sparse shrubs and single trees, mown twice a year at most";
const std::vector<std::string> classes = {"artificial land", "cropland", "forest", long_name, "água & <sumpf>"};
const std::vector<Rgb> class_colors = {{214, 47, 39}, {245, 222, 130}, {38, 115, 0}, {170, 200, 110}, {0, 92, 230}};

/// A wave that looks like noise, the same everywhere.
double wave(double i) {
    return std::sin(i * 12.9898) * std::cos(i * 4.1414);
}

BarFigure::Value estimate(double value, double half) {
    return {.value = value, .interval = std::pair(value - half, value + half)};
}

/// More series than there are colours.
Figure many_series() {
    BarFigure figure{.text = {.id = "many-series", .title = "Ten series", .caption = "No two look the same."},
                     .axis = "a",
                     .label_name = "label",
                     .labels = {"one"},
                     .series = {},
                     .digits = 1};
    for (int i = 1; i <= 10; ++i) {
        figure.series.push_back({.name = "series " + std::to_string(i), .values = {{.value = i}}});
    }
    return figure;
}

Figure grouped_bars() {
    BarFigure figure{.text = {.id = "f1-by-class",
                              .title = "F1 by class and scheme",
                              .caption = "Random folds flatter: compare the two bars of a class."},
                     .axis = "F1 score",
                     .label_name = "class",
                     .labels = classes,
                     .series = {{.name = "random", .values = {}}, {.name = "spatial block", .values = {}}},
                     .interval_name = "95 % interval",
                     .axis_end = 1.0};
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const double value = 0.95 - 0.09 * static_cast<double>(k);
        figure.series[0].values.push_back(estimate(value, 0.03));
        figure.series[1].values.push_back(k == 3 ? BarFigure::Value{} : estimate(value - 0.12, 0.06));
    }
    return figure;
}

Figure class_bars() {
    BarFigure figure{.text = {.id = "areas", .title = "Area by class", .caption = "Mapped area; no intervals here."},
                     .axis = "area in hectares",
                     .label_name = "class",
                     .labels = classes,
                     .series = {{.name = {}, .values = {}, .colors = class_colors}},
                     .digits = 0};
    for (const double area : {1234.4, 98765.6, 54321.0, 12000.5, 0.0}) {
        figure.series[0].values.push_back({.value = area});
    }
    return figure;
}

Figure changes() {
    BarFigure figure{.text = {.id = "changes",
                              .title = "Drop of accuracy when a feature is shuffled",
                              .caption = "Bars to the left: shuffling helped, which is chance."},
                     .axis = "change of balanced accuracy",
                     .label_name = "feature",
                     .labels = {"NDVI", "B11", "B02", "slope"},
                     .series = {{.name = {}, .values = {}}},
                     .interval_name = "standard deviation"};
    for (const double drop : {0.21, 0.104, 0.0, -0.018}) {
        figure.series[0].values.push_back(estimate(drop, 0.012));
    }
    return figure;
}

Figure waterfall() {
    return WaterfallFigure{.text = {.id = "why", .title = "Why " + evil, .caption = "From the mean to this pixel."},
                           .axis = "probability of " + long_name,
                           .start_label = "mean over the training data",
                           .start = 0.25,
                           .steps = {{"NDVI = 0.82", 0.4375},
                                     {"B11 = 0.1792 reflectance", -0.0625},
                                     {evil, 0.0002},
                                     {"12 other features", -0.12}},
                           .end_label = "this pixel",
                           .digits = 3};
}

Figure learning_curve() {
    LineFigure figure{.text = {.id = "learning-curve",
                               .title = "Accuracy by number of training samples",
                               .caption = "Where the curves are flat, more samples of this kind will not help."},
                      .x_axis = "training samples",
                      .y_axis = "overall accuracy",
                      .series = {},
                      .interval_name = "95 % interval"};
    for (const std::string name : {"random", "polygon", "spatial block", "nndm", "knndm"}) {
        const auto s = static_cast<double>(figure.series.size());
        LineFigure::Series series{.name = name, .points = {}};
        for (double n = 100; n <= 12800; n *= 2) {
            const double y = 0.95 - 0.05 * s - 3 / std::sqrt(n);
            const double half = 1 / std::sqrt(n);
            series.points.push_back({.x = n, .y = y, .interval = std::pair(y - half, y + half)});
        }
        figure.series.push_back(series);
    }
    return figure;
}

Figure roc() {
    LineFigure figure{.text = {.id = "roc", .title = "ROC by class", .caption = "The nearer the corner, the better."},
                      .x_axis = "false positive rate",
                      .y_axis = "true positive rate",
                      .series = {},
                      .steps = true,
                      .diagonal = true,
                      .unit_square = true};
    for (std::size_t k = 0; k < classes.size(); ++k) {
        LineFigure::Series series{.name = classes[k], .points = {}, .color = class_colors[k]};
        const int n = 30 + 10 * static_cast<int>(k);
        for (int i = 0; i <= n; ++i) {
            const double x = static_cast<double>(i) / n;
            series.points.push_back({.x = x, .y = std::pow(x, 0.15 + 0.12 * static_cast<double>(k))});
        }
        figure.series.push_back(series);
    }
    return figure;
}

Figure dates() {
    LineFigure figure{.text = {.id = "dates", .title = "NDVI over the year", .caption = "Crops fall in July."},
                      .x_axis = "date",
                      .y_axis = "NDVI",
                      .series = {{.name = "cropland", .points = {}}, {.name = "forest", .points = {}}},
                      .x_names = {}};
    for (int month = 1; month <= 12; ++month) {
        figure.x_names.push_back("2018-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-15");
        const double x = month - 1;
        figure.series[0].points.push_back({.x = x, .y = 0.4 + 0.35 * std::sin((month - 2) * 0.6)});
        figure.series[1].points.push_back({.x = x, .y = 0.6 + 0.2 * std::sin((month - 4) * 0.5)});
    }
    return figure;
}

Figure points() {
    LineFigure figure{.text = {.id = "calibration",
                               .title = "Calibration",
                               .caption = "Points on the dashed line: probabilities mean what they say."},
                      .x_axis = "predicted probability",
                      .y_axis = "observed share",
                      .series = {{.name = "votes", .points = {}}, {.name = "isotonic", .points = {}}},
                      .interval_name = "95 % interval",
                      .points_only = true,
                      .diagonal = true,
                      .unit_square = true};
    for (int i = 1; i < 10; ++i) {
        const double x = 0.1 * i;
        figure.series[0].points.push_back({.x = x, .y = x * x, .interval = std::pair(x * x - 0.05, x * x + 0.05)});
        figure.series[1].points.push_back({.x = x - 0.02, .y = x - 0.01, .interval = {}});
    }
    return figure;
}

Figure confusion() {
    return MatrixFigure{.text = {.id = "confusion",
                                 .title = "Confusion, spatial blocks",
                                 .caption = "Rows add up to the reference of a class."},
                        .row_axis = "reference",
                        .column_axis = "prediction",
                        .value_name = "samples",
                        .rows = classes,
                        .columns = classes,
                        .values = {{412, 20, 3, 1, 0},
                                   {35, 12980, 41, 160, 2},
                                   {0, 18, 880, 37, 1},
                                   {4, 210, 66, 301, 9},
                                   {1, 0, 5, {}, 244}},
                        .light_diagonal = true};
}

Figure correlation() {
    return MatrixFigure{.text = {.id = "correlation", .title = "Correlation of features", .caption = "Both signs."},
                        .row_axis = "feature",
                        .column_axis = "feature",
                        .value_name = "correlation",
                        .rows = {"B02", "B08", "NDVI"},
                        .columns = {"B02", "B08", "NDVI"},
                        .values = {{1.0, 0.31, -0.62}, {0.31, 1.0, 0.55}, {-0.62, 0.55, 1.0}},
                        .digits = 2,
                        .diverging = true};
}

/// All shades of a colour.
Figure by_date() {
    MatrixFigure figure{.text = {.id = "band-by-date",
                                 .title = "Importance by band and date",
                                 .caption = "A dark column: a date that the map needs."},
                        .row_axis = "band",
                        .column_axis = "date",
                        .value_name = "drop of accuracy",
                        .rows = {},
                        .columns = {},
                        .values = {},
                        .digits = 3};
    for (int date = 0; date < 9; ++date) {
        figure.columns.push_back("2018-0" + std::to_string(date + 1) + "-15");
    }
    for (const std::string band : {"B02", "B03", "B04", "B08", "B11", "B12"}) {
        const auto row = static_cast<double>(figure.rows.size());
        figure.rows.push_back(band);
        figure.values.emplace_back();
        for (int date = 0; date < 9; ++date) {
            figure.values.back().emplace_back(0.01 * (row + 1) * date);
        }
    }
    return figure;
}

Figure swarm() {
    SwarmFigure figure{.text = {.id = "shap",
                                .title = "What features do to the probability of forest",
                                .caption = "A point is a sample; right of 0 the feature speaks for forest."},
                       .axis = "SHAP value, probability",
                       .color_name = "value of the feature",
                       .color_low = "low",
                       .color_high = "high",
                       .rows = {}};
    for (const std::string name : {"NDVI", "B11", evil.c_str(), "slope"}) {
        const auto row = static_cast<double>(figure.rows.size());
        SwarmFigure::Row swarm{.label = name, .values = {}, .colors = {}};
        for (int i = 0; i < 400; ++i) {
            const double value = wave(i + 1000 * row);
            swarm.values.push_back(0.3 * value * std::abs(value) / (1 + row));
            swarm.colors.push_back(std::fmod(std::abs(0.5 + 0.4 * value + 0.1 * wave(i)), 1.0));
        }
        figure.rows.push_back(swarm);
    }
    return figure;
}

Figure table() {
    return TableFigure{
        .text = {.id = "folds", .title = "Folds", .caption = "Numbers that are better read."},
        .table = {
            .columns = {{.name = "fold"}, {.name = "samples", .digits = 0}, {.name = "F1, weighted"}, {.name = "note"}},
            .rows = {{std::string("1"), 12345.0, 0.8125, std::string("plain")},
                     {std::string("2"), 987.0, Cell(), evil},
                     {std::string("3"), 1e6, -0.25, std::string("a, \"b\"\nc")}}}};
}

/// More bars than are drawn: value i % 100 of bar i, half of them negative.
Figure many_bars() {
    BarFigure figure{.text = {.id = "many-bars", .title = "More bars than are drawn", .caption = "Of 150 features."},
                     .axis = "importance",
                     .label_name = "feature",
                     .labels = {},
                     .series = {{.name = {}, .values = {}}}};
    for (int i = 0; i < 150; ++i) {
        figure.labels.push_back("feature " + std::to_string(i));
        figure.series[0].values.push_back({.value = (i % 2 == 0 ? 1 : -1) * (i % 100)});
    }
    return figure;
}

/// A table that no browser makes a picture of.
Figure long_table() {
    TableFigure figure{.text = {.id = "long-table", .title = "Long", .caption = {}},
                       .table = {.columns = {{.name = "row"}, {.name = "number", .digits = 0}}, .rows = {}}};
    for (int i = 0; i < 2400; ++i) {
        figure.table.rows.push_back({std::to_string(i), static_cast<double>(i)});
    }
    return figure;
}

/// Figures of little or nothing, and of too much.
std::vector<Block> odd_figures() {
    return {many_bars(),
            long_table(),
            Figure(BarFigure{.text = {.id = "no-bars", .title = "No bars", .caption = {}},
                             .axis = "a",
                             .label_name = "label",
                             .labels = {},
                             .series = {}}),
            Figure(BarFigure{.text = {.id = "na-bars", .title = "Bars of NA and of almost nothing", .caption = {}},
                             .axis = "a",
                             .label_name = "label",
                             .labels = {"x", "y"},
                             .series = {{.name = {}, .values = {{}, {.value = 1e-9}}}}}),
            Figure(LineFigure{.text = {.id = "no-lines", .title = "No lines", .caption = {}},
                              .x_axis = "x",
                              .y_axis = "y",
                              .series = {}}),
            Figure(LineFigure{.text = {.id = "one-point", .title = "One point", .caption = {}},
                              .x_axis = "x",
                              .y_axis = "y",
                              .series = {{.name = "a", .points = {{.x = 5, .y = 1e12}}}, {.name = "b", .points = {}}}}),
            Figure(SwarmFigure{.text = {.id = "no-swarm", .title = "No points", .caption = {}},
                               .axis = "a",
                               .color_name = "c",
                               .color_low = "low",
                               .color_high = "high",
                               .rows = {{.label = "empty", .values = {}, .colors = {}}}}),
            Figure(MatrixFigure{.text = {.id = "no-matrix", .title = "No cells", .caption = {}},
                                .row_axis = "r",
                                .column_axis = "c",
                                .value_name = "v",
                                .rows = {},
                                .columns = {},
                                .values = {}})};
}

Document gallery() {
    return {
        .title = "Gallery of figures & <awkward> texts",
        .summary = "Every kind of figure once, for tests and for eyes. Ünïcödé, 土地被覆, " + evil,
        .sections = {
            {.id = "overview",
             .title = "Overview",
             .blocks = {Paragraph{"A paragraph with <b>tags</b> that are shown, and bytes that are none: \xFF."},
                        Facts{{{"place", "13.3777, 52.5163"}, {"model", "model.lcm"}, {evil, long_name}}},
                        Missing{"Areas with intervals", "lcclass assess --plan map.tif --classes 'a|b' -o plan.gpkg"},
                        grouped_bars(), class_bars(), changes(), many_series()}},
            {.id = "curves", .title = "Curves", .blocks = {learning_curve(), roc(), dates(), points()}},
            {.id = "matrices", .title = "Matrices", .blocks = {confusion(), correlation(), by_date()}},
            {.id = "explanations", .title = "Explanations " + evil, .blocks = {waterfall(), swarm(), table()}},
            {.id = "odd", .title = "Odd", .blocks = odd_figures()},
            {.id = "files",
             .title = "Files",
             .blocks = {Listing{"Configuration", "lcclass.yml", "seed: 1\r\nname: \"</pre>" + evil + "\"\n"}}}}};
}

void write(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) {
        throw std::runtime_error("cannot write " + path);
    }
}

void write_gallery(const std::string& folder) {
    const Document document = gallery();
    write(folder + "/gallery.html", to_html(document));
    write(folder + "/gallery.md", to_markdown(document, "pictures").text);
}

} // namespace
} // namespace lcclass::report

int main(int argc, char** argv) {
    try {
        lcclass::report::write_gallery(argc > 1 ? argv[1] : ".");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
