#include "shap_report.h"

#include "lcclass/forest/shap_interactions.h"
#include "lcclass/forest/shap_summary.h"
#include "training.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <numeric>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_bins = 20;
constexpr std::size_t most_points = 200;
constexpr std::size_t most_point_numbers = 100'000;

std::string code_of(const Model& model, std::size_t k) {
    return std::to_string(model.legend.at(static_cast<int>(k)).code);
}

/// Six digits are more than a drawing shows.
double rounded(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific, 5);
    double result = 0;
    std::from_chars(text.data(), end.ptr, result);
    return result;
}

/// `wanted` of n numbers from 0, evenly; all when there are not more.
std::vector<std::size_t> evenly(std::size_t n, std::size_t wanted) {
    std::vector<std::size_t> chosen(std::min(n, wanted));
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        chosen[i] = i * n / chosen.size();
    }
    return chosen;
}

Json spread_json(const ShapSpread& spread) {
    return {{"mean", spread.mean},
            {"quantiles", spread.quantiles},
            {"spearman", spread.rank_correlation ? Json(*spread.rank_correlation) : Json(nullptr)}};
}

/// How SHAP values go with the values of a feature.
Json dependence_json(const ShapTable& table, const Model& model, std::size_t feature,
                     const std::vector<std::size_t>& classes) {
    const auto values = table.values_of(feature);
    const ValueBins bins = bin_values(values, most_bins);
    Json json = {{"unit", table.units[feature]},
                 {"range", {bins.low.front(), bins.high.back()}},
                 {"low", bins.low},
                 {"high", bins.high},
                 {"count", bins.count},
                 {"mean_value", bins.means(std::vector<double>(values.begin(), values.end()))}};
    for (const std::size_t k : classes) {
        json["mean_shap"][code_of(model, k)] = bins.means(table.column(k, feature));
    }
    return json;
}

/// Samples enough to draw: a point per sample and feature.
Json points_json(const ShapTable& table, const Model& model, const std::vector<std::size_t>& classes) {
    const std::size_t per_row = (classes.size() + 1) * table.n_features;
    const std::vector<std::size_t> chosen =
        evenly(table.n_rows(), std::clamp(most_point_numbers / per_row, std::size_t{1}, most_points));
    Json json = {{"rows", Json::array()}, {"class_code", Json::array()}, {"values", Json::object()}};
    for (const std::size_t row : chosen) {
        json["rows"].push_back(table.rows[row] + 1);
        json["class_code"].push_back(table.samples.class_code[row]);
    }
    for (std::size_t f = 0; f < table.n_features; ++f) {
        const std::string& name = model.feature_names[f];
        for (const std::size_t row : chosen) {
            json["values"][name].push_back(rounded(static_cast<double>(table.values_of(f)[row])));
        }
        for (const std::size_t k : classes) {
            for (const std::size_t row : chosen) {
                json["shap"][code_of(model, k)][name].push_back(rounded(table.of(row, k)[f]));
            }
        }
    }
    return json;
}

/// Strength per pair, the mean over `classes`.
std::vector<double> mean_over_classes(const std::vector<double>& strength, std::size_t n_pairs,
                                      const std::vector<std::size_t>& classes) {
    std::vector<double> mean(n_pairs, 0.0);
    for (const std::size_t k : classes) {
        for (std::size_t pair = 0; pair < n_pairs; ++pair) {
            mean[pair] += strength[k * n_pairs + pair] / static_cast<double>(classes.size());
        }
    }
    return mean;
}

} // namespace

Json shap_report(const ShapTable& table, const Model& model, const std::vector<std::size_t>& classes) {
    Json json = {{"rows", table.n_rows()}, {"base", Json::object()}, {"mean_abs", Json::object()}};
    json["summary"]["quantile_shares"] = shap_quantile_shares;
    for (const std::size_t k : classes) {
        const std::string code = code_of(model, k);
        json["base"][code] = table.base[k];
        for (std::size_t f = 0; f < table.n_features; ++f) {
            const ShapSpread spread = summarize_shap(table.values_of(f), table.column(k, f));
            json["mean_abs"][code][model.feature_names[f]] = spread.mean_abs;
            json["summary"]["per_class"][code][model.feature_names[f]] = spread_json(spread);
        }
    }
    for (std::size_t f = 0; f < table.n_features; ++f) {
        json["dependence"][model.feature_names[f]] = dependence_json(table, model, f, classes);
    }
    json["points"] = points_json(table, model, classes);
    return json;
}

Json interaction_report(const ShapTable& table, const Model& model, const std::vector<std::size_t>& classes,
                        std::size_t most_pairs, std::size_t most_rows, Progress& progress) {
    const std::vector<std::size_t> chosen = evenly(table.n_rows(), most_rows == 0 ? table.n_rows() : most_rows);
    const SampleTable samples = select_rows(table.samples, std::vector<std::int64_t>(chosen.begin(), chosen.end()));
    const FeatureView features = features_of(samples, model, "samples");
    const ShapInteractions interactions(model.forest);
    const std::vector<double> strength = interactions.mean_strength(features, progress);
    const std::size_t n_pairs = interactions.pairs().size();
    const std::vector<double> overall = mean_over_classes(strength, n_pairs, classes);
    std::vector<std::size_t> order(n_pairs);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return overall[a] > overall[b]; });
    Json json = {{"rows", chosen.size()}, {"pairs", Json::array()}};
    for (std::size_t i = 0; i < std::min(most_pairs, n_pairs); ++i) {
        const FeaturePair& pair = interactions.pairs()[order[i]];
        Json entry = {{"features", {model.feature_names[pair.first], model.feature_names[pair.second]}},
                      {"strength", overall[order[i]]}};
        for (const std::size_t k : classes) {
            entry["per_class"][code_of(model, k)] = strength[k * n_pairs + order[i]];
        }
        json["pairs"].push_back(entry);
    }
    return json;
}

std::int64_t interaction_memory(const Model& model, std::int64_t n_rows, std::int64_t most_rows) {
    const std::int64_t chosen = most_rows == 0 ? n_rows : std::min(n_rows, most_rows);
    const std::int64_t n_features = model.forest.n_features();
    const std::int64_t n_pairs = n_features * (n_features - 1) / 2;
    constexpr auto per_pair = static_cast<std::int64_t>(sizeof(double) + sizeof(std::size_t)); // strength and order
    constexpr auto per_value = static_cast<std::int64_t>(sizeof(float));
    return ShapInteractions::memory_of_strength(model.forest, chosen) + n_pairs * per_pair +
           chosen * n_features * per_value;
}

} // namespace lcclass
