#include "command_line.h"
#include "commands.h"

#include "forest_options.h"
#include "lcclass/assess/cross_validation.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_recipe.h"
#include "lcclass/geo/prediction_area.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/sample_file.h"
#include "lcclass/sampling/folds.h"
#include "stage_files.h"
#include "training.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

namespace {

class CvCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "cv"; }
    [[nodiscard]] std::string summary() const override {
        return "cross-validation: random, by polygon, spatial or distance-matched";
    }
    [[nodiscard]] std::string example() const override {
        return "lcclass cv --samples samples.gpkg --schemes random,polygon,spatial-block --block-size 10000 -o cv.json";
    }

    void add_options(CLI::App& app) override {
        add_sample_options(app, m_samples);
        list_option(app, "--schemes", m_schemes, "any of " + join(fold_scheme_words(), ", ") + ", as many as wanted");
        app.add_option("--folds", m_folds.n_folds, "parts, each tested once");
        app.add_option("--block-size", m_folds.block_size_m, "spatial-block: width of a block in metres");
        app.add_option("--block-shape", m_shape, "spatial-block: square or hexagon");
        app.add_option("--block-assignment", m_assignment, "spatial-block: random, continuous or balanced");
        app.add_option("--buffer", m_folds.buffer_m,
                       "metres around test samples that no training sample may be within");
        path_option(app, "--prediction-area", m_area,
                    "raster or polygons of the land that will be mapped; nndm and knndm need it");
        app.add_option("--prediction-points", m_area_options.n_points, "points that stand for that land");
        app.add_option("--prediction-layout", m_layout, "of these points: regular or random");
        app.add_flag("--folds-only", m_folds_only, "write the folds and fit nothing");
        app.add_option("--permutation-repeats", m_permutation_repeats,
                       "also permutation importance on the test folds, shuffled so many times");
        add_forest_options(app, m_forest);
        path_option(app, "-o,--output", m_output, "figures to write [cv.json]");
        path_option(app, "--folds-output", m_folds_output, "blocks and folds to write [folds.gpkg beside --output]");
    }

    void prepare(const GlobalOptions& globals) override {
        m_options.forest = to_forest_options(m_forest, globals.seed);
        m_options.permutation_repeats = m_permutation_repeats;
        if (m_permutation_repeats < 0) {
            throw Error(ExitCode::configuration,
                        {.where = {},
                         .field = "--permutation-repeats=" + std::to_string(m_permutation_repeats),
                         .problem = "is negative",
                         .fix = "give a number of shuffles, or 0 for none"});
        }
        m_folds.assignment = parse_block_assignment(m_assignment);
        m_folds.shape = parse_block_shape(m_shape);
        m_folds.seed = globals.seed;
        m_area_options.layout = parse_point_layout(m_layout);
        m_area_options.seed = globals.seed;
        require_given(!m_schemes.empty(), "--schemes", "at least one of " + join(fold_scheme_words(), ", "));
        for (const std::string& word : m_schemes) {
            const FoldScheme scheme = parse_fold_scheme(word);
            if (std::find(m_fold_schemes.begin(), m_fold_schemes.end(), scheme) != m_fold_schemes.end()) {
                throw Error(ExitCode::configuration, {.where = {},
                                                      .field = "--schemes=" + word,
                                                      .problem = "is named twice",
                                                      .fix = "name every scheme once"});
            }
            m_fold_schemes.push_back(scheme);
            if (scheme == FoldScheme::nndm || scheme == FoldScheme::knndm) {
                require_given(!m_area.empty(), "--prediction-area",
                              "the stack or a polygon layer of the land that will be mapped, for " + word);
            }
        }
        m_samples_path = path_or_default(m_samples.samples, globals, "samples.gpkg", "--samples");
        if (!m_folds_only || m_folds_output.empty()) {
            m_path = path_or_default(m_output, globals, "cv.json", "--output");
        }
        m_folds_path = m_folds_output.empty() ? m_path.parent_path() / "folds.gpkg" : m_folds_output;
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        return m_area.empty() ? std::vector{m_samples_path} : std::vector{m_samples_path, m_area};
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override {
        return m_folds_only ? std::vector{m_folds_path} : std::vector{m_path, m_folds_path};
    }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        const auto fits = static_cast<double>(m_fold_schemes.size()) * m_folds.n_folds;
        return Estimate{.memory_bytes = training_memory(facts),
                        .disk_bytes = facts.samples * 200 + (1 << 20),
                        .seconds = m_folds_only ? 1 : fits * training_seconds(facts, m_options.forest)};
    }

    void run(Context& context) override {
        m_samples.file.without_features = m_folds_only;
        const SampleTable samples = read_samples(m_samples_path, m_samples.file);
        check_lengths(samples);
        m_folds.classes_in_training = !m_folds_only;
        if (!m_area.empty()) {
            m_area_options.crs_wkt = samples.crs_wkt;
            m_folds.prediction = prediction_points(m_area, m_area_options);
        }
        std::vector<FoldAssignment> assignments;
        for (const FoldScheme scheme : m_fold_schemes) {
            m_folds.scheme = scheme;
            assignments.push_back(assign_folds(samples, m_folds));
        }
        std::vector<CrossValidation> results;
        if (!m_folds_only) {
            for (const FoldAssignment& assignment : assignments) {
                m_options.record = record_of(assignment);
                results.push_back(cross_validate(samples, assignment, m_options, context.progress));
            }
        }
        write_folds(m_folds_path, samples, assignments, context.globals.overwrite);
        if (m_folds_only) {
            for (const FoldAssignment& assignment : assignments) {
                context.print(describe(assignment));
            }
            context.print(m_folds_path.string() + ": folds of " + with_thousands(samples.size()) + " samples");
            return;
        }
        write_file_atomically(m_path, to_json(results, samples.legend), context.globals.overwrite);
        context.print(to_table(results, samples.legend));
        context.print(m_path.string() + ", " + m_folds_path.string());
    }

