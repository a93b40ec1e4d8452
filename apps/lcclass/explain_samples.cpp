#include "explain_samples.h"

#include "class_choice.h"
#include "command_line.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "shap_background.h"
#include "shap_file.h"
#include "shap_report.h"
#include "stage_files.h"

#include <algorithm>
#include <numeric>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

/// Value and class that speak most clearly: where the feature is strongest on average.
struct Leader {
    double mean_abs = -1;
    std::string code;
};

Leader leader_of(const Json& json, const std::string& feature) {
    Leader leader;
    for (const auto& entry : json["mean_abs"].items()) {
        const double mean_abs = entry.value()[feature].get<double>();
        if (mean_abs > leader.mean_abs) {
            leader = {.mean_abs = mean_abs, .code = entry.key()};
        }
    }
    return leader;
}

void print_features(const Json& json, const Model& model, Context& context) {
    context.print("mean |SHAP| of " + with_thousands(json["rows"].get<std::int64_t>()) +
                  " samples, over all classes and of the class that the feature moves most;");
    context.print("rank: correlation of its values with the SHAP values there, above 0 when high values speak for it");
    context.print("feature                  mean      most   rank  class");
    std::vector<std::pair<double, std::string>> lines;
    for (const std::string& feature : model.feature_names) {
        double mean = 0;
        for (const auto& entry : json["mean_abs"].items()) {
            mean += entry.value()[feature].get<double>() / static_cast<double>(json["mean_abs"].size());
        }
        const Leader leader = leader_of(json, feature);
        const Json& rank = json["summary"]["per_class"][leader.code][feature]["spearman"];
        const std::string label = class_label(model.legend.at(find_class(model.legend, leader.code)));
        lines.emplace_back(mean, name_cell(feature, 20) + to_right(fixed_digits(mean, 4), 9) +
                                     to_right(fixed_digits(leader.mean_abs, 4), 10) +
                                     to_right(rank.is_null() ? "NA" : fixed_digits(rank.get<double>(), 2), 7) + "  " +
                                     shorten(escape_control(label), 40));
    }
    std::ranges::stable_sort(lines, std::ranges::greater(), &std::pair<double, std::string>::first);
    constexpr std::size_t most_lines = 20;
    for (std::size_t i = 0; i < std::min(lines.size(), most_lines); ++i) {
        context.print(lines[i].second);
    }
    if (lines.size() > most_lines) {
        context.print("... and " + std::to_string(lines.size() - most_lines) + " more in the file");
    }
}

void print_pairs(const Json& json, Context& context) {
    if (json["pairs"].empty()) {
        return;
    }
    context.print("strongest interactions, mean over " + with_thousands(json["rows"].get<std::int64_t>()) +
                  " samples and classes");
    for (const Json& pair : json["pairs"]) {
        context.print(
            name_cell(pair["features"][0].get<std::string>() + " x " + pair["features"][1].get<std::string>(), 40) +
            to_right(fixed_digits(pair["strength"].get<double>(), 4), 9));
    }
}

bool is_points(const std::filesystem::path& path) {
    return path.extension() == ".gpkg" || path.extension() == ".fgb";
}

/// Bytes of `n_rows` SHAP values of all classes, of computing them, and of the text or columns that they are written
/// as.
std::int64_t shap_memory(const Model& model, std::int64_t n_rows, const ShapArguments& arguments) {
    constexpr std::int64_t bytes_of_text = 24; // a number of a CSV, with its comma
    const int n_features = model.forest.n_features();
    const std::int64_t values = (std::int64_t{n_features} + 1) * model.forest.n_classes();
    const std::int64_t written = arguments.values.empty()      ? 0
                                 : is_points(arguments.values) ? (values + n_features) * 8
                                                               : values * bytes_of_text;
    const auto computed = static_cast<std::int64_t>(TreeShap::bytes_per_row(n_features, model.forest.n_classes()));
    return n_rows * (values * 8 + std::int64_t{n_features} * 4 + computed + written) +
           static_cast<std::int64_t>(TreeShap::fixed_bytes(model.forest, model.forest.n_classes()));
}

} // namespace

