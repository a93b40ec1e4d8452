#include "lcclass/report/sections.h"

#include <algorithm>

namespace lcclass::report {

namespace {

/// More features than this in one drawing of signatures hide one another.
constexpr std::size_t most_indices = 12;

BarFigure balance_figure(const SampleSummary& samples) {
    BarFigure figure{.text = {.id = "samples",
                              .title = "Samples per class",
                              .caption = "Pixels that the model learned from. Rare classes are told by few polygons: "
                                         "look at the intervals of their accuracy."},
                     .axis = "samples",
                     .label_name = "class",
                     .labels = {},
                     .series = {{.name = "samples", .values = {}}},
                     .digits = 0};
    for (const SampleSummary::OfClass& of_class : samples.classes) {
        figure.labels.push_back(of_class.entry.name);
        figure.series[0].values.push_back({static_cast<double>(of_class.n_samples)});
        figure.series[0].colors.push_back(of_class.entry.color);
    }
    return figure;
}

std::optional<BarFigure> polygon_figure(const SampleSummary& samples) {
    BarFigure figure = balance_figure(samples);
    figure.text = {.id = "polygons",
                   .title = "Polygons per class",
                   .caption =
                       "What counts for accuracy is how many places were visited, not how many pixels they have."};
    figure.axis = "polygons";
    figure.series[0].name = "polygons";
    for (std::size_t k = 0; k < samples.classes.size(); ++k) {
        if (!samples.classes[k].n_polygons) {
            return std::nullopt;
        }
        figure.series[0].values[k] = {static_cast<double>(*samples.classes[k].n_polygons)};
    }
    return figure;
}

/// The features of one unit, with a band from the 10th to the 90th percentile around every class.
LineFigure signature_figure(const SampleSummary& samples, const std::vector<std::size_t>& features,
                            const std::string& unit) {
    const bool reflectance = unit == "reflectance";
    LineFigure figure{.text = {.id = reflectance ? "signatures" : "signatures-other",
                               .title = reflectance ? "Spectral signatures" : "Other features",
                               .caption = "Mean of each class, with a band that holds 80 % of its samples. Classes "
                                          "whose bands overlap everywhere are told apart by no single feature."},
                      .x_axis = "feature",
                      .y_axis = unit.empty() ? "value" : unit,
                      .series = {},
                      .x_names = {},
                      .interval_name = "10th to 90th percentile"};
    for (const std::size_t f : features) {
        figure.x_names.push_back(samples.features[f]);
    }
    for (std::size_t k = 0; k < samples.classes.size(); ++k) {
        LineFigure::Series series{
            .name = samples.classes[k].entry.name, .points = {}, .color = samples.classes[k].entry.color};
        for (std::size_t i = 0; i < features.size(); ++i) {
            const SampleSummary::Signature& signature = samples.signatures[k][features[i]];
            series.points.push_back({static_cast<double>(i), signature.mean, std::pair(signature.low, signature.high)});
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

std::vector<LineFigure> signature_figures(const SampleSummary& samples) {
    std::vector<std::size_t> reflectances;
    std::vector<std::size_t> others;
    for (std::size_t f = 0; f < samples.features.size(); ++f) {
        (samples.units[f] == "reflectance" ? reflectances : others).push_back(f);
    }
    std::vector<LineFigure> figures;
    if (!reflectances.empty()) {
        figures.push_back(signature_figure(samples, reflectances, "reflectance"));
    }
    // Indices share a scale of about -1 to 1; what has a unit, or is many, does not belong on one axis.
    std::erase_if(others, [&](std::size_t f) { return !samples.units[f].empty(); });
    if (!others.empty() && others.size() <= most_indices) {
        figures.push_back(signature_figure(samples, others, ""));
    }
    return figures;
}

TableFigure signature_table(const SampleSummary& samples) {
    TableFigure figure{
        .text = {.id = "signature-table",
                 .title = "Values per class and feature",
                 .caption = "Mean, 10th and 90th percentile of the samples of each class."},
        .table = {.columns = {{"class"}, {"feature"}, {"unit"}, {"mean", 4}, {"10 %", 4}, {"90 %", 4}}, .rows = {}}};
    for (std::size_t k = 0; k < samples.classes.size(); ++k) {
        for (std::size_t f = 0; f < samples.features.size(); ++f) {
            const SampleSummary::Signature& signature = samples.signatures[k][f];
            figure.table.rows.push_back({samples.classes[k].entry.name, samples.features[f], samples.units[f],
                                         signature.mean, signature.low, signature.high});
        }
    }
    return figure;
}

MatrixFigure separability_figure(const SampleSummary& samples) {
    MatrixFigure figure{.text = {.id = "separability",
                                 .title = "How far apart the classes lie",
                                 .caption =
                                     "Jeffries-Matusita distance of each pair in all features, taken as normal: 2 "
                                     "is apart, below 1 they overlap widely. NA: too few samples, or features "
                                     "that follow from one another."},
                        .row_axis = "class",
                        .column_axis = "class",
                        .value_name = "Jeffries-Matusita distance, 0 to 2",
                        .rows = {},
                        .columns = {},
                        .values = samples.jeffries_matusita,
                        .digits = 2};
    for (const SampleSummary::OfClass& of_class : samples.classes) {
        figure.rows.push_back(of_class.entry.name);
    }
    figure.columns = figure.rows;
    return figure;
}

} // namespace

Section samples_section(const SampleSummary& samples) {
    Section section{.id = "samples", .title = "What it learned from", .blocks = {}};
    section.blocks.emplace_back(Figure(balance_figure(samples)));
    if (auto polygons = polygon_figure(samples)) {
        section.blocks.emplace_back(Figure(std::move(*polygons)));
    }
    std::size_t n_drawn = 0;
    for (LineFigure& figure : signature_figures(samples)) {
        n_drawn += figure.x_names.size();
        section.blocks.emplace_back(Figure(std::move(figure)));
    }
    if (n_drawn < samples.features.size()) {
        section.blocks.emplace_back(Figure(signature_table(samples)));
    }
    if (samples.classes.size() > 1) {
        section.blocks.emplace_back(Figure(separability_figure(samples)));
    }
    return section;
}

} // namespace lcclass::report
