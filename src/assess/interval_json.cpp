#include "assess/interval_json.h"

#include "assess/accuracy_json.h"
#include "assess/cv_figures.h"
#include "lcclass/core/text.h"

#include <cmath>

namespace lcclass::assess {

using json = nlohmann::ordered_json;

namespace {

json estimate_json(const IntervalEstimate& value, const char* name, const BootstrapOptions& options) {
    return {{name, number_or_null(value.estimate)},
            {"se", number_or_null(value.se)},
            {interval_key(options.confidence), interval_or_null(value)},
            {"undefined", value.n_undefined}};
}

} // namespace

std::string interval_key(double confidence) {
    return "ci" + format_number(std::round(confidence * 1e6) / 1e4);
}

json interval_or_null(const IntervalEstimate& value) {
    return value.low ? json({*value.low, *value.high}) : json();
}

json number_of_polygons(const CrossValidation& cv, std::int64_t n) {
    return cv.groups_known ? json(n) : json();
}

json estimates_json(const std::vector<IntervalEstimate>& figures, const CrossValidation& cv, const ClassLegend& legend,
                    const char* name, const BootstrapOptions& options) {
    json result;
    for (std::size_t f = 0; f < n_overall_figures; ++f) {
        result[overall_figures.at(f).key] = estimate_json(figures.at(f), name, options);
    }
    json& per_class = result["per_class"] = json::object();
    for (std::size_t k = 0; k < cv.classes.size(); ++k) {
        json& entry = per_class[class_name(legend, cv.classes[k].class_code)];
        entry = {{"class_code", cv.classes[k].class_code},
                 {"n_polygons", number_of_polygons(cv, cv.classes[k].polygons)},
                 {"n_samples", cv.classes[k].pixels}};
        for (std::size_t j = 0; j < class_figures.size(); ++j) {
            entry[class_figures.at(j).key] =
                estimate_json(figures.at(n_overall_figures + class_figures.size() * k + j), name, options);
        }
    }
    return result;
}

json intervals_json(const CvReport& report, std::size_t scheme, const ClassLegend& legend) {
    const CrossValidation& cv = report.schemes.at(scheme);
    json result = {{"method", "BCa cluster bootstrap"},
                   {"replicates", report.bootstrap.replicates},
                   {"confidence", report.bootstrap.confidence},
                   {"resampled", group_word(cv)},
                   {"n_resampled", cv.n_polygons}};
    result.update(estimates_json(report.intervals.at(scheme), cv, legend, "estimate", report.bootstrap));
    return result;
}

json gaps_json(const CvReport& report) {
    json result = json::object();
    for (const SchemeGap& gap : report.gaps) {
        json& entry = result[to_string(gap.other)] = json::object();
        for (std::size_t f = 0; f < n_overall_figures; ++f) {
            entry[overall_figures.at(f).key] = estimate_json(gap.figures.at(f), "gap", report.bootstrap);
        }
    }
    return result;
}

} // namespace lcclass::assess
