#include "assess/variogram_json.h"

#include "assess/accuracy_json.h"

namespace lcclass::assess {

namespace {

using json = nlohmann::ordered_json;

json variogram_json(const Variogram& variogram) {
    json result = {
        {"finding", to_string(variogram.finding)},
        {"model", variogram.model.empty() ? json() : json(variogram.model)},
        {"nugget", number_or_null(variogram.nugget)},
        {"sill", number_or_null(variogram.sill)},
        {"range_m", number_or_null(variogram.range_m)},
        {"explained", number_or_null(variogram.explained)},
        {"within_polygons", number_or_null(variogram.within_groups)},
    };
    json& lags = result["lags"] = json::array();
    for (const VariogramLag& lag : variogram.lags) {
        lags.push_back({{"distance_m", lag.distance_m}, {"semivariance", lag.semivariance}, {"pairs", lag.pairs}});
    }
    return result;
}

} // namespace

json variograms_json(const VariogramSet& variograms) {
    json result = {{"cutoff_m", variograms.cutoff_m},
                   {"n_polygons", variograms.groups_known ? json(variograms.n_groups) : json()},
                   {"median_range_m", number_or_null(median_range(variograms))}};
    json& features = result["features"] = json::object();
    for (const Variogram& variogram : variograms.features) {
        features[variogram.name] = variogram_json(variogram);
    }
    if (variograms.mean) {
        result["mean_of_features"] = variogram_json(*variograms.mean);
    }
    if (variograms.error) {
        result["error"] = {{"scheme", variograms.error_scheme}};
        result["error"].update(variogram_json(*variograms.error));
    }
    return result;
}

} // namespace lcclass::assess
