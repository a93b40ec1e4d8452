#include "assess/learning_report.h"

#include "assess/accuracy_json.h"
#include "assess/cv_figures.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <cmath>

namespace lcclass::assess {

namespace {

FoldSpread spread_of_point(const LearningPoint& point, const OverallFigure& figure) {
    std::vector<std::optional<double>> values;
    for (const LearningPoint::Fold& fold : point.folds) {
        values.push_back(fold.test.*figure.value);
    }
    return spread_of(values);
}

double mean_over_folds(const LearningPoint& point, std::int64_t LearningPoint::Fold::*count) {
    std::int64_t sum = 0;
    for (const LearningPoint::Fold& fold : point.folds) {
        sum += fold.*count;
    }
    return static_cast<double>(sum) / static_cast<double>(point.folds.size());
}

std::string with_spread(const FoldSpread& spread) {
    return spread.sd ? three_digits(spread.mean) + " +- " + three_digits(spread.sd) : three_digits(spread.mean);
}

std::string row_of(const LearningPoint& point, const CrossValidation& cv) {
    const auto rounded = [&](auto count) { return std::llround(mean_over_folds(point, count)); };
    std::string line = to_left(to_string(cv.scheme), 18) + to_right(format_number(point.amount), 8);
    line += to_right(n_polygons_text(cv, rounded(&LearningPoint::Fold::n_polygons)), 11);
    line += to_right(with_thousands(rounded(&LearningPoint::Fold::n_samples)), 11);
    for (const std::size_t f : {std::size_t{0}, std::size_t{2}, std::size_t{3}}) {
        line += to_right(with_spread(spread_of_point(point, overall_figures.at(f))), 17);
    }
    return line + "\n";
}

} // namespace

nlohmann::ordered_json learning_curve_json(const CrossValidation& cv) {
    using json = nlohmann::ordered_json;
    json result = json::array();
    for (const LearningPoint& point : cv.learning_curve) {
        const double n_polygons = mean_over_folds(point, &LearningPoint::Fold::n_polygons);
        json entry = {{"amount", point.amount},
                      {"n_polygons", cv.groups_known ? json(n_polygons) : json()},
                      {"n_samples", mean_over_folds(point, &LearningPoint::Fold::n_samples)}};
        for (const auto& figure : overall_figures) {
            const FoldSpread spread = spread_of_point(point, figure);
            entry["mean"][figure.key] = number_or_null(spread.mean);
            entry["sd"][figure.key] = number_or_null(spread.sd);
        }
        result.push_back(std::move(entry));
    }
    return result;
}

std::string learning_table(const std::vector<CrossValidation>& schemes) {
    std::string text;
    for (const CrossValidation& cv : schemes) {
        for (const LearningPoint& point : cv.learning_curve) {
            text += row_of(point, cv);
        }
    }
    if (text.empty()) {
        return text;
    }
    return "Learning curve: polygons and samples learned from, figures per test fold, mean +- standard deviation\n" +
           to_left("", 18) + to_right("amount", 8) + to_right("polygons", 11) + to_right("samples", 11) +
           to_right("overall accuracy", 17) + to_right("weighted F1", 17) + to_right("macro F1", 17) + "\n" + text;
}

} // namespace lcclass::assess
