#include "predict_applicability.h"

#include "command_line.h"
#include "fold_run.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "stage_files.h"
#include "training.h"
#include "training_pixels.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* options_group = "Applicability";
constexpr std::uintmax_t largest_explanation = std::uintmax_t{256} << 20U;
constexpr double much = 0.1;   ///< of the map outside is worth a warning
constexpr double most = 0.5;   ///< of a class
constexpr double seen = 0.001; ///< of the map, for a class to be named

bool is_word(const std::string& weights_from) {
    return weights_from == "impurity" || weights_from == "none";
}

Json training_record(const Model& model) {
    const Json record = Json::parse(model.training_json, nullptr, false);
    return record.is_object() ? record : Json::object();
}

/// Dissimilarity to other samples would say nothing about this model.
SampleTable read_training_samples(const ModelFile& model_file, const ApplicabilityArguments& arguments,
                                  Context& context) {
    const Model& model = model_file.model;
    const fs::path& path = arguments.samples.samples;
    const RecordedSamples recorded = recorded_samples(training_samples_of(model));
    if (recorded.sha256.empty()) {
        context.warn(model_file.path.string() + " does not say what samples it was trained on; taking " +
                     path.string() + " at its word");
    } else if (sha256_of_file(path) != recorded.sha256) {
        throw Error(ExitCode::input,
                    {.where = path.string(),
                     .field = "sha256",
                     .problem = "is not the table that " + model_file.path.string() + " was trained on",
                     .fix = "give " + recorded.name + " as it was then, or train again"});
    }
    SampleFileOptions options = arguments.samples.file;
    options.features = model.feature_names;
    SampleTable samples = read_samples(path, options);
    const std::int64_t n_trained = training_record(model).value("samples", samples.size());
    if (n_trained != samples.size()) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = "samples=" + std::to_string(samples.size()),
                                      .problem = "the model was trained on " + std::to_string(n_trained),
                                      .fix = "read the table as then: --layer, --class-field, --class-map"});
    }
    return samples;
}

/// `features` of an object of numbers, or of objects with a mean.
std::vector<double> weights_of(const Json& json, const Model& model, ExitCode code, const std::string& where,
                               const std::string& fix) {
    std::vector<double> weights;
    for (const std::string& feature : model.feature_names) {
        const Json entry = json.is_object() && json.contains(feature) ? json[feature] : Json();
        const Json value = entry.is_object() && entry.contains("mean") ? entry["mean"] : entry;
        if (!value.is_number()) {
            throw Error(
                code, {.where = where, .field = "feature=" + feature, .problem = "has no importance here", .fix = fix});
        }
        weights.push_back(std::max(value.get<double>(), 0.0));
    }
    if (std::none_of(weights.begin(), weights.end(), [](double weight) { return weight > 0; })) {
        throw Error(code, {.where = where, .field = {}, .problem = "no feature has an importance above 0", .fix = fix});
    }
    return weights;
}

/// What features weigh, and where that is from.
struct FeatureWeights {
    std::vector<double> weights;
    std::string from;
    std::string sha256; ///< of the file; empty: there is none
};

/// Importance in another model of the same features would be taken for this one's.
FeatureWeights read_weights(const ModelFile& model_file, const fs::path& path) {
    const std::string content = read_file(path, largest_explanation);
    const Json json = Json::parse(content, nullptr, false);
    const Json importance = json.is_object() ? json.value("importance", Json()) : Json();
    const auto part = [&](const char* name) {
        return importance.is_object() ? importance.value(name, Json()) : Json();
    };
    std::vector<double> weights =
        weights_of(part("permutation"), model_file.model, ExitCode::input, path.string(),
                   "give the output of `lcclass explain` for this model, with permutation importance");
    const Json settings = part("settings");
    const Json made_of = settings.is_object() ? settings.value("model_sha256", Json()) : Json();
    if (made_of != model_file.sha256) {
        throw Error(ExitCode::input,
                    {.where = path.string(),
                     .field = "model_sha256",
                     .problem = made_of.is_string() ? "is of another model than " + model_file.path.string()
                                                    : "is missing: the file does not say what model it explains",
                     .fix = "make it again with lcclass explain -m " + model_file.path.string()});
    }
    return {.weights = std::move(weights),
            .from = "permutation of " + path.filename().string(),
            .sha256 = sha256_of(content)};
}

