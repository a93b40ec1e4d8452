#include "report/sections/accuracy_parts.h"

#include "lcclass/core/text_table.h"

#include <cmath>

namespace lcclass::report {

namespace {

/// Points of a ROC curve nearer than this to the last one drawn are left out.
constexpr double roc_step = 0.005;

std::vector<LineFigure::Point> roc_points(const Json& curve) {
    const Json& x = curve.at("false_positive_rate");
    const Json& y = curve.at("true_positive_rate");
    std::vector<LineFigure::Point> points;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!x[i].is_number() || !y.at(i).is_number()) {
            return {}; // a class that all samples are of, or none, has no curve
        }
        const LineFigure::Point point{x[i].get<double>(), y.at(i).get<double>()};
        const bool end = i == 0 || i + 1 == x.size();
        if (end || std::abs(point.x - points.back().x) >= roc_step || std::abs(point.y - points.back().y) >= roc_step) {
            points.push_back(point);
        }
    }
    return points;
}

LineFigure roc_figure(const std::string& name, const Json& probabilities, const ClassLegend& legend) {
    LineFigure figure{.text = {.id = "roc",
                               .title = "ROC, " + name + " folds",
                               .caption = "Each class against all others, by its probability: the nearer a curve is to "
                                          "the upper left corner, the better. The diagonal is chance. Points nearer "
                                          "than 0.005 to one another are left out here, not in cv.json."},
                      .x_axis = "false positive rate",
                      .y_axis = "true positive rate",
                      .series = {},
                      .diagonal = true,
                      .unit_square = true};
    const Json& pooled = member(member(probabilities, "pooled"), "per_class");
    for (const auto& [class_name, curve] : probabilities.at("roc").items()) {
        auto points = roc_points(curve);
        if (points.empty()) {
            continue;
        }
        const Json& of_class = member(pooled, class_name);
        const auto area = number(of_class, "roc_auc");
        figure.series.push_back({.name = class_name + (area ? ", AUC " + fixed_digits(*area, 3) : std::string()),
                                 .points = std::move(points),
                                 .color = color_of(legend, member(of_class, "class_code"))});
    }
    return figure;
}

LineFigure calibration_figure(const Json& schemes) {
    LineFigure figure{.text = {.id = "calibration",
                               .title = "Calibration",
                               .caption = "Of the test samples that the model gave a probability of x, the share y was "
                                          "right. Below the diagonal it is too sure of itself."},
                      .x_axis = "probability of the class chosen",
                      .y_axis = "share of it that was right",
                      .series = {},
                      .diagonal = true,
                      .unit_square = true};
    for (const auto& [name, scheme] : schemes.items()) {
        const Json& bins = member(member(scheme, "probabilities"), "reliability");
        if (!bins.is_object()) {
            continue;
        }
        const auto error = number(member(scheme.at("probabilities"), "pooled"), "ece");
        LineFigure::Series series{.name = name + (error ? ", error " + fixed_digits(*error, 3) : std::string()),
                                  .points = {}};
        for (std::size_t i = 0; i < bins.at("confidence").size(); ++i) {
            const auto x = number(bins.at("confidence")[i]);
            const auto y = number(bins.at("accuracy").at(i));
            if (x && y) {
                series.points.push_back({*x, *y});
            }
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

} // namespace

void add_probabilities(const Json& content, const std::string& name, const ClassLegend& legend,
                       std::vector<Block>& blocks) {
    const Json& probabilities = member(content.at("schemes").at(name), "probabilities");
    if (probabilities.is_object()) {
        blocks.emplace_back(Figure(roc_figure(name, probabilities, legend)));
        blocks.emplace_back(Figure(calibration_figure(content.at("schemes"))));
    } else {
        blocks.emplace_back(Missing{"ROC curves and calibration", "lcclass cv"});
    }
}

} // namespace lcclass::report
