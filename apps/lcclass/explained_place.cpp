#include "explained_place.h"

#include "class_choice.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/report/document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::size_t most_steps = 20; ///< features that are told one by one
constexpr std::size_t bar_width = 36;
constexpr int digits = 4; ///< of probabilities

/// Five digits, as a reader takes in.
std::string value_text(float value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 5);
    return {text.data(), end.ptr};
}

/// A feature of the pixel, or all that are left together.
struct Step {
    std::string name;
    std::string value; ///< with its unit
    double change = 0;
};

/// The contributions to the explained class, the strongest first, equal ones in the model's order.
std::vector<Step> steps_of(const ExplainedPlace& place) {
    const std::size_t n = place.units.size();
    const auto contributions = std::span(place.values).subspan(place.explained * n, n);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t f) { return std::abs(contributions[f]); });
    std::vector<Step> steps;
    double rest = 0;
    for (const std::size_t f : order) {
        if (steps.size() == most_steps) {
            rest += contributions[f];
            continue;
        }
        const std::string unit = place.units[f].empty() ? "" : " " + place.units[f];
        steps.push_back({.name = place.model.feature_names[f],
                         .value = value_text(place.pixel.values[f]) + unit,
                         .change = contributions[f]});
    }
    if (n > most_steps) {
        steps.push_back({.name = std::to_string(n - most_steps) + " other features", .value = {}, .change = rest});
    }
    return steps;
}

std::vector<std::size_t> by_probability(const std::vector<double>& probabilities) {
    std::vector<std::size_t> order(probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t k) { return probabilities[k]; });
    return order;
}

bool is_calibrated(const Model& model) {
    return model.calibration.method != CalibrationMethod::none;
}

/// Bars over one scale, as characters.
class BarScale {
public:
    BarScale(double low, double high) : m_low(low), m_span(high > low ? high - low : 1) {}

    [[nodiscard]] std::string bar(double from, double to, char mark) const {
        const std::size_t a = place_of(std::min(from, to));
        const std::size_t b = std::max(place_of(std::max(from, to)), a + 1);
        return std::string(a, ' ') + std::string(b - a, mark);
    }

private:
    [[nodiscard]] std::size_t place_of(double value) const {
        return static_cast<std::size_t>(std::lround((value - m_low) / m_span * static_cast<double>(bar_width)));
    }

    double m_low;
    double m_span;
};

void add_probabilities(const ExplainedPlace& place, std::vector<std::string>& lines) {
    const bool calibrated = is_calibrated(place.model);
    const BarScale scale(0, 1);
    lines.push_back("code  class                    " + std::string(calibrated ? "   votes" : "") + "  probability");
    for (const std::size_t k : by_probability(place.prediction.probabilities)) {
        const LandCoverClass& entry = place.model.legend.at(static_cast<int>(k));
        const double probability = place.prediction.probabilities[k];
        lines.push_back(to_right(std::to_string(entry.code), 4) + "  " + name_cell(entry.name, 25) +
                        (calibrated ? to_right(fixed_digits(place.prediction.votes[k], digits), 8) : "") +
                        to_right(fixed_digits(probability, digits), 13) +
                        (probability > 0 ? "  " + scale.bar(0, probability, '=') : ""));
    }
}

void add_waterfall(const ExplainedPlace& place, std::vector<std::string>& lines) {
    const std::vector<Step> steps = steps_of(place);
    const double base = place.base[place.explained];
    double low = 0;
    double high = base;
    double level = base;
    for (const Step& step : steps) {
        level += step.change;
        low = std::min(low, level);
        high = std::max(high, level);
    }
    const BarScale scale(low, high);
    const auto line = [&](const std::string& name, const std::string& value, const std::string& number, double from,
                          double to, char mark) {
        lines.push_back(name_cell(name, 24) + " " + name_cell(value, 21) + to_right(number, 9) + "  " +
                        scale.bar(from, to, mark));
    };
    line(place.base_label, "", fixed_digits(base, digits), 0, base, '=');
    level = base;
    for (const Step& step : steps) {
        line(step.name, step.value, signed_digits(step.change, digits), level, level + step.change,
             step.change < 0 ? '-' : '+');
        level += step.change;
    }
    line("this pixel", "", fixed_digits(level, digits), 0, level, '=');
}

std::string question(const ExplainedPlace& place) {
    const bool is_predicted = place.explained_class() == place.predicted_class();
    return (is_predicted ? "Why " : "What speaks for and against ") + class_label(place.explained_class());
}

