#include "fold_options.h"

#include "command_line.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_recipe.h"
#include "lcclass/geo/raster_file.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace lcclass {

namespace {

bool uses(const FoldPlan& plan, FoldScheme scheme) {
    return std::find(plan.schemes.begin(), plan.schemes.end(), scheme) != plan.schemes.end();
}

std::vector<FoldScheme> parse_schemes(const FoldArguments& arguments) {
    require_given(!arguments.schemes.empty(), "--schemes", "at least one of " + join(fold_scheme_words(), ", "));
    std::vector<FoldScheme> schemes;
    for (const std::string& word : arguments.schemes) {
        const FoldScheme scheme = parse_fold_scheme(word);
        if (std::find(schemes.begin(), schemes.end(), scheme) != schemes.end()) {
            throw Error(ExitCode::configuration, {.where = {},
                                                  .field = "--schemes=" + word,
                                                  .problem = "is named twice",
                                                  .fix = "name every scheme once"});
        }
        schemes.push_back(scheme);
        if (scheme == FoldScheme::spatial_block) {
            require_given(!arguments.block_size.empty(), "--block-size",
                          "auto, or the side of a block in metres, for " + word);
        }
        if (scheme == FoldScheme::nndm || scheme == FoldScheme::knndm) {
            require_given(!arguments.area.empty(), "--prediction-area",
                          "the stack or a polygon layer of the land that will be mapped, for " + word);
        }
    }
    return schemes;
}

double parse_block_size(const std::string& text) {
    const auto size = parse_double(text);
    if (!size || !std::isfinite(*size)) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--block-size=" + text,
                                             .problem = "is neither a length in metres nor auto",
                                             .fix = "give a number of metres, such as 10000, or auto"});
    }
    return *size;
}

/// Side of a pixel; 0 for tables that do not say.
double pixel_of(const SampleTable& samples, const std::filesystem::path& where) {
    return samples.recipe_json.empty() ? 0 : FeatureRecipe::from_json(samples.recipe_json, where.string()).pixel_width;
}

/// A block is many pixels wide.
void check_block_size(const FoldPlan& plan, const SampleTable& samples, const std::filesystem::path& where) {
    if (!uses(plan, FoldScheme::spatial_block)) {
        return;
    }
    const double size = plan.options.block_size_m;
    const double pixel = pixel_of(samples, where);
    if (size > 0 && size <= pixel) {
        throw Error(ExitCode::configuration, {.where = where.string(),
                                              .field = "block_size=" + format_number(size),
                                              .problem = "is not larger than a pixel (" + format_number(pixel) + ")",
                                              .fix = "give the side of a block in metres, such as 10000"});
    }
}

} // namespace

void add_fold_options(CLI::App& app, FoldArguments& arguments) {
    only_words(list_option(app, "--schemes", arguments.schemes,
                           "any of " + join(fold_scheme_words(), ", ") + ", as many as wanted"),
               fold_scheme_words());
    add_fold_details(app, arguments);
}

void add_fold_details(CLI::App& app, FoldArguments& arguments) {
    arguments.declared = {
        app.add_option("--folds", arguments.options.n_folds, "parts, each tested once"),
        some_words(
            value_option(app, "--block-size", arguments.block_size,
                         "spatial-block: width of a block in metres, or auto: from the variograms of the features"),
            {"auto"}),
        only_words(app.add_option("--block-shape", arguments.shape, "spatial-block: square or hexagon"),
                   {"square", "hexagon"}),
        only_words(
            app.add_option("--block-assignment", arguments.assignment, "spatial-block: random, continuous or balanced"),
            {"random", "continuous", "balanced"}),
        app.add_option("--buffer", arguments.options.buffer_m,
                       "metres around test samples that no training sample may be within"),
        path_option(app, "--prediction-area", arguments.area,
                    "raster or polygons of the land that will be mapped; nndm and knndm need it"),
        app.add_option("--prediction-points", arguments.area_options.n_points,
                       "points that stand for the land of --prediction-area"),
        only_words(app.add_option("--prediction-layout", arguments.layout,
                                  "how --prediction-points lie in that area: regular (a lattice) or random"),
                   {"regular", "random"})};
}

std::vector<std::string> stated_fold_details(const FoldArguments& arguments) {
    std::vector<std::string> names;
    for (const CLI::Option* option : arguments.declared) {
        if (option->count() > 0) {
            names.push_back(display_name(*option));
        }
    }
    return names;
}

FoldPlan to_fold_plan(const FoldArguments& arguments, std::uint64_t seed) {
    FoldPlan plan{.schemes = parse_schemes(arguments),
                  .options = arguments.options,
                  .area = arguments.area,
                  .area_options = arguments.area_options};
    plan.options.assignment = parse_block_assignment(arguments.assignment);
    if (arguments.block_size == "auto") {
        plan.block_size_auto = uses(plan, FoldScheme::spatial_block);
    } else if (!arguments.block_size.empty()) {
        plan.options.block_size_m = parse_block_size(arguments.block_size);
    }
    plan.options.shape = parse_block_shape(arguments.shape);
    plan.options.seed = seed;
    plan.area_options.layout = parse_point_layout(arguments.layout);
    plan.area_options.seed = seed;
    if (plan.area.empty()) {
        const FoldArguments unset{};
        const bool same_points = arguments.area_options.n_points == unset.area_options.n_points;
        require_given(same_points, "--prediction-area", "the land that --prediction-points are to stand for");
        require_given(arguments.layout == unset.layout, "--prediction-area", "the land that --prediction-layout is of");
    }
    return plan;
}

