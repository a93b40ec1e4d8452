#include "explain_importance.h"

#include "bag_check.h"
#include "fold_run.h"
#include "importance_table.h"
#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"
#include "training.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

/// As the training record has it; empty when it has none.
std::vector<double> impurity_importance(const Model& model) {
    const auto record = Json::parse(model.training_json, nullptr, false);
    std::vector<double> values;
    if (record.contains("impurity_importance")) {
        for (const std::string& feature : model.feature_names) {
            values.push_back(record["impurity_importance"].value(feature, 0.0));
        }
    }
    return values;
}

/// The samples with the model's features alone, in its order.
SampleTable samples_of_model(const ExplainedSamples& explained) {
    const SampleTable& samples = explained.samples;
    SampleTable table{.feature_names = explained.model.feature_names,
                      .features = {},
                      .class_code = samples.class_code,
                      .polygon_id = samples.polygon_id,
                      .group = samples.group,
                      .group_names = samples.group_names,
                      .x = samples.x,
                      .y = samples.y,
                      .crs_wkt = samples.crs_wkt,
                      .legend = samples.legend,
                      .recipe_json = samples.recipe_json};
    for (const float* column : explained.features.columns) {
        table.features.emplace_back(column, column + explained.features.n_rows);
    }
    return table;
}

std::vector<FeatureGroup> all_groups(const std::string& of_user, const std::vector<std::string>& features) {
    std::vector<FeatureGroup> groups =
        of_user.empty() ? std::vector<FeatureGroup>() : groups_by_user(of_user, features);
    for (FeatureGroup& group : groups_by_name(features)) {
        if (std::none_of(groups.begin(), groups.end(), [&](const auto& other) { return other.name == group.name; })) {
            groups.push_back(std::move(group));
        }
    }
    return groups;
}

/// The lists of what is shuffled, and where their results go.
struct ShuffleLists {
    std::vector<std::vector<ShuffleTarget>> targets;
    std::vector<std::vector<FoldEstimate>*> results;

    void add(std::vector<ShuffleTarget> list, std::vector<FoldEstimate>& result) {
        targets.push_back(std::move(list));
        results.push_back(&result);
    }
};

ShuffleLists lists_of(const ImportancePlan& plan, const FeatureView& features, std::uint64_t seed,
                      ImportanceResults& results) {
    ShuffleLists lists;
    std::vector<ShuffleTarget> singles = single_features(features.n_features());
    if (plan.wants(ImportanceKind::permutation)) {
        lists.add(singles, results.permutation);
    }
    if (plan.wants(ImportanceKind::conditional)) {
        results.conditions = correlated_features(features, plan.correlation, seed);
        for (std::size_t f = 0; f < singles.size(); ++f) {
            singles[f].conditions = results.conditions[f];
        }
        lists.add(singles, results.conditional);
    }
    if (!results.groups.empty()) {
        std::vector<ShuffleTarget> targets;
        for (const FeatureGroup& group : results.groups) {
            targets.push_back({.features = group.features});
        }
        lists.add(std::move(targets), results.grouped);
    }
    return lists;
}

Json settings_json(const ImportancePlan& plan, const FoldAssignment& folds, const ExplainedSamples& explained) {
    Json json = record_of_folds(plan.folds, folds);
    json["repeats"] = plan.repeats;
    if (plan.wants(ImportanceKind::conditional)) {
        json["condition_correlation"] = plan.correlation;
    }
    json["model_sha256"] = sha256_of_file(explained.model_path);
    return json;
}

/// Shuffled where it was not trained: in the test parts of folds refitted with the model's options.
Json add_fold_importance(const ExplainedSamples& explained, ImportancePlan& plan, ImportanceResults& results,
                         Context& context) {
    const SampleTable samples = samples_of_model(explained);
    if (plan.wants(ImportanceKind::grouped)) {
        results.groups = all_groups(plan.groups, samples.feature_names);
        if (results.groups.empty()) {
            context.inform("no two features belong together by their names: --groups makes groups of them");
        }
    }
    const ShuffleLists lists = lists_of(plan, view_of(samples), explained.seed, results);
    if (lists.targets.empty()) {
        return {};
    }
    const FoldAssignment folds =
        make_single_folds({.plan = plan.folds,
                           .scheme_given = plan.scheme_given,
                           .if_random = "permutation importance is measured on random folds and may flatter"},
                          samples, explained.samples_path, context);
    const auto estimates = fold_importance(
        samples, folds, lists.targets,
        {.forest = forest_options_of(explained.model, explained.model_path.string()), .repeats = plan.repeats},
        context.progress);
    for (std::size_t list = 0; list < estimates.size(); ++list) {
        *lists.results[list] = estimates[list];
    }
    results.folds = std::to_string(folds.n_folds) + " " + to_string(folds.scheme) + " folds";
    return settings_json(plan, folds, explained);
}