std::string position_text(const ExplainedPlace& place) {
    return fixed_digits(place.pixel.place.x, place.place_digits) + ", " +
           fixed_digits(place.pixel.place.y, place.place_digits) + " (" + place.crs + ")";
}

std::string pixel_text(const ExplainedPlace& place) {
    return "column " + std::to_string(place.pixel.column) + ", row " + std::to_string(place.pixel.row) + " of " +
           place.source_name;
}

report::BarFigure class_bars(const ExplainedPlace& place) {
    report::BarFigure classes{
        .text = {.id = "probabilities",
                 .title = "Probabilities of all classes",
                 .caption = "The most probable class is the one on the map" +
                            std::string(is_calibrated(place.model) ? "; probabilities are calibrated." : ".")},
        .axis = "probability",
        .label_name = "class",
        .labels = {},
        .series = {{.name = {}, .values = {}, .colors = {}}},
        .axis_end = 1.0,
        .digits = digits};
    for (const std::size_t k : by_probability(place.prediction.probabilities)) {
        const LandCoverClass& entry = place.model.legend.at(static_cast<int>(k));
        classes.labels.push_back(class_label(entry));
        classes.series[0].values.push_back({.value = place.prediction.probabilities[k]});
        classes.series[0].colors.push_back(entry.color);
    }
    return classes;
}

} // namespace

std::vector<std::string> place_lines(const ExplainedPlace& place) {
    std::vector<std::string> lines = {"place: " + position_text(place), "pixel: " + pixel_text(place),
                                      "class: " + class_label(place.predicted_class()), ""};
    add_probabilities(place, lines);
    lines.emplace_back();
    lines.push_back(question(place) + ": contributions to its " +
                    (is_calibrated(place.model) ? "share of votes, before calibration" : "probability"));
    add_waterfall(place, lines);
    return lines;
}

nlohmann::ordered_json place_json(const ExplainedPlace& place) {
    using Json = nlohmann::ordered_json;
    const Model& model = place.model;
    const std::size_t n = place.units.size();
    Json json = {{"place",
                  {{"x", place.pixel.place.x},
                   {"y", place.pixel.place.y},
                   {"crs", place.crs},
                   {"column", place.pixel.column},
                   {"row", place.pixel.row}}},
                 {"predicted", place.predicted_class().code},
                 {"explained", place.explained_class().code},
                 {"classes", Json::array()},
                 {"features", Json::array()}};
    for (std::size_t k = 0; k < place.base.size(); ++k) {
        const LandCoverClass& entry = model.legend.at(static_cast<int>(k));
        json["classes"].push_back({{"code", entry.code},
                                   {"name", entry.name},
                                   {"probability", place.prediction.probabilities[k]},
                                   {"votes", place.prediction.votes[k]},
                                   {"base", place.base[k]}});
    }
    for (std::size_t f = 0; f < n; ++f) {
        Json entry = {{"name", model.feature_names[f]},
                      {"value", static_cast<double>(place.pixel.values[f])},
                      {"unit", place.units[f]}};
        for (std::size_t k = 0; k < place.base.size(); ++k) {
            entry["shap"][std::to_string(model.legend.at(static_cast<int>(k)).code)] = place.values[k * n + f];
        }
        json["features"].push_back(entry);
    }
    return json;
}

std::string place_page(const ExplainedPlace& place) {
    const std::string measure = is_calibrated(place.model) ? "share of votes" : "probability";
    const std::string name = class_label(place.explained_class());
    report::Document document{.title = question(place) + " at " + position_text(place),
                              .summary = "Each bar is what a feature of this pixel moves the " + measure + " of " +
                                         name + " by, on the way from the " + place.base_label +
                                         " to this pixel: exact SHAP values, " + place.kind + ".",
                              .sections = {{.id = "place", .title = {}, .blocks = {}}}};
    report::WaterfallFigure waterfall{
        .text = {.id = "explanation",
                 .title = question(place),
                 .caption = "From the " + place.base_label + " to this pixel, the strongest features first."},
        .axis = measure + " of " + name,
        .start_label = place.base_label,
        .start = place.base[place.explained],
        .steps = {},
        .end_label = "this pixel",
        .digits = digits};
    for (const Step& step : steps_of(place)) {
        waterfall.steps.emplace_back(step.value.empty() ? step.name : step.name + " = " + step.value, step.change);
    }
    document.sections[0].blocks = {report::Facts{.items = {{"class", class_label(place.predicted_class())},
                                                           {"place", position_text(place)},
                                                           {"pixel", pixel_text(place)},
                                                           {"model", place.model_name}}},
                                   report::Figure(waterfall), report::Figure(class_bars(place))};
    return report::to_html(document);
}

} // namespace lcclass