FeatureWeights find_weights(const ModelFile& model_file, const std::string& from) {
    const Model& model = model_file.model;
    if (from == "none") {
        return {.weights = std::vector<double>(model.feature_names.size(), 1.0), .from = from, .sha256 = {}};
    }
    if (from == "impurity") {
        return {.weights =
                    weights_of(training_record(model).value("impurity_importance", Json::object()), model,
                               ExitCode::model, model_file.path.string(), "--weights-from explain.json, or none"),
                .from = from,
                .sha256 = {}};
    }
    return read_weights(model_file, from);
}

std::int64_t memory_of(const SampleTable& samples) {
    constexpr std::int64_t columns = 2 * sizeof(double) + 3 * sizeof(std::int32_t); // position, class, polygon, group
    return samples.size() * (samples.n_features() * std::int64_t{sizeof(float)} + columns);
}

Json record_of(const ModelFile& model_file, const Applicability& figures, const FeatureWeights& weights,
               const Json& folds, const fs::path& samples_path) {
    Json record = {{"threshold", figures.threshold()}, {"mean_distance", figures.mean_distance()}};
    const std::vector<std::string>& features = model_file.model.feature_names;
    for (std::size_t f = 0; f < features.size(); ++f) {
        record["weights"][features[f]] = figures.weights()[f];
    }
    record["weights_from"] = weights.from;
    if (!weights.sha256.empty()) {
        record["weights_sha256"] = weights.sha256;
    }
    record["folds"] = folds;
    record["samples"] = {{"name", samples_path.filename().string()}, {"n", figures.n_samples()}};
    if (fs::is_regular_file(samples_path)) { // not a folder of shapefiles
        record["samples"]["sha256"] = sha256_of_file(samples_path);
    }
    return record;
}

} // namespace

void add_applicability_options(CLI::App& app, ApplicabilityArguments& arguments) {
    const CLI::Option* const raster = path_option(
        app, "--applicability", arguments.raster,
        "also a raster of where the model should not be trusted: dissimilarity, inside, local_point_density");
    const std::size_t n_before = options_of(app).size();
    path_option(app, "--samples", arguments.samples.samples,
                "table that the model was trained on [the one it names, beside it or in the output folder]");
    add_sample_column_options(app, arguments.samples);
    some_words(
        path_or_word_option(app, "--weights-from", arguments.weights_from,
                            "importance of features: impurity (of the model), an explain.json (permutation), or none"),
        {"impurity", "none"});
    only_words(app.add_option("--scheme", arguments.scheme,
                              "folds of the threshold, as of cv: " + join(fold_scheme_words(), ", ") + " [polygon]"),
               fold_scheme_words());
    add_fold_details(app, arguments.folds);
    const std::vector<CLI::Option*> options = options_of(app);
    arguments.declared.assign(options.begin() + static_cast<std::ptrdiff_t>(n_before), options.end());
    for (CLI::Option* option : options) {
        if (option == raster || std::ranges::find(arguments.declared, option) != arguments.declared.end()) {
            option->group(options_group);
        }
    }
}

void check_applicability_options(const ApplicabilityArguments& arguments, std::uint64_t seed) {
    if (arguments.given()) {
        to_single_fold_plan(arguments.folds, arguments.scheme, seed);
        return;
    }
    for (const CLI::Option* option : arguments.declared) {
        require_given(option->count() == 0, "--applicability", "the raster that " + display_name(*option) + " is for");
    }
}

void find_samples_of_model(const Model& model, const fs::path& model_path, ApplicabilityArguments& arguments,
                           const GlobalOptions& globals) {
    if (!arguments.samples.samples.empty()) {
        return;
    }
    const RecordedSamples recorded = recorded_samples(training_samples_of(model));
    if (recorded.name.empty()) {
        throw Error(ExitCode::model, {.where = model_path.string(),
                                      .field = "samples_file",
                                      .problem = "the model does not say what samples it was trained on",
                                      .fix = "name their table with --samples"});
    }
    const std::vector<fs::path> files = files_of(recorded, model_path, globals);
    if (files.empty()) {
        throw Error(ExitCode::input, {.where = (model_path.parent_path() / recorded.name).string(),
                                      .field = {},
                                      .problem = "the samples that the model was trained on are not there",
                                      .fix = "name their table with --samples"});
    }
    const auto right = std::ranges::find_if(
        files, [&](const fs::path& file) { return files.size() > 1 && sha256_of_file(file) == recorded.sha256; });
    arguments.samples.samples = right == files.end() ? files.front() : *right;
}