private:
    [[nodiscard]] bool uses(FoldScheme scheme) const {
        return std::find(m_fold_schemes.begin(), m_fold_schemes.end(), scheme) != m_fold_schemes.end();
    }

    /// The half of fault C06 that takes a CRS or a pixel size: a block is many pixels wide, and metres are metres.
    void check_lengths(const SampleTable& samples) const {
        const auto refuse = [&](const std::string& field, const std::string& problem, const std::string& fix) {
            throw Error(ExitCode::configuration,
                        {.where = m_samples_path.string(), .field = field, .problem = problem, .fix = fix});
        };
        const auto spatial = std::find_if(m_fold_schemes.begin(), m_fold_schemes.end(), needs_positions);
        const bool any_length = spatial != m_fold_schemes.end() || m_folds.buffer_m > 0 || !m_area.empty();
        if (any_length && !samples.crs_wkt.empty() && is_geographic(samples.crs_wkt)) {
            refuse("crs=" + crs_label(samples.crs_wkt),
                   "has degrees, " +
                       (spatial != m_fold_schemes.end() ? to_string(*spatial) : std::string("distances")) +
                       " needs metres",
                   "make the samples in a projected CRS such as the scene's UTM zone");
        }
        if (samples.recipe_json.empty() || !uses(FoldScheme::spatial_block)) {
            return;
        }
        const double pixel = FeatureRecipe::from_json(samples.recipe_json, m_samples_path.string()).pixel_width;
        if (m_folds.block_size_m > 0 && m_folds.block_size_m <= pixel) {
            refuse("block_size=" + format_number(m_folds.block_size_m),
                   "is not larger than a pixel (" + format_number(pixel) + ")",
                   "give the side of a block in metres, such as 10000");
        }
    }

    /// `knndm: 5 folds; W of distances 812.5 m (2040.1 m leave-one-out); 12 samples left out per fold`
    static std::string describe(const FoldAssignment& assignment) {
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

    [[nodiscard]] FoldRecord record_of(const FoldAssignment& assignment) const {
        if (assignment.scheme != FoldScheme::spatial_block) {
            return {.block_size_m = 0, .block_assignment = {}, .block_shape = {}, .seed = m_folds.seed};
        }
        return {.block_size_m = m_folds.block_size_m,
                .block_assignment = to_string(m_folds.assignment),
                .block_shape = to_string(m_folds.shape),
                .seed = m_folds.seed};
    }

    SampleArguments m_samples;
    ForestArguments m_forest;
    std::vector<std::string> m_schemes = {"random", "polygon", "spatial-block"};
    std::string m_assignment = "balanced";
    std::string m_shape = "square";
    std::string m_layout = "regular";
    std::filesystem::path m_area;
    PredictionAreaOptions m_area_options;
    int m_permutation_repeats = 0;
    bool m_folds_only = false;
    std::filesystem::path m_output;
    std::filesystem::path m_folds_output;
    FoldOptions m_folds;
    std::vector<FoldScheme> m_fold_schemes;
    CrossValidationOptions m_options;
    std::filesystem::path m_samples_path;
    std::filesystem::path m_path;
    std::filesystem::path m_folds_path;
};

} // namespace

std::unique_ptr<Command> make_cv_command() {
    return std::make_unique<CvCommand>();
}

} // namespace lcclass