Json number_json(std::optional<double> value) {
    return value && !std::isnan(*value) ? Json(*value) : Json();
}

Json estimate_json(const FoldEstimate& estimate) {
    return {{"mean", number_json(estimate.mean)},
            {"sd", number_json(estimate.sd)},
            {"ci95", estimate.low ? Json({*estimate.low, *estimate.high}) : Json()}};
}

Json names_json(const std::vector<int>& features, const std::vector<std::string>& names) {
    Json json = Json::array();
    for (const int feature : features) {
        json.push_back(names[static_cast<std::size_t>(feature)]);
    }
    return json;
}

/// One matrix of features by dates; null where there is no such feature.
Json matrix_json(const DateTable& table, const std::vector<double>& values) {
    Json json = Json::array();
    for (const std::vector<int>& row : table.cells) {
        Json& cells = json.emplace_back(Json::array());
        for (const int feature : row) {
            cells.push_back(feature < 0 ? Json() : number_json(values[static_cast<std::size_t>(feature)]));
        }
    }
    return json;
}

Json dates_json(const ImportanceResults& results, const DateTable& table) {
    Json json = {{"features", table.features}, {"dates", table.dates}};
    const auto add_means = [&](const char* name, const auto& estimates) {
        std::vector<double> means;
        for (const auto& estimate : estimates) {
            means.push_back(std::optional<double>(estimate.mean).value_or(std::nan("")));
        }
        if (!means.empty()) {
            json[name] = matrix_json(table, means);
        }
    };
    add_means("permutation", results.permutation);
    add_means("conditional", results.conditional);
    add_means("out_of_bag", results.out_of_bag);
    if (!results.impurity.empty()) {
        json["impurity"] = matrix_json(table, results.impurity);
    }
    return json;
}

void add_features_json(const ImportanceResults& results, Json& json) {
    for (std::size_t f = 0; f < results.features.size(); ++f) {
        const std::string& name = results.features[f];
        if (!results.permutation.empty()) {
            json["permutation"][name] = estimate_json(results.permutation[f]);
        }
        if (!results.conditional.empty()) {
            json["conditional"][name] = estimate_json(results.conditional[f]);
            json["conditional"][name]["given"] = names_json(results.conditions[f], results.features);
        }
        if (!results.out_of_bag.empty()) {
            json["out_of_bag"][name] = {{"mean", number_json(results.out_of_bag[f].mean)},
                                        {"sd", number_json(results.out_of_bag[f].sd)}};
        }
        if (!results.impurity.empty()) {
            json["impurity"][name] = results.impurity[f];
        }
    }
}

void add_groups_json(const ImportanceResults& results, Json& json) {
    for (std::size_t g = 0; g < results.grouped.size(); ++g) {
        const FeatureGroup& group = results.groups[g];
        Json entry = {
            {"name", group.name}, {"kind", group.kind}, {"features", names_json(group.features, results.features)}};
        entry.update(estimate_json(results.grouped[g]));
        json["grouped"].push_back(std::move(entry));
    }
}

} // namespace

Json explain_importance(const ExplainedSamples& explained, ImportancePlan plan, Context& context) {
    ImportanceResults results{.features = explained.model.feature_names};
    Json json = Json::object();
    if (plan.wants(ImportanceKind::impurity)) {
        results.impurity = impurity_importance(explained.model);
    }
    if (plan.wants(ImportanceKind::out_of_bag)) {
        CheckedBags bags = out_of_bag_of(explained, context.progress);
        results.out_of_bag = std::move(bags.importance);
        results.out_of_bag_left_out = bags.left_out;
        if (!bags.left_out.empty()) {
            context.inform("out-of-bag importance of " + explained.model_path.string() +
                           " is left out: " + bags.left_out);
            json["out_of_bag_left_out"] = bags.left_out;
        }
    }
    if (plan.wants_folds()) {
        if (Json settings = add_fold_importance(explained, plan, results, context); !settings.is_null()) {
            json["settings"] = std::move(settings);
        }
    }
    add_features_json(results, json);
    add_groups_json(results, json);
    if (const DateTable table = features_by_date(results.features); !table.dates.empty()) {
        json["by_date"] = dates_json(results, table);
    }
    std::vector<std::string> lines = importance_lines(results);
    add_blank(lines); // before what comes next
    for (const std::string& line : lines) {
        context.print(line);
    }
    return json;
}

} // namespace lcclass
