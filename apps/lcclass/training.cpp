#include "training.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/forest_parameters.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace lcclass {

ClassLegend classes_present(const SampleTable& samples) {
    std::vector<LandCoverClass> present;
    for (const LandCoverClass& entry : samples.legend.classes()) {
        if (std::find(samples.class_code.begin(), samples.class_code.end(), entry.code) != samples.class_code.end()) {
            present.push_back(entry);
        }
    }
    return ClassLegend(std::move(present));
}

FeatureView features_of(const SampleTable& samples, const Model& model, const std::string& where) {
    FeatureView view;
    view.n_rows = samples.size();
    std::vector<std::string> missing;
    for (const std::string& name : model.feature_names) {
        const auto found = std::find(samples.feature_names.begin(), samples.feature_names.end(), name);
        if (found == samples.feature_names.end()) {
            missing.push_back(name);
        } else {
            view.columns.push_back(
                samples.features[static_cast<std::size_t>(found - samples.feature_names.begin())].data());
        }
    }
    if (!missing.empty()) {
        throw Error(ExitCode::model,
                    {.where = where,
                     .field = "features",
                     .problem = "lacks " + join(missing, ", ") + ", which the model needs",
                     .fix = "use the samples the model was trained on, or ones with the same features"});
    }
    return view;
}

Model read_model(const std::filesystem::path& path) {
    return decode_model(read_file(path), path.string());
}

std::string forest_options_json(const RandomForestOptions& options) {
    const nlohmann::ordered_json json = {{"n_estimators", options.n_estimators},
                                         {"max_depth", options.max_depth},
                                         {"max_features", options.max_features.text},
                                         {"min_samples_split", options.min_samples_split},
                                         {"min_samples_leaf", options.min_samples_leaf},
                                         {"max_samples", options.max_samples},
                                         {"bootstrap", options.bootstrap},
                                         {"class_weight", to_string(options.class_weight)},
                                         {"criterion", to_string(options.criterion)},
                                         {"max_bins", options.max_bins},
                                         {"seed", options.seed}};
    return json.dump();
}

namespace {

[[noreturn]] void refuse_record(const std::string& where, const std::string& field) {
    throw Error(ExitCode::model, {.where = where,
                                  .field = field,
                                  .problem = "does not hold the forest's options",
                                  .fix = "train the model again"});
}

} // namespace

RandomForestOptions forest_options_of(const Model& model, const std::string& where) {
    try {
        const auto json = nlohmann::json::parse(model.training_json).at("options");
        RandomForestOptions options;
        for (const std::string& name : forest_parameter_names()) {
            const auto& value = json.at(name);
            set_forest_parameter(options, name, value.is_string() ? value.get<std::string>() : value.dump());
        }
        options.seed = json.at("seed").get<std::uint64_t>();
        return options;
    } catch (const nlohmann::json::exception&) {
        refuse_record(where, "training record");
    } catch (const Error& error) {
        refuse_record(where, "training record: " + error.fault().field);
    }
}

double training_seconds(const PlanFacts& facts, const RandomForestOptions& options) {
    const auto rows = static_cast<double>(std::max<std::int64_t>(facts.samples, 2));
    // Measured: 200,000 rows, 2 features tried per split, 100 trees in about 4 s on two cores.
    const double tried = std::sqrt(std::max(facts.n_features, 1));
    return 4.0 * (rows * std::log2(rows)) / (2e5 * 17.6) * (options.n_estimators / 100.0) * (tried / 2.4);
}

std::int64_t training_memory(const PlanFacts& facts) {
    return (100LL << 20U) + facts.samples * (8LL * facts.n_features + 64) * 2;
}

} // namespace lcclass
