/// A document small enough to be read in a test.
#pragma once

#include "lcclass/report/document.h"

namespace lcclass::report {

inline WaterfallFigure small_waterfall() {
    return {.text = {.id = "why", .title = "Why water", .caption = "The strongest first."},
            .axis = "probability of water",
            .start_label = "base",
            .start = 0.25,
            .steps = {{"B08 = 0.02", 0.5}, {"NDVI", -0.125}},
            .end_label = "sum"};
}

inline BarFigure small_bars() {
    return {
        .text = {.id = "f1", .title = "F1", .caption = "By scheme."},
        .axis = "F1 score",
        .label_name = "class",
        .labels = {"water", "forest"},
        .series = {{.name = "random", .values = {{.value = 0.5, .interval = std::pair(0.25, 0.75)}, {}}},
                   {.name = "block", .values = {{.value = 0.125}, {.value = 1}}, .colors = {{255, 0, 0}, {0, 1, 2}}}},
        .interval_name = "95 % interval",
        .axis_end = 1.0};
}

inline LineFigure small_lines() {
    return {
        .text = {.id = "curve", .title = "Curve", .caption = "Flat is enough."},
        .x_axis = "samples",
        .y_axis = "accuracy",
        .series = {{.name = "a", .points = {{.x = 1, .y = 0.5, .interval = std::pair(0.25, 0.75)}, {.x = 2, .y = 1}}},
                   {.name = "b", .points = {{.x = 1, .y = 0}, {.x = 2, .y = 0.75}}, .color = Rgb{0, 0, 255}}},
        .interval_name = "range"};
}

inline MatrixFigure small_matrix() {
    return {.text = {.id = "confusion", .title = "Confusion", .caption = "Rows are the reference."},
            .row_axis = "reference",
            .column_axis = "prediction",
            .value_name = "samples",
            .rows = {"water", "forest"},
            .columns = {"water", "forest"},
            .values = {{80, 4}, {std::nullopt, 20000}},
            .light_diagonal = true};
}

inline SwarmFigure small_swarm() {
    return {.text = {.id = "shap", .title = "SHAP", .caption = "A point is a sample."},
            .axis = "SHAP value",
            .color_name = "value",
            .color_low = "low",
            .color_high = "high",
            .rows = {{.label = "NDVI", .values = {0.5, -0.5, 0}, .colors = {1, 0, 0.5}},
                     {.label = "B08", .values = {}, .colors = {}}}};
}

inline TableFigure small_table() {
    return {.text = {.id = "folds", .title = "Folds", .caption = "Held out in turn."},
            .table = {.columns = {{.name = "fold"}, {.name = "samples", .digits = 0}, {.name = "note, if any"}},
                      .rows = {{std::string("one"), 12345.25, std::string("a \"b\"")},
                               {std::string("two"), Cell(), Cell()}}}};
}

inline Document small_document() {
    return {.title = "Report",
            .summary = "What was found.",
            .sections = {{.id = "map",
                          .title = "The map",
                          .blocks = {Paragraph{"It is new."}, Facts{{{"model", "model.lcm"}}},
                                     Missing{"Areas", "lcclass assess --plan"}, Figure(small_bars()),
                                     Figure(small_waterfall())}},
                         {.id = "more",
                          .title = "More",
                          .blocks = {Figure(small_lines()), Figure(small_matrix()), Figure(small_swarm()),
                                     Figure(small_table()), Listing{"Config", "lcclass.yml", "seed: 1\n"}}}}};
}

} // namespace lcclass::report
