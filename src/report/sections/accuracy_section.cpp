#include "lcclass/report/sections.h"

#include "lcclass/core/text_table.h"
#include "report/sections/accuracy_parts.h"
#include "report/sections/json_reading.h"

#include <algorithm>
#include <utility>

namespace lcclass::report {

namespace {

/// Folds of more schemes than this are drawn but not listed one by one.
constexpr std::size_t most_folds_listed = 20;

BarFigure pooled_figure(const Json& schemes) {
    BarFigure figure{.text = {.id = "accuracy-by-scheme",
                              .title = "Accuracy by way of testing",
                              .caption = "Random folds have neighbours of their test pixels in training and look "
                                         "better; folds that keep polygons or regions whole do not."},
                     .axis = "figure of all test samples together",
                     .label_name = "figure",
                     .labels = {},
                     .series = {}};
    for (const OverallFigure& overall : overall_figures) {
        figure.labels.emplace_back(overall.name);
    }
    for (const auto& [name, scheme] : schemes.items()) {
        BarFigure::Series series{.name = name, .values = {}};
        for (const OverallFigure& overall : overall_figures) {
            const Json& estimate = member(member(scheme, "intervals"), overall.key);
            series.values.push_back({number(scheme.at("pooled"), overall.key), interval_of(estimate)});
            figure.interval_name =
                figure.interval_name.empty() ? interval_name(estimate) : std::move(figure.interval_name);
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

std::optional<BarFigure> optimism_figure(const Json& optimism) {
    const Json& schemes = member(optimism, "schemes");
    if (!schemes.is_object() || schemes.empty()) {
        return std::nullopt;
    }
    BarFigure figure{.text = {.id = "optimism",
                              .title = "How far random folds flatter",
                              .caption = "Random folds less the others, of the same samples: bars whose interval "
                                         "stays above 0 are more than chance."},
                     .axis = "difference of the figures",
                     .label_name = "figure",
                     .labels = {},
                     .series = {}};
    for (const OverallFigure& overall : overall_figures) {
        figure.labels.emplace_back(overall.name);
    }
    for (const auto& [name, gaps] : schemes.items()) {
        BarFigure::Series series{.name = "random less " + name, .values = {}};
        for (const OverallFigure& overall : overall_figures) {
            const Json& gap = member(gaps, overall.key);
            series.values.push_back({number(gap, "gap"), interval_of(gap)});
            figure.interval_name = figure.interval_name.empty() ? interval_name(gap) : std::move(figure.interval_name);
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

LineFigure fold_figure(const Json& schemes) {
    LineFigure figure{.text = {.id = "folds",
                               .title = "Overall accuracy of every fold",
                               .caption = "Folds that lie far apart mean that the accuracy depends on where one "
                                          "looks; a fold of a single group says little by itself."},
                      .x_axis = "folds",
                      .y_axis = "overall accuracy",
                      .series = {{.name = "one fold", .points = {}}, {.name = "all test samples", .points = {}}},
                      .points_only = true};
    for (const auto& [name, scheme] : schemes.items()) {
        const auto x = static_cast<double>(figure.x_names.size());
        figure.x_names.push_back(name);
        for (const Json& fold : scheme.at("folds")) {
            if (const auto accuracy = number(fold.at("test"), "overall_accuracy")) {
                figure.series[0].points.push_back({x, *accuracy});
            }
        }
        if (const auto accuracy = number(scheme.at("pooled"), "overall_accuracy")) {
            figure.series[1].points.push_back({x, *accuracy});
        }
    }
    return figure;
}

Cell cell_of(const std::optional<double>& value) {
    return value ? Cell(*value) : Cell();
}

TableFigure fold_table(const Json& schemes) {
    TableFigure figure{.text = {.id = "folds-table",
                                .title = "Folds",
                                .caption = "What every fold learned from and was tested on. Schemes of more than " +
                                           std::to_string(most_folds_listed) + " folds are only in cv.json."},
                       .table = {.columns = {{"scheme"},
                                             {"fold", 0},
                                             {"train samples", 0},
                                             {"test samples", 0},
                                             {"test polygons", 0},
                                             {"overall accuracy"},
                                             {"weighted F1"}},
                                 .rows = {}}};
    for (const auto& [name, scheme] : schemes.items()) {
        if (scheme.at("folds").size() > most_folds_listed) {
            continue;
        }
        for (const Json& fold : scheme.at("folds")) {
            figure.table.rows.push_back({name, cell_of(number(fold, "fold")), cell_of(number(fold, "n_train")),
                                         cell_of(number(fold, "n_test")), cell_of(number(fold, "n_test_polygons")),
                                         cell_of(number(fold.at("test"), "overall_accuracy")),
                                         cell_of(number(fold.at("test"), "f1_weighted"))});
        }
    }
    return figure;
}

/// Precision, recall and F1 per class under one scheme.
BarFigure class_figure(const std::string& name, const Json& scheme) {
    BarFigure figure{.text = {.id = "classes",
                              .title = "Accuracy per class, " + name + " folds",
                              .caption = "Precision (user's accuracy): how much of what is mapped as the class is it. "
                                         "Recall (producer's accuracy): how much of the class is mapped as it."},
                     .axis = "share of the test samples",
                     .label_name = "class",
                     .labels = {},
                     .series = {},
                     .axis_end = 1};
    const Json& classes = scheme.at("pooled").at("per_class");
    figure.labels = keys_of(classes);
    const Json& intervals = member(member(scheme, "intervals"), "per_class");
    for (const auto& [key, words] : class_figure_names) {
        BarFigure::Series series{.name = words, .values = {}};
        for (const auto& [class_name, figures] : classes.items()) {
            const Json& estimate = member(member(intervals, class_name), key);
            series.values.push_back({number(figures, key), interval_of(estimate)});
            figure.interval_name =
                figure.interval_name.empty() ? interval_name(estimate) : std::move(figure.interval_name);
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

/// F1 per class under all schemes.
BarFigure scheme_class_figure(const Json& schemes) {
    BarFigure figure{.text = {.id = "classes-by-scheme",
                              .title = "F1 per class by way of testing",
                              .caption = "Classes whose bars differ most were flattered most by neighbours."},
                     .axis = "F1",
                     .label_name = "class",
                     .labels = keys_of(schemes.front().at("pooled").at("per_class")),
                     .series = {},
                     .axis_end = 1};
    for (const auto& [name, scheme] : schemes.items()) {
        BarFigure::Series series{.name = name, .values = {}};
        for (const std::string& label : figure.labels) {
            series.values.push_back({number(member(scheme.at("pooled").at("per_class"), label), "f1")});
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

/// The scheme that the verdict names, if it names one.
std::optional<std::string> scheme_of_verdict(const Json& content) {
    const Json& named = member(member(content, "verdict"), "scheme");
    const auto names = keys_of(content.at("schemes"));
    return named.is_string() && std::ranges::find(names, named.get<std::string>()) != names.end()
               ? std::optional(named.get<std::string>())
               : std::nullopt;
}

/// That one, or else the last: random comes first.
std::string scheme_to_look_at(const Json& content) {
    return scheme_of_verdict(content).value_or(keys_of(content.at("schemes")).back());
}

void add_schemes(const Json& content, std::vector<Block>& blocks) {
    const Json& schemes = content.at("schemes");
    for (const Json& sentence : member(member(content, "verdict"), "sentences")) {
        blocks.emplace_back(Paragraph{sentence.get<std::string>()});
    }
    blocks.emplace_back(Figure(pooled_figure(schemes)));
    if (auto optimism = optimism_figure(member(content, "optimism"))) {
        blocks.emplace_back(Figure(std::move(*optimism)));
    } else {
        blocks.emplace_back(Missing{"How far random folds flatter",
                                    "lcclass cv --schemes random,polygon,spatial-block --block-size auto"});
    }
    blocks.emplace_back(Figure(fold_figure(schemes)));
    if (TableFigure table = fold_table(schemes); !table.table.rows.empty()) {
        blocks.emplace_back(Figure(std::move(table)));
    }
}

void add_classes(const Json& content, std::vector<Block>& blocks) {
    const std::string name = scheme_to_look_at(content);
    const Json& scheme = content.at("schemes").at(name);
    auto [counts, shares] = confusion_figures(
        scheme.at("confusion"), {.id = "confusion",
                                 .title = "Confusion, " + name + " folds",
                                 .caption = "Test samples of all folds: rows are what they are, columns what the "
                                            "model took them for."});
    counts.value_name = "samples";
    blocks.emplace_back(Figure(std::move(counts)));
    blocks.emplace_back(Figure(std::move(shares)));
    blocks.emplace_back(Figure(class_figure(name, scheme)));
    if (content.at("schemes").size() > 1) {
        blocks.emplace_back(Figure(scheme_class_figure(content.at("schemes"))));
    }
}

} // namespace

Section accuracy_section(const JsonFile& cv, const ClassLegend& legend) {
    return section_from(cv, "cv", [&](const Json& content) {
        Section section{.id = "accuracy", .title = "How good the map will be", .blocks = {}};
        if (content.at("schemes").empty()) {
            throw Json::other_error::create(501, "no schemes", nullptr);
        }
        add_schemes(content, section.blocks);
        add_classes(content, section.blocks);
        const std::string name = scheme_to_look_at(content);
        add_probabilities(content, name, legend, section.blocks);
        add_learning(content, section.blocks);
        return section;
    });
}

std::string promise_of(const JsonFile& cv) {
    std::string text;
    static_cast<void>(section_from(cv, "cv", [&](const Json& content) {
        const auto name = scheme_of_verdict(content);
        if (!name) {
            text = "not known: only random folds were run, which flatter";
            return Section{};
        }
        const Json& scheme = content.at("schemes").at(*name);
        const Json& estimate = member(member(scheme, "intervals"), "overall_accuracy");
        text = three_digits(number(scheme.at("pooled"), "overall_accuracy"));
        if (const auto interval = interval_of(estimate)) {
            text += " (" + interval_name(estimate) + " " + fixed_digits(interval->first, 3) + " to " +
                    fixed_digits(interval->second, 3) + ")";
        }
        text += ", tested on " + *name + " folds";
        return Section{};
    }));
    return text;
}

} // namespace lcclass::report
