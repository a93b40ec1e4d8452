#include "lcclass/assess/cv_report.h"

#include "assess/accuracy_json.h"
#include "assess/cv_figures.h"
#include "assess/cv_verdict.h"
#include "assess/interval_json.h"
#include "assess/learning_report.h"
#include "assess/probability_json.h"
#include "assess/tuning_report.h"
#include "assess/variogram_json.h"

#include <nlohmann/json.hpp>

namespace lcclass {

namespace {

using assess::accuracy_json;
using assess::class_figures;
using assess::class_name;
using assess::confusion_json;
using assess::number_of_polygons;
using assess::number_or_null;
using assess::overall_figures;
using assess::Side;
using json = nlohmann::ordered_json;

std::vector<std::int32_t> codes_of(const CrossValidation& cv) {
    std::vector<std::int32_t> codes;
    for (const ClassCount& entry : cv.classes) {
        codes.push_back(entry.class_code);
    }
    return codes;
}

/// Mean or standard deviation over folds of every figure.
json spread_json(const CrossValidation& cv, const ClassLegend& legend, Side side,
                 std::optional<double> FoldSpread::*statistic) {
    json result;
    for (const auto& figure : overall_figures) {
        result[figure.key] = number_or_null(assess::spread_of_overall(cv, side, figure).*statistic);
    }
    json& per_class = result["per_class"] = json::object();
    for (std::size_t k = 0; k < cv.classes.size(); ++k) {
        json& entry = per_class[class_name(legend, cv.classes[k].class_code)];
        for (const auto& figure : class_figures) {
            entry[figure.key] = number_or_null(assess::spread_of_class(cv, side, k, figure).*statistic);
        }
    }
    return result;
}

json settings_json(const CrossValidation& cv) {
    json settings = {
        {"n_folds", cv.folds.size()},
        {"n_samples", cv.predicted.size()},
        {"n_polygons", number_of_polygons(cv, cv.n_polygons)},
        {"features", cv.feature_names},
        {"fold_seed", cv.record.seed ? json(*cv.record.seed) : json()},
        {"forest_seed", cv.options.seed},
    };
    if (cv.n_blocks > 0) {
        settings["block_size_m"] = cv.record.block_size_m > 0 ? json(cv.record.block_size_m) : json();
        if (!cv.record.block_size_from.empty()) {
            settings["block_size_from"] = cv.record.block_size_from;
        }
        settings["block_assignment"] = cv.record.block_assignment;
        settings["block_shape"] = cv.record.block_shape;
        settings["n_blocks"] = cv.n_blocks;
    }
    if (cv.buffer_m > 0) {
        settings["buffer_m"] = cv.buffer_m;
    }
    if (cv.match) {
        settings["prediction_points"] = cv.match->n_prediction_points;
        settings["w_m"] = cv.match->w_m;
        settings["leave_one_out_w_m"] = cv.match->leave_one_out_w_m;
    }
    if (cv.scheme == FoldScheme::knndm && cv.match) {
        settings["n_clusters"] = cv.match->n_clusters;
    }
    return settings;
}

json fold_json(const FoldResult& fold, const CrossValidation& cv, const ClassLegend& legend) {
    json result = {{"fold", fold.fold}};
    if (!fold.name.empty()) {
        result["name"] = fold.name;
    }
    result.update({
        {"n_train", fold.n_train},
        {"n_test", fold.n_test},
        {"n_excluded", fold.n_excluded},
        {"n_train_polygons", number_of_polygons(cv, fold.n_train_polygons)},
        {"n_test_polygons", number_of_polygons(cv, fold.n_test_polygons)},
        {"params", assess::params_json(fold.options)},
        {"train", accuracy_json(fold.train, codes_of(cv), legend)},
        {"test", accuracy_json(fold.test, codes_of(cv), legend)},
    });
    if (fold.tuning) {
        result["tuning"] = assess::scores_json(*fold.tuning);
    }
    return result;
}

json scheme_json(const CrossValidation& cv, const ClassLegend& legend) {
    json result;
    result["settings"] = settings_json(cv);
    if (cv.tuning) {
        result["tuning"] = assess::tuning_json(cv);
    }
    result["folds"] = json::array();
    for (const FoldResult& fold : cv.folds) {
        result["folds"].push_back(fold_json(fold, cv, legend));
    }
    result["mean"] = {{"train", spread_json(cv, legend, &FoldResult::train, &FoldSpread::mean)},
                      {"test", spread_json(cv, legend, &FoldResult::test, &FoldSpread::mean)}};
    result["sd"] = {{"train", spread_json(cv, legend, &FoldResult::train, &FoldSpread::sd)},
                    {"test", spread_json(cv, legend, &FoldResult::test, &FoldSpread::sd)}};
    result["pooled"] = accuracy_json(cv.pooled, codes_of(cv), legend);
    result["confusion"] = confusion_json(cv.matrix, codes_of(cv), legend);
    for (const ClassCount& entry : cv.classes) {
        result["confusion"]["n_polygons"].push_back(number_of_polygons(cv, entry.polygons));
    }
    if (!cv.learning_curve.empty()) {
        result["learning_curve"] = assess::learning_curve_json(cv);
    }
    for (std::size_t f = 0; f < cv.permutation_importance.size(); ++f) {
        const ImportanceEstimate& estimate = cv.permutation_importance[f];
        result["permutation_importance"][cv.feature_names.at(f)] = {{"mean", estimate.mean}, {"sd", estimate.sd}};
    }
    return result;
}

/// A variant beside the base run. Requires: at least one scheme.
json variant_json(const VariantReport& variant, const BootstrapOptions& options, const ClassLegend& legend) {
    const std::vector<CrossValidation>& schemes = variant.runs.schemes;
    json result = {{"name", variant.runs.name},
                   {"params", assess::params_json(schemes.front().options)},
                   {"features", schemes.front().feature_names}};
    for (std::size_t s = 0; s < schemes.size(); ++s) {
        result["schemes"][to_string(schemes[s].scheme)] = {
            {"pooled", accuracy_json(schemes[s].pooled, codes_of(schemes[s]), legend)},
            {"confusion", confusion_json(schemes[s].matrix, codes_of(schemes[s]), legend)},
            {"difference",
             assess::estimates_json(variant.differences.at(s), schemes[s], legend, "difference", options)},
        };
        if (schemes[s].tuning) {
            result["schemes"][to_string(schemes[s].scheme)]["tuning"] = assess::tuning_json(schemes[s]);
        }
    }
    return result;
}

/// Pooled figures of the random folds less those of spatial blocks, and the gaps to every other scheme.
json optimism_json(const CvReport& report) {
    json result = json::object();
    for (const SchemeGap& gap : report.gaps) {
        if (gap.other != FoldScheme::spatial_block) {
            continue;
        }
        for (std::size_t f = 0; f < n_overall_figures; ++f) {
            result[overall_figures.at(f).key] = number_or_null(gap.figures.at(f).estimate);
        }
        const IntervalEstimate& f1_weighted = gap.figures.at(assess::f1_weighted_position);
        result[assess::interval_key(report.bootstrap.confidence)] = assess::interval_or_null(f1_weighted);
    }
    result["schemes"] = assess::gaps_json(report);
    return result;
}

} // namespace

std::string to_json(const CvReport& report, const ClassLegend& legend) {
    json result;
    result["schemes"] = json::object();
    for (std::size_t s = 0; s < report.schemes.size(); ++s) {
        const CrossValidation& cv = report.schemes[s];
        json& scheme = result["schemes"][to_string(cv.scheme)] = scheme_json(cv, legend);
        if (s < report.intervals.size()) {
            scheme["intervals"] = assess::intervals_json(report, s, legend);
        }
        if (s < report.probabilities.size()) {
            scheme["probabilities"] = assess::probabilities_json(report, s, legend);
        }
    }
    if (!report.gaps.empty()) {
        result["optimism"] = optimism_json(report);
    }
    if (report.variograms) {
        result["variograms"] = assess::variograms_json(*report.variograms);
    }
    for (const VariantReport& variant : report.variants) {
        result["compare"].push_back(variant_json(variant, report.bootstrap, legend));
    }
    const assess::Verdict verdict = assess::verdict(report);
    result["verdict"] = {{"scheme", verdict.scheme ? json(to_string(*verdict.scheme)) : json()},
                         {"sentences", verdict.sentences}};
    return result.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

} // namespace lcclass
