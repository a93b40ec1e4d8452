#include "lcclass/report/sections.h"

#include "lcclass/core/ranks.h"
#include "report/sections/json_reading.h"

#include <algorithm>
#include <span>
#include <utility>

namespace lcclass::report {

namespace {

/// Features in a beeswarm, and features whose dependence is drawn: the strongest of each.
constexpr std::size_t swarm_features = 10;
constexpr std::size_t dependence_features = 6;

/// Features by their mean |SHAP| over all classes, the strongest first.
std::vector<std::string> strongest_features(const Json& mean_abs) {
    std::vector<std::pair<std::string, double>> totals;
    for (const std::string& feature : mean_abs.empty() ? std::vector<std::string>() : keys_of(mean_abs.front())) {
        double total = 0;
        for (const Json& of_class : mean_abs) {
            total += number(of_class, feature).value_or(0);
        }
        totals.emplace_back(feature, total);
    }
    std::ranges::stable_sort(totals, std::ranges::greater{}, &std::pair<std::string, double>::second);
    std::vector<std::string> names;
    for (const auto& entry : totals) {
        names.push_back(entry.first);
    }
    return names;
}

MatrixFigure strength_figure(const Json& mean_abs, const std::vector<std::string>& features,
                             const ClassLegend& legend) {
    MatrixFigure figure{.text = {.id = "shap-strength",
                                 .title = "How far each feature moves each class",
                                 .caption = "Mean of |SHAP|: by how much a feature moves the probability of the class, "
                                            "to either side, in a typical sample."},
                        .row_axis = "feature",
                        .column_axis = "class",
                        .value_name = "mean |SHAP|, share of votes",
                        .rows = features,
                        .columns = {},
                        .values = {},
                        .digits = 3};
    for (const std::string& code : keys_of(mean_abs)) {
        figure.columns.push_back(class_name(legend, code));
    }
    for (const std::string& feature : features) {
        auto& row = figure.values.emplace_back();
        for (const Json& of_class : mean_abs) {
            row.push_back(number(of_class, feature));
        }
    }
    return figure;
}

/// Ranks of values from 0 (lowest) to 1 (highest); equal ones have the mean rank, and all 0.5 when all are equal.
std::vector<double> rank_shares(const std::vector<double>& values) {
    std::vector<double> ranks = centred_ranks(std::span<const double>(values));
    const auto [lowest, highest] = std::ranges::minmax(ranks);
    for (double& rank : ranks) {
        rank = highest > lowest ? (rank - lowest) / (highest - lowest) : 0.5;
    }
    return ranks;
}

SwarmFigure swarm_figure(const std::string& code, const std::string& name, const Json& points, const Json& mean_abs) {
    SwarmFigure figure{.text = {.id = "shap-class-" + code,
                                .title = "What speaks for " + name,
                                .caption = "Each point is a sample: to the right the feature raised its probability "
                                           "of " +
                                           name + ", to the left it lowered it."},
                       .axis = "SHAP value, share of votes",
                       .color_name = "value of the feature",
                       .color_low = "low",
                       .color_high = "high",
                       .rows = {}};
    const Json& shap = points.at("shap").at(code);
    std::vector<std::string> features = keys_of(shap);
    std::ranges::stable_sort(features, std::ranges::greater{},
                             [&](const std::string& feature) { return number(mean_abs, feature).value_or(0); });
    features.resize(std::min(features.size(), swarm_features));
    for (const std::string& feature : features) {
        const auto values = points.at("values").at(feature).get<std::vector<double>>();
        const Json& contributions = list_of(shap.at(feature), values.size());
        figure.rows.push_back({feature, contributions.get<std::vector<double>>(), rank_shares(values)});
    }
    return figure;
}

LineFigure dependence_figure(std::size_t position, const std::string& feature, const Json& bins,
                             const ClassLegend& legend) {
    const Json& unit = member(bins, "unit");
    const std::string of_unit =
        unit.is_string() && !unit.get<std::string>().empty() ? ", " + unit.get<std::string>() : std::string();
    LineFigure figure{.text = {.id = "dependence-" + std::to_string(position),
                               .title = "Dependence on " + feature,
                               .caption = "Mean SHAP value of samples against their value of " + feature +
                                          ": where a line is above 0, such a value speaks for the class."},
                      .x_axis = feature + of_unit,
                      .y_axis = "mean SHAP value, share of votes",
                      .series = {}};
    const Json& x = bins.at("mean_value");
    for (const auto& [code, y] : bins.at("mean_shap").items()) {
        LineFigure::Series series{.name = class_name(legend, code), .points = {}};
        const Json code_number = Json::parse(code, nullptr, false);
        series.color = color_of(legend, code_number);
        for (std::size_t i = 0; i < y.size(); ++i) {
            if (x.at(i).is_number() && y.at(i).is_number()) {
                series.points.push_back({x.at(i).get<double>(), y.at(i).get<double>()});
            }
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

std::optional<BarFigure> interaction_figure(const Json& pairs) {
    if (!pairs.is_array() || pairs.empty()) {
        return std::nullopt;
    }
    BarFigure figure{.text = {.id = "interactions",
                              .title = "Features that work together",
                              .caption = "Mean |SHAP interaction| of the strongest pairs: what two features do "
                                         "together beyond what each does alone."},
                     .axis = "share of votes",
                     .label_name = "pair",
                     .labels = {},
                     .series = {{.name = "interaction", .values = {}}}};
    for (const Json& pair : pairs) {
        const auto names = pair.at("features").get<std::vector<std::string>>();
        figure.labels.push_back(names.at(0) + " and " + names.at(1));
        figure.series[0].values.push_back({number(pair, "strength")});
    }
    return figure;
}

} // namespace

Section shap_section(const JsonFile& explain, const ClassLegend& legend) {
    return section_from(explain, "explain", [&](const Json& content) {
        Section section{.id = "shap", .title = "What speaks for each class", .blocks = {}};
        const Json& shap = member(content, "shap");
        if (!shap.is_object()) {
            section.blocks.emplace_back(Missing{"SHAP values", "lcclass explain --rows 300"});
            return section;
        }
        const Json& mean_abs = shap.at("mean_abs");
        const std::vector<std::string> features = strongest_features(mean_abs);
        section.blocks.emplace_back(Figure(strength_figure(mean_abs, features, legend)));
        const Json& points = member(shap, "points");
        for (const std::string& code : keys_of(member(points, "shap"))) {
            section.blocks.emplace_back(
                Figure(swarm_figure(code, class_name(legend, code), points, member(mean_abs, code))));
        }
        const Json& dependence = member(shap, "dependence");
        for (std::size_t i = 0; i < std::min(features.size(), dependence_features); ++i) {
            if (const Json& bins = member(dependence, features[i]); bins.is_object()) {
                section.blocks.emplace_back(Figure(dependence_figure(i + 1, features[i], bins, legend)));
            }
        }
        if (auto figure = interaction_figure(member(member(shap, "interactions"), "pairs"))) {
            section.blocks.emplace_back(Figure(std::move(*figure)));
        }
        return section;
    });
}

} // namespace lcclass::report
