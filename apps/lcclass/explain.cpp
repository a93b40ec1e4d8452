#include "command_line.h"
#include "commands.h"

#include "forest_options.h"
#include "lcclass/assess/cross_validation.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/features/feature_recipe.h"
#include "lcclass/forest/tree_shap.h"
#include "lcclass/sampling/folds.h"
#include "stage_files.h"
#include "training.h"

#include <nlohmann/json.hpp>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

/// SHAP values of some samples: `values[(row * n_classes + k) * n_features + j]`.
struct ShapTable {
    std::vector<std::int64_t> rows; ///< of the sample table
    std::vector<double> base;
    std::vector<double> values;
    std::size_t n_classes = 0;
    std::size_t n_features = 0;

    [[nodiscard]] std::span<const double> of(std::size_t row, std::size_t k) const {
        return std::span(values).subspan((row * n_classes + k) * n_features, n_features);
    }
};

/// `wanted` rows drawn without replacement, in the order of the table; 0 wants all.
std::vector<std::int64_t> draw_rows(std::int64_t n, std::int64_t wanted, std::uint64_t seed) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    if (wanted > 0 && wanted < n) {
        Rng(seed, 0x5AA9).shuffle(std::span<std::int64_t>(rows));
        rows.resize(static_cast<std::size_t>(wanted));
        std::sort(rows.begin(), rows.end());
    }
    return rows;
}

ShapTable explain_rows(const Model& model, const FeatureView& all, std::vector<std::int64_t> rows, Progress& progress) {
    const TreeShap shap(model.forest);
    ShapTable table{.rows = std::move(rows),
                    .base = shap.base(),
                    .values = {},
                    .n_classes = static_cast<std::size_t>(model.forest.n_classes()),
                    .n_features = static_cast<std::size_t>(model.forest.n_features())};
    const std::size_t per_row = table.n_classes * table.n_features;
    table.values.resize(table.rows.size() * per_row);
    constexpr std::size_t chunk = 8;
    const std::size_t n_chunks = (table.rows.size() + chunk - 1) / chunk;
    progress.begin("explain", static_cast<std::int64_t>(table.rows.size()));
    tbb::parallel_for(std::size_t{0}, n_chunks, [&](std::size_t c) {
        throw_if_stopped();
        const std::size_t first = c * chunk;
        const std::size_t n = std::min(chunk, table.rows.size() - first);
        std::vector<float> gathered(n * table.n_features);
        FeatureView view;
        view.n_rows = static_cast<std::int64_t>(n);
        for (std::size_t f = 0; f < table.n_features; ++f) {
            for (std::size_t i = 0; i < n; ++i) {
                gathered[f * n + i] = all.columns[f][table.rows[first + i]];
            }
            view.columns.push_back(gathered.data() + f * n);
        }
        shap.explain(view, std::span(table.values).subspan(first * per_row, n * per_row));
        progress.advance(static_cast<std::int64_t>(n));
    });
    progress.end();
    return table;
}

Json shap_json(const ShapTable& table, const Model& model) {
    Json json;
    json["rows"] = table.rows.size();
    for (std::size_t k = 0; k < table.n_classes; ++k) {
        const std::string code = std::to_string(model.legend.at(static_cast<int>(k)).code);
        json["base"][code] = table.base[k];
        for (std::size_t f = 0; f < table.n_features; ++f) {
            double sum = 0;
            for (std::size_t row = 0; row < table.rows.size(); ++row) {
                sum += std::abs(table.of(row, k)[f]);
            }
            json["mean_abs"][code][model.feature_names[f]] = sum / static_cast<double>(table.rows.size());
        }
    }
    return json;
}

/// `row,class_code,base,<features...>,prediction`, one line per sample and class.
std::string shap_csv(const ShapTable& table, const Model& model) {
    std::string csv = "row,class_code,base," + join(model.feature_names, ",") + ",prediction\n";
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        for (std::size_t k = 0; k < table.n_classes; ++k) {
            const auto values = table.of(row, k);
            csv += std::to_string(table.rows[row] + 1) + "," +
                   std::to_string(model.legend.at(static_cast<int>(k)).code) + "," + format_number(table.base[k]);
            double prediction = table.base[k];
            for (const double value : values) {
                csv += "," + format_number(value);
                prediction += value;
            }
            csv += "," + format_number(prediction) + "\n";
        }
    }
    return csv;
}

class ExplainCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "explain"; }
    [[nodiscard]] std::string summary() const override { return "which features decide: importance and SHAP values"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass explain -m model.lcm --samples samples.gpkg --rows 500 --shap-values shap.csv -o explain.json";
    }

    void add_options(CLI::App& app) override {
        path_option(app, "-m,--model", m_model, "model [model.lcm]");
        add_sample_options(app, m_samples);
        app.add_option("--rows", m_rows, "samples to compute SHAP values for, drawn by the seed; 0: all");
        app.add_option("--folds", m_folds, "polygon folds for permutation importance");
        app.add_option("--permutation-repeats", m_repeats, "shuffles of a feature in each fold, 0: none");
        path_option(app, "--shap-values", m_shap_values, "also a CSV of every SHAP value");
        path_option(app, "-o,--output", m_output, "figures to write [explain.json]");
    }

    void prepare(const GlobalOptions& globals) override {
        m_seed = globals.seed;
        m_model_path = path_or_default(m_model, globals, "model.lcm", "--model");
        m_samples_path = path_or_default(m_samples.samples, globals, "samples.gpkg", "--samples");
        m_path = path_or_default(m_output, globals, "explain.json", "--output");
        if (m_rows < 0 || m_repeats < 0 || m_folds < 2) {
            throw Error(ExitCode::configuration, {.where = {},
                                                  .field = "--rows, --permutation-repeats, --folds",
                                                  .problem = "are out of range",
                                                  .fix = "rows and repeats from 0, folds from 2"});
        }
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override { return {m_model_path, m_samples_path}; }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override {
        return m_shap_values.empty() ? std::vector{m_path} : std::vector{m_path, m_shap_values};
    }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        RandomForestOptions options;
        options.n_estimators = facts.n_trees;
        const double fits = m_repeats == 0 ? 0 : m_folds;
        return Estimate{.memory_bytes = training_memory(facts),
                        .disk_bytes = 1 << 20,
                        .seconds = fits * training_seconds(facts, options) + static_cast<double>(m_rows) / 20};
    }

    void run(Context& context) override {
        const Model model = read_model(m_model_path);
        const SampleTable samples = read_samples(m_samples_path, file_options(m_samples));
        const FeatureView features = features_of(samples, model, m_samples_path.string());
        class_positions(samples.class_code, model.legend,
                        {.problem = "is not a class of the model",
                         .fix = "use samples with the legend the model was trained with"});
        if (!model.recipe_json.empty() && !samples.recipe_json.empty()) {
            require_compatible(FeatureRecipe::from_json(model.recipe_json, m_model_path.string()),
                               FeatureRecipe::from_json(samples.recipe_json, m_samples_path.string()),
                               m_samples_path.string());
        }
        if (model.calibration.method != CalibrationMethod::none) {
            context.inform("SHAP values explain the votes of the forest, before their calibration");
        }
        Json json;
        json["importance"]["permutation"] = permutation_importance(model, samples, context);
        json["importance"]["impurity"] = impurity_importance(model);
        const ShapTable table =
            explain_rows(model, features, draw_rows(samples.size(), m_rows, m_seed), context.progress);
        json["shap"] = shap_json(table, model);
        if (!m_shap_values.empty()) {
            write_file_atomically(m_shap_values, shap_csv(table, model), context.globals.overwrite);
        }
        write_file_atomically(m_path, json.dump(2) + "\n", context.globals.overwrite);
        print_table(json, model, context);
    }

private:
    [[nodiscard]] Json impurity_importance(const Model& model) const {
        const auto record = Json::parse(model.training_json, nullptr, false);
        return record.contains("impurity_importance") ? record["impurity_importance"] : Json::object();
    }

    /// Shuffled where it was not trained: on the test part of polygon folds refitted with the model's options.
    [[nodiscard]] Json permutation_importance(const Model& model, const SampleTable& samples, Context& context) const {
        Json json = Json::object();
        if (m_repeats == 0) {
            return json;
        }
        SampleTable ordered = samples;
        ordered.feature_names = model.feature_names;
        for (std::size_t f = 0; f < model.feature_names.size(); ++f) {
            const auto at =
                std::find(samples.feature_names.begin(), samples.feature_names.end(), model.feature_names[f]);
            ordered.features[f] = samples.features[static_cast<std::size_t>(at - samples.feature_names.begin())];
        }
        ordered.features.resize(model.feature_names.size());
        FoldOptions folds;
        const bool polygons_known = knows_groups(samples);
        if (!polygons_known) {
            context.warn(m_samples_path.string() + " says neither polygon nor group (--group-field): permutation "
                                                   "importance is measured on random folds and may flatter");
        }
        folds.scheme = polygons_known ? FoldScheme::polygon : FoldScheme::random;
        folds.n_folds = m_folds;
        folds.seed = m_seed;
        const CrossValidationOptions options{.forest = forest_options_of(model, m_model_path.string()),
                                             .permutation_repeats = m_repeats};
        const CrossValidation result = cross_validate(ordered, assign_folds(ordered, folds), options, context.progress);
        for (std::size_t f = 0; f < model.feature_names.size(); ++f) {
            json[model.feature_names[f]] = {{"mean", result.permutation_importance[f].mean},
                                            {"sd", result.permutation_importance[f].sd}};
        }
        return json;
    }

    void print_table(const Json& json, const Model& model, Context& context) const {
        context.print("feature       permutation (accuracy lost)   impurity   mean |SHAP| over classes");
        for (const std::string& feature : model.feature_names) {
            double shap = 0;
            for (const auto& entry : json["shap"]["mean_abs"].items()) {
                shap += entry.value()[feature].get<double>() / model.legend.size();
            }
            std::string permutation = "NA";
            if (json["importance"]["permutation"].contains(feature)) {
                const Json& estimate = json["importance"]["permutation"][feature];
                permutation = fixed_digits(estimate["mean"].get<double>(), 4) + " +- " +
                              fixed_digits(estimate["sd"].get<double>(), 4);
            }
            const Json& impurity = json["importance"]["impurity"];
            context.print(name_cell(feature, 13) + to_right(permutation, 28) +
                          to_right(fixed_digits(impurity.value(feature, 0.0), 4), 11) +
                          to_right(fixed_digits(shap, 4), 13));
        }
        context.print(m_path.string() + ": SHAP values of " + std::to_string(json["shap"]["rows"].get<int>()) +
                      " samples");
    }

    std::filesystem::path m_model;
    SampleArguments m_samples;
    std::filesystem::path m_output;
    std::filesystem::path m_shap_values;
    std::int64_t m_rows = 200;
    int m_folds = 5;
    int m_repeats = 5;
    std::uint64_t m_seed = 42;
    std::filesystem::path m_model_path;
    std::filesystem::path m_samples_path;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_explain_command() {
    return std::make_unique<ExplainCommand>();
}

} // namespace lcclass