std::vector<fs::path> applicability_inputs(const ApplicabilityArguments& arguments) {
    std::vector<fs::path> paths;
    if (!arguments.given()) {
        return paths;
    }
    for (const fs::path& path : {arguments.samples.samples, arguments.folds.area}) {
        if (!path.empty()) {
            paths.push_back(path);
        }
    }
    if (!is_word(arguments.weights_from)) {
        paths.emplace_back(arguments.weights_from);
    }
    return paths;
}

double applicability_seconds(const PlanFacts& facts) {
    const auto samples = static_cast<double>(facts.samples);
    const auto features = static_cast<double>(facts.n_features);
    return samples * samples * features / 12e9 + static_cast<double>(facts.pixels) * features / 6e6;
}

ModelApplicability make_applicability(const ModelFile& model_file, const ApplicabilityArguments& arguments,
                                      Context& context) {
    const fs::path& path = arguments.samples.samples;
    const FeatureWeights weights = find_weights(model_file, arguments.weights_from);
    const SampleTable samples = read_training_samples(model_file, arguments, context);
    FoldPlan plan = to_single_fold_plan(arguments.folds, arguments.scheme, context.globals.seed);
    plan.options.classes_in_training = false; // nothing is trained
    const FoldAssignment folds =
        make_single_folds({.plan = plan,
                           .scheme_given = !arguments.scheme.empty(),
                           .if_random = "the threshold of applicability rests on random folds and may be too strict"},
                          samples, path, context);
    require_memory(program_memory + memory_of(samples) +
                       Applicability::memory_to_make(samples.size(), samples.n_features(), folds.n_folds),
                   context.globals);
    Applicability figures(features_of(samples, model_file.model, path.string()), folds, weights.weights,
                          context.progress);
    context.inform("applicability: " + with_thousands(samples.size()) + " samples of " + path.string() + ", " +
                   describe(folds) + ", weights: " + arguments.weights_from);
    const Json record = record_of(model_file, figures, weights, record_of_folds(plan, folds), path);
    return {.figures = std::move(figures), .record = record.dump()};
}

void print_applicability(const Model& model, const Applicability& figures, const MapReport& report, Context& context) {
    const auto share_of = [](std::int64_t part, std::int64_t whole) {
        return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    const auto sum_of = [](const std::vector<std::int64_t>& pixels) {
        return std::accumulate(pixels.begin(), pixels.end(), std::int64_t{0});
    };
    const std::int64_t mapped = sum_of(report.class_pixels);
    const std::int64_t outside = sum_of(report.class_pixels_outside);
    context.print("outside the area of applicability " + with_thousands(outside) + " pixels, " +
                  percent(share_of(outside, mapped)) + " of the map (dissimilarity above " +
                  fixed_digits(figures.threshold(), 4) + "; so are " +
                  percent(share_of(figures.n_samples_outside(), figures.n_samples())) + " of the samples)");
    if (share_of(outside, mapped) > much) {
        context.warn(percent(share_of(outside, mapped)) +
                     " of the map is unlike anything that the model was trained on: what it says there, and what cv "
                     "says of it, should not be trusted");
    }
    for (int k = 0; k < model.legend.size(); ++k) {
        const auto at = static_cast<std::size_t>(k);
        const double share = share_of(report.class_pixels_outside[at], report.class_pixels[at]);
        if (share > most && share_of(report.class_pixels[at], mapped) > seen) {
            context.warn("of class " + std::to_string(model.legend.at(k).code) + " (" + model.legend.at(k).name +
                         "), " + percent(share) + " are outside the area of applicability");
        }
    }
}

} // namespace lcclass
