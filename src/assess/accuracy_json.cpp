#include "assess/accuracy_json.h"

#include "assess/cv_figures.h"

namespace lcclass::assess {

using json = nlohmann::ordered_json;

json number_or_null(const std::optional<double>& value) {
    return value ? json(*value) : json();
}

json accuracy_json(const AccuracyReport& report, const std::vector<std::int32_t>& class_codes,
                   const ClassLegend& legend) {
    json result;
    for (const auto& figure : overall_figures) {
        result[figure.key] = number_or_null(report.*figure.value);
    }
    json& per_class = result["per_class"] = json::object();
    for (std::size_t k = 0; k < report.per_class.size(); ++k) {
        const std::int32_t code = class_codes.at(k);
        json& entry = per_class[class_name(legend, code)];
        entry["class_code"] = code;
        for (const auto& figure : class_figures) {
            entry[figure.key] = number_or_null(report.per_class[k].*figure.value);
        }
        entry["support"] = report.per_class[k].support;
    }
    return result;
}

json confusion_json(const ConfusionMatrix& matrix, const std::vector<std::int32_t>& class_codes,
                    const ClassLegend& legend) {
    json result = {{"classes", json::array()}, {"names", json::array()}, {"matrix", json::array()}};
    for (int i = 0; i < matrix.n_classes(); ++i) {
        const std::int32_t code = class_codes.at(static_cast<std::size_t>(i));
        result["classes"].push_back(code);
        result["names"].push_back(class_name(legend, code));
        json row = json::array();
        for (int j = 0; j < matrix.n_classes(); ++j) {
            row.push_back(matrix.at(i, j));
        }
        result["matrix"].push_back(std::move(row));
    }
    return result;
}

} // namespace lcclass::assess
