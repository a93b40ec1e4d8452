#include "assess/accuracy_json.h"
#include "assess/cv_figures.h"
#include "lcclass/assess/sample_accuracy.h"

#include <array>

// What `assess` says of a sample, for machines.

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

Json figure_json(const DesignFigure& figure, double unit = 1) {
    const auto scaled = [unit](const std::optional<double>& value) { return value ? Json(*value * unit) : Json(); };
    Json json = {{"estimate", scaled(figure.value)}, {"se", scaled(figure.se)}, {"ci95", nullptr}};
    if (const auto interval = figure.interval95()) {
        json["ci95"] = {(*interval)[0] * unit, (*interval)[1] * unit};
    }
    return json;
}

Json design_json(const SampleAccuracy& accuracy) {
    Json json = {{"kind", to_string(accuracy.design)},
                 {"strata", accuracy.strata_source},
                 {"units", accuracy.units},
                 {"clusters", accuracy.clusters},
                 {"pixels", accuracy.matrix.total()},
                 {"units_outside", accuracy.outside},
                 {"units_unlabelled", accuracy.unlabelled},
                 {"units_dropped", accuracy.dropped},
                 {"frame_pixels", accuracy.frame_pixels}};
    json["pixel_hectares"] = assess::number_or_null(accuracy.pixel_hectares);
    json["training_samples_checked"] = accuracy.checked_against.empty() ? Json() : Json(accuracy.checked_against);
    return json;
}

Json strata_json(const SampleAccuracy& accuracy) {
    Json json = Json::array();
    for (std::size_t h = 0; h < accuracy.strata.size(); ++h) {
        json.push_back({{"name", accuracy.strata[h].name},
                        {"size", assess::number_or_null(accuracy.strata[h].size)},
                        {"clusters", accuracy.estimates.clusters[h]}});
    }
    return json;
}

Json area_json(const SampleAccuracy& accuracy, std::size_t k) {
    const DesignFigure& share = accuracy.estimates.classes[k].area;
    std::int64_t mapped = 0;
    for (const std::int64_t pixels : accuracy.mapped) {
        mapped += pixels;
    }
    Json json = {{"share", figure_json(share)}, {"hectares", nullptr}};
    if (accuracy.pixel_hectares) {
        json["hectares"] = figure_json(share, accuracy.frame_pixels * *accuracy.pixel_hectares);
    }
    json["mapped_share"] =
        mapped == 0 ? Json() : Json(static_cast<double>(accuracy.mapped[k]) / static_cast<double>(mapped));
    json["mapped_pixels"] = accuracy.mapped[k];
    return json;
}

} // namespace

std::string to_json(const SampleAccuracy& accuracy) {
    std::vector<std::int32_t> codes;
    Json per_class = Json::object();
    for (std::size_t k = 0; k < accuracy.estimates.classes.size(); ++k) {
        const LandCoverClass& entry = accuracy.legend.at(static_cast<int>(k));
        const DesignClassFigures& figures = accuracy.estimates.classes[k];
        codes.push_back(entry.code);
        per_class[entry.name] = {{"class_code", entry.code},
                                 {"units", accuracy.class_units[k]},
                                 {"users_accuracy", figure_json(figures.users_accuracy)},
                                 {"producers_accuracy", figure_json(figures.producers_accuracy)},
                                 {"f1", figure_json(figures.f1)},
                                 {"area", area_json(accuracy, k)}};
    }
    const Json json = {{"mode", "sample"},
                       {"design", design_json(accuracy)},
                       {"strata", strata_json(accuracy)},
                       {"overall_accuracy", figure_json(accuracy.estimates.overall_accuracy)},
                       {"per_class", per_class},
                       {"confusion", assess::confusion_json(accuracy.matrix, codes, accuracy.legend)},
                       {"proportions", accuracy.estimates.proportions}};
    return json.dump(2) + "\n";
}

} // namespace lcclass
