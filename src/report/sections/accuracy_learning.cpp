#include "report/sections/accuracy_parts.h"

#include "lcclass/core/text_table.h"

#include <algorithm>
#include <cmath>

namespace lcclass::report {

namespace {

/// Lags of fewer pairs say little (Journel and Huijbregts 1978).
constexpr double fewest_pairs = 30;

/// `max_depth=10, n_estimators=200`; a null is `none`.
std::string parameter_text(const Json& parameters) {
    std::string text;
    for (const auto& [key, value] : parameters.items()) {
        const std::string shown = value.is_null()     ? std::string("none")
                                  : value.is_string() ? value.get<std::string>()
                                                      : value.dump();
        text.append(text.empty() ? "" : ", ").append(key).append("=").append(shown);
    }
    return text;
}

std::optional<LineFigure> learning_figure(const Json& schemes) {
    LineFigure figure{.text = {.id = "learning-curve",
                               .title = "Learning curve",
                               .caption = "Weighted F1 against the samples learned from; bands are one standard "
                                          "deviation over folds. A curve that still rises asks for more polygons."},
                      .x_axis = "samples in training",
                      .y_axis = "weighted F1",
                      .series = {},
                      .interval_name = "± 1 sd over folds"};
    for (const auto& [name, scheme] : schemes.items()) {
        LineFigure::Series series{.name = name, .points = {}};
        for (const Json& point : member(scheme, "learning_curve")) {
            const auto x = number(point, "n_samples");
            const auto y = number(point.at("mean"), "f1_weighted");
            const auto sd = number(point.at("sd"), "f1_weighted");
            if (x && y) {
                series.points.push_back({*x, *y, sd ? Interval(std::pair(*y - *sd, *y + *sd)) : Interval()});
            }
        }
        if (!series.points.empty()) {
            std::ranges::sort(series.points, {}, &LineFigure::Point::x);
            figure.series.push_back(std::move(series));
        }
    }
    return figure.series.empty() ? std::nullopt : std::optional(std::move(figure));
}

std::optional<TableFigure> tuning_table(const Json& schemes) {
    TableFigure figure{
        .text = {.id = "tuning",
                 .title = "What was tuned",
                 .caption = "Mean score of every candidate on the inner folds, within the training part "
                            "of each fold. `suggested` is what `train --tuned` takes."},
        .table = {.columns = {{"scheme"}, {"parameters"}, {"mean score"}, {"sd"}, {"suggested"}}, .rows = {}}};
    for (const auto& [name, scheme] : schemes.items()) {
        const Json& tuning = member(scheme, "tuning");
        if (!tuning.is_object()) {
            continue;
        }
        for (const Json& candidate : tuning.at("candidates")) {
            const auto mean = number(candidate, "mean");
            const auto sd = number(candidate, "sd");
            const bool suggested = candidate.at("params") == tuning.at("suggested");
            figure.table.rows.push_back({name, parameter_text(candidate.at("params")), mean ? Cell(*mean) : Cell(),
                                         sd ? Cell(*sd) : Cell(), std::string(suggested ? "yes" : "")});
        }
    }
    return figure.table.rows.empty() ? std::nullopt : std::optional(std::move(figure));
}

std::optional<BarFigure> variant_figure(const Json& variants) {
    if (!variants.is_array() || variants.empty()) {
        return std::nullopt;
    }
    BarFigure figure{.text = {.id = "variants",
                              .title = "Variants compared",
                              .caption = "Overall accuracy of the variant less that of the run itself: bars whose "
                                         "interval holds 0 are no more than chance."},
                     .axis = "difference of overall accuracy",
                     .label_name = "variant",
                     .labels = {},
                     .series = {}};
    for (const std::string& scheme : keys_of(variants.front().at("schemes"))) {
        BarFigure::Series series{.name = scheme, .values = {}};
        for (const Json& variant : variants) {
            const Json& difference =
                member(member(member(variant.at("schemes"), scheme), "difference"), "overall_accuracy");
            series.values.push_back({number(difference, "difference"), interval_of(difference)});
            figure.interval_name =
                figure.interval_name.empty() ? interval_name(difference) : std::move(figure.interval_name);
        }
        figure.series.push_back(std::move(series));
    }
    for (const Json& variant : variants) {
        figure.labels.push_back(variant.at("name").get<std::string>());
    }
    return figure;
}

/// What is to be seen in the variogram, by what was found in it.
std::string variogram_caption(const Json& mean) {
    const Json& finding = member(mean, "finding");
    if (finding == "range") {
        return "Where it levels off, at " + fixed_digits(number(mean, "range_m").value_or(0), 0) +
               " m, samples no longer resemble one another: blocks should be larger than that.";
    }
    if (finding == "beyond-cutoff") {
        return "It rises to the last distance looked at: samples resemble one another farther than that.";
    }
    return "It does not rise with distance: near polygons resemble one another no more than far ones.";
}

std::optional<LineFigure> variogram_figure(const Json& variograms) {
    const Json& mean = member(variograms, "mean_of_features");
    LineFigure figure{
        .text = {.id = "variogram", .title = "How far samples are alike", .caption = variogram_caption(mean)},
        .x_axis = "distance, m",
        .y_axis = "semivariance of the standardised features",
        .series = {{.name = "mean of the features", .points = {}}}};
    for (const Json& lag : member(mean, "lags")) {
        const auto x = number(lag, "distance_m");
        const auto y = number(lag, "semivariance");
        if (x && y && number(lag, "pairs").value_or(0) >= fewest_pairs) {
            figure.series[0].points.push_back({*x, *y});
        }
    }
    return figure.series[0].points.empty() ? std::nullopt : std::optional(std::move(figure));
}

} // namespace

void add_learning(const Json& content, std::vector<Block>& blocks) {
    const Json& schemes = content.at("schemes");
    if (auto curve = learning_figure(schemes)) {
        blocks.emplace_back(Figure(std::move(*curve)));
    } else {
        blocks.emplace_back(Missing{"The learning curve", "lcclass cv --learning-curve 0.25,0.5,1"});
    }
    if (auto tuning = tuning_table(schemes)) {
        blocks.emplace_back(Figure(std::move(*tuning)));
    }
    if (auto variants = variant_figure(member(content, "compare"))) {
        blocks.emplace_back(Figure(std::move(*variants)));
    }
    if (auto variogram = variogram_figure(member(content, "variograms"))) {
        blocks.emplace_back(Figure(std::move(*variogram)));
    }
}

} // namespace lcclass::report