void add_shap_options(CLI::App& app, ShapArguments& arguments) {
    app.add_option("--rows", arguments.rows, "samples to compute SHAP values for, drawn by the seed; 0: all");
    app.add_option("--interactions", arguments.interactions, "pairs of features whose interaction to tell, 0: none");
    app.add_option("--interaction-rows", arguments.interaction_rows,
                   "of these samples, so many for the interactions; 0: all");
    path_option(app, "--shap-values", arguments.values,
                "also every SHAP value: .csv, or points as .gpkg or .fgb for a GIS to colour");
    only_words(
        value_option(app, "--shap-columns", arguments.columns,
                     "points with a column per feature for the `predicted` class, or for `all` classes [predicted]"),
        {"predicted", "all"});
}

void check_shap_options(const ShapArguments& arguments, const std::string& only_class) {
    const auto require = [](bool good, const std::string& option, const std::string& fix) {
        if (!good) {
            throw Error(ExitCode::configuration,
                        {.where = {}, .field = option, .problem = "is out of range", .fix = fix});
        }
    };
    require(arguments.rows >= 0, "--rows", "from 0 on; 0 takes all");
    require(arguments.interactions >= 0, "--interactions", "from 0 on; 0 tells none");
    require(arguments.interaction_rows >= 0, "--interaction-rows", "from 0 on; 0 takes all");
    if (!arguments.values.empty() && !is_points(arguments.values) && arguments.values.extension() != ".csv") {
        throw Error(ExitCode::output, {.where = arguments.values.string(),
                                       .field = "extension=" + arguments.values.extension().string(),
                                       .problem = "SHAP values are not written in this format",
                                       .fix = "end the name in .csv, .gpkg or .fgb"});
    }
    if (arguments.columns.empty()) {
        return;
    }
    const ShapColumns columns = parse_shap_columns(arguments.columns);
    if (!is_points(arguments.values)) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--shap-columns",
                                             .problem = "is for points",
                                             .fix = "write --shap-values to a .gpkg or .fgb, or leave it out"});
    }
    if (columns == ShapColumns::all && !only_class.empty()) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--shap-columns=all",
                                             .problem = "does not go with --class, which chooses one class",
                                             .fix = "leave one of the two out"});
    }
}

void require_shap_memory(const Model& model, const SampleTable& samples, const ShapArguments& arguments,
                         bool with_interactions, const Context& context) {
    const std::int64_t n_rows = arguments.rows == 0 ? samples.size() : std::min(arguments.rows, samples.size());
    const std::int64_t interactions = with_interactions && arguments.interactions > 0
                                          ? interaction_memory(model, n_rows, arguments.interaction_rows)
                                          : 0;
    require_memory(program_memory + shap_memory(model, n_rows, arguments) + interactions, context.globals,
                   "allow more memory, or explain fewer samples (--rows)");
}

Json explain_samples(const ExplainedSamples& explained, const ShapArguments& arguments, const std::string& only_class,
                     Context& context) {
    const Model& model = explained.model;
    if (model.calibration.method != CalibrationMethod::none) {
        context.inform("SHAP values explain the votes of the forest, before their calibration");
    }
    std::vector<std::size_t> classes(static_cast<std::size_t>(model.legend.size()));
    std::iota(classes.begin(), classes.end(), std::size_t{0});
    ShapFileOptions file{.path = arguments.values, .overwrite = context.globals.overwrite};
    if (!only_class.empty()) {
        file.only_class = static_cast<std::size_t>(find_class(model.legend, only_class));
        classes = {*file.only_class};
    }
    if (!arguments.columns.empty()) {
        file.columns = parse_shap_columns(arguments.columns);
    }
    const ShapTable table = make_shap_table(explained, arguments.rows, context.progress);
    Json json = {{"kind", shap_kind(explained.shap)}};
    json.update(shap_report(table, model, classes));
    print_features(json, model, context);
    if (arguments.interactions > 0 && explained.shap.background_rows() > 0) {
        context.inform("interactions are of path-dependent values: left out with --background");
    } else if (arguments.interactions > 0) {
        json["interactions"] =
            interaction_report(table, model, classes, static_cast<std::size_t>(arguments.interactions),
                               static_cast<std::size_t>(arguments.interaction_rows), context.progress);
        print_pairs(json["interactions"], context);
    }
    if (!arguments.values.empty()) {
        write_shap_values(table, model, file);
        context.print(arguments.values.string() + ": SHAP values of " +
                      with_thousands(static_cast<std::int64_t>(table.n_rows())) + " samples");
    }
    return json;
}

} // namespace lcclass
