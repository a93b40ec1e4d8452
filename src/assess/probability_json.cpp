#include "assess/probability_json.h"

#include "assess/accuracy_json.h"
#include "assess/cv_figures.h"

#include <cmath>

namespace lcclass::assess {

using json = nlohmann::ordered_json;

namespace {

json pooled_json(const ProbabilityFigures& figures, const CrossValidation& cv, const ClassLegend& legend) {
    json result;
    for (const auto& figure : probability_keys) {
        result[figure.key] = number_or_null(figures.*figure.value);
    }
    json& per_class = result["per_class"] = json::object();
    for (std::size_t k = 0; k < figures.per_class.size(); ++k) {
        const ClassProbabilityFigures& of_class = figures.per_class[k];
        per_class[class_name(legend, cv.classes.at(k).class_code)] = {{"class_code", cv.classes[k].class_code},
                                                                      {"roc_auc", number_or_null(of_class.roc_auc)},
                                                                      {"brier", number_or_null(of_class.brier)},
                                                                      {"ece", number_or_null(of_class.ece)}};
    }
    return result;
}

json roc_json(const std::vector<RocPoint>& points) {
    json result = {
        {"false_positive_rate", json::array()}, {"true_positive_rate", json::array()}, {"threshold", json::array()}};
    for (const RocPoint& point : points) {
        result["false_positive_rate"].push_back(point.false_positive_rate);
        result["true_positive_rate"].push_back(point.true_positive_rate);
        result["threshold"].push_back(std::isfinite(point.threshold) ? json(point.threshold) : json());
    }
    return result;
}

json bins_json(const std::vector<ReliabilityBin>& bins) {
    json result = {{"count", json::array()}, {"confidence", json::array()}, {"accuracy", json::array()}};
    for (const ReliabilityBin& bin : bins) {
        result["count"].push_back(bin.count);
        result["confidence"].push_back(number_or_null(bin.confidence));
        result["accuracy"].push_back(number_or_null(bin.accuracy));
    }
    return result;
}

} // namespace

FoldSpread spread_of_probability(const SchemeProbabilities& probabilities, const ProbabilityFigure& figure) {
    std::vector<std::optional<double>> values;
    for (const ProbabilityFigures& fold : probabilities.folds) {
        values.push_back(fold.*figure.value);
    }
    return spread_of(values);
}

json probabilities_json(const CvReport& report, std::size_t scheme, const ClassLegend& legend) {
    const CrossValidation& cv = report.schemes.at(scheme);
    const SchemeProbabilities& probabilities = report.probabilities.at(scheme);
    json result;
    result["pooled"] = pooled_json(probabilities.pooled, cv, legend);
    for (const auto& figure : probability_keys) {
        const FoldSpread spread = spread_of_probability(probabilities, figure);
        result["mean"][figure.key] = number_or_null(spread.mean);
        result["sd"][figure.key] = number_or_null(spread.sd);
    }
    result["reliability"] = bins_json(probabilities.reliability);
    for (std::size_t k = 0; k < cv.classes.size(); ++k) {
        const std::string name = class_name(legend, cv.classes[k].class_code);
        result["reliability"]["per_class"][name] = bins_json(probabilities.per_class.at(k));
        result["roc"][name] = roc_json(probabilities.roc.at(k));
    }
    return result;
}

} // namespace lcclass::assess