void check_metric(const FoldPlan& plan, const SampleTable& samples, const std::filesystem::path& where) {
    const auto spatial = std::find_if(plan.schemes.begin(), plan.schemes.end(), needs_positions);
    const bool any_length = spatial != plan.schemes.end() || plan.options.buffer_m > 0 || !plan.area.empty();
    if (any_length && !samples.crs_wkt.empty() && is_geographic(samples.crs_wkt)) {
        throw Error(ExitCode::configuration,
                    {.where = where.string(),
                     .field = "crs=" + crs_label(samples.crs_wkt),
                     .problem = "has degrees, " +
                                (spatial != plan.schemes.end() ? to_string(*spatial) : std::string("distances")) +
                                " needs metres",
                     .fix = "make the samples in a projected CRS such as the scene's UTM zone"});
    }
}

void fit_plan(FoldPlan& plan, const SampleTable& samples, const std::filesystem::path& where) {
    check_metric(plan, samples, where);
    check_block_size(plan, samples, where);
    if (!plan.area.empty()) {
        PredictionAreaOptions area = plan.area_options;
        area.crs_wkt = samples.crs_wkt;
        plan.options.prediction = prediction_points(plan.area, area);
    }
}

std::vector<FoldAssignment> make_folds(const FoldPlan& plan, const SampleTable& samples) {
    FoldOptions options = plan.options;
    std::vector<FoldAssignment> assignments;
    for (const FoldScheme scheme : plan.schemes) {
        options.scheme = scheme;
        assignments.push_back(assign_folds(samples, options));
    }
    return assignments;
}

FoldAssignment make_inner_folds(const FoldPlan& plan, FoldScheme scheme, int n_folds, const SampleTable& training) {
    FoldOptions options = plan.options;
    options.scheme = scheme == FoldScheme::leave_group_out ? FoldScheme::polygon
                     : scheme == FoldScheme::nndm          ? FoldScheme::knndm
                                                           : scheme;
    options.n_folds = n_folds;
    try {
        return assign_folds(training, options);
    } catch (const Error& error) {
        Fault fault = error.fault();
        fault.where = "inner folds of " + to_string(scheme) + (fault.where.empty() ? "" : ": " + fault.where);
        throw Error(error.code(), fault);
    }
}

void choose_blocks(FoldPlan& plan, const SampleTable& samples, const VariogramSet& variograms,
                   const std::filesystem::path& where) {
    constexpr double fewest_pixels = 2; // along a block
    const BlockSize size =
        choose_block_size(samples, variograms, plan.options, fewest_pixels * pixel_of(samples, where));
    plan.options.block_size_m = size.size_m;
    plan.block_size_from = size.from;
    plan.block_size_auto = false;
}

double expected_folds(const FoldPlan& plan, std::int64_t n_samples) {
    constexpr double samples_per_group = 25; // a usual cap per polygon
    const double n_groups =
        std::clamp(static_cast<double>(n_samples) / samples_per_group, 2.0, double{most_single_folds});
    double folds = 0;
    for (const FoldScheme scheme : plan.schemes) {
        folds += tests_single_groups(scheme) ? n_groups : plan.options.n_folds;
    }
    return folds;
}

FoldRecord record_of(const FoldPlan& plan, FoldScheme scheme) {
    if (scheme != FoldScheme::spatial_block) {
        return {.block_size_m = 0,
                .block_size_from = {},
                .block_assignment = {},
                .block_shape = {},
                .seed = plan.options.seed};
    }
    return {.block_size_m = plan.options.block_size_m,
            .block_size_from = plan.block_size_from,
            .block_assignment = to_string(plan.options.assignment),
            .block_shape = to_string(plan.options.shape),
            .seed = plan.options.seed};
}

std::string describe(const FoldAssignment& assignment) {
    std::string text = to_string(assignment.scheme) + ": " + with_thousands(assignment.n_folds) + " folds";
    if (assignment.match) {
        const auto metres = [](double length) { return format_number(std::round(length * 10) / 10) + " m"; };
        text += "; W of distances " + metres(assignment.match->w_m) + " (" +
                metres(assignment.match->leave_one_out_w_m) + " leave-one-out)";
    }
    if (!assignment.excluded.empty()) {
        std::int64_t sum = 0;
        for (int fold = 1; fold <= assignment.n_folds; ++fold) {
            sum += count_excluded(assignment, fold);
        }
        text += "; " + with_thousands(sum / assignment.n_folds) + " samples left out per fold";
    }
    return text;
}

} // namespace lcclass
