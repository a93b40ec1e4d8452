#include "class_shares.h"
#include "command_line.h"
#include "commands.h"
#include "files_check.h"

#include "lcclass/core/error.h"
#include "lcclass/core/input_watch.h"
#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/features/feature_source.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/mapping/class_priors.h"
#include "lcclass/mapping/predict_map.h"
#include "lcclass/report/qgis_style.h"
#include "model_features.h"
#include "predict_applicability.h"
#include "stage_files.h"
#include "style_files.h"
#include "training.h"
#include "training_pixels.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

namespace lcclass {

namespace {

using Path = std::filesystem::path;

class PredictCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "predict"; }
    [[nodiscard]] std::string summary() const override { return "model and scene to a land cover map"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass predict -m model.lcm -i S2A_MSIL2A_....SAFE -o map.tif --uncertainty uncertainty.tif";
    }

    void add_options(CLI::App& app) override {
        path_option(app, "-m,--model", m_model, "model [model.lcm]");
        add_scene_options(app, m_scene, "as the model was trained");
        add_extent_options(app, m_scene);
        app.add_option("--min-valid", m_min_valid,
                       "of several dates, leave out those with a smaller share of valid pixels [as for the model]")
            ->check(CLI::Range(0.0, 1.0));
        path_option(app, "-o,--output", m_output, "map to write [map.tif]");
        path_option(app, "--probabilities", m_probabilities, "also a raster with one band of probability per class");
        path_option(app, "--uncertainty", m_uncertainty, "also max_probability, margin and entropy (bits)");
        add_class_share_options(app, m_shares);
        app.add_option("--block-pixels", m_block_pixels, "side of the blocks a scene is streamed in");
        add_applicability_options(app, m_applicability);
        main_options(app, {"--model", "--input", "--output", "--probabilities", "--uncertainty", "--class-priors",
                           "--applicability", "--samples", "--scheme", "--min-valid"});
    }

    void prepare(const GlobalOptions& globals) override {
        m_model_path = path_or_default(m_model, globals, "model.lcm", "--model");
        if (m_scene.inputs.empty()) {
            m_scene.inputs = {path_or_default({}, globals, "stack.tif", "--input").string()};
        }
        to_scene_options(m_scene);
        m_path = path_or_default(m_output, globals, "map.tif", "--output");
        m_share_file = class_share_file(m_shares);
        check_applicability_options(m_applicability, globals.seed);
        if (m_block_pixels < 16 || m_block_pixels > 16384) {
            throw Error(ExitCode::configuration, {.where = {},
                                                  .field = "--block-pixels=" + std::to_string(m_block_pixels),
                                                  .problem = "is out of range",
                                                  .fix = "16 to 16384"});
        }
    }

    [[nodiscard]] std::vector<Path> inputs() const override {
        auto paths = input_paths(m_scene.inputs);
        paths.push_back(m_model_path);
        if (!m_scene.like.empty()) {
            paths.push_back(m_scene.like);
        }
        if (!m_share_file.empty()) {
            paths.push_back(m_share_file);
        }
        std::ranges::copy(applicability_inputs(m_applicability), std::back_inserter(paths));
        return paths;
    }

    [[nodiscard]] std::vector<Path> outputs() const override {
        std::vector<Path> paths = {m_path, m_path.string() + ".aux.xml", style_path(m_path)};
        for (const Path& extra : {m_probabilities, m_uncertainty, m_applicability.raster}) {
            if (!extra.empty()) {
                paths.push_back(extra);
                paths.push_back(style_path(extra));
            }
        }
        return paths;
    }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        const auto trees = static_cast<double>(std::max(facts.n_trees, 1));
        return Estimate{.memory_bytes =
                            block_memory(facts.n_features) + (400LL << 20U) + facts.samples * facts.n_trees * 8,
                        .disk_bytes = facts.pixels / 4 + (m_uncertainty.empty() ? 0 : facts.pixels * 12) +
                                      (m_probabilities.empty() ? 0 : facts.pixels * 4 * facts.n_classes) +
                                      (m_applicability.given() ? facts.pixels * 6 : 0),
                        .seconds = static_cast<double>(facts.pixels) * (trees + 50) / 500e6 +
                                   (m_applicability.given() ? applicability_seconds(facts) : 0)};
    }

    void run(Context& context) override {
        const std::string model_hash = sha256_of_file(m_model_path);
        const Model model = read_model(m_model_path);
        const std::optional<InputWatch> watch = watch_found_samples(model, context.globals);
        const std::shared_ptr<const RasterSource> features =
            open_model_features(model, m_model_path, {.arguments = m_scene, .min_valid = m_min_valid}, context);
        const MapExtras extras{.probabilities = !m_probabilities.empty(),
                               .uncertainty = !m_uncertainty.empty(),
                               .class_priors = m_shares.given(),
                               .applicability = m_applicability.given()};
        const std::int64_t least_memory =
            std::max(least_map_memory(model, extras, m_block_pixels),
                     m_shares.estimated() ? least_prior_memory(model, features->grid()) : std::int64_t{0});
        std::optional<ModelApplicability> applicability;
        if (m_applicability.given()) {
            applicability = make_applicability({.model = model, .path = m_model_path, .sha256 = model_hash},
                                               m_applicability, context);
        }
        const std::int64_t kept = applicability ? applicability->figures.memory() : 0;
        require_memory(program_memory + least_memory + kept, context.globals,
                       "allow more memory, fewer threads (-t 1) or smaller blocks (--block-pixels)");
        MapOptions options{.block_size = m_block_pixels,
                           .memory = context.globals.memory_bytes - program_memory - kept};
        options.applicability = applicability ? &applicability->figures : nullptr;
        options.class_priors = find_class_priors(model, *features, options.memory, context);
        const auto sinks =
            create_sinks(model, features->grid(), model_hash, options.class_priors, applicability, context);
        const MapOutputs outputs{.map = sinks[0].get(),
                                 .probabilities = sinks[1].get(),
                                 .uncertainty = sinks[2].get(),
                                 .applicability = sinks[3].get()};
        const MapReport report = predict_map(model, *features, outputs, options, context.progress);
        commit(sinks, model.legend, context);
        print_report(model, report, *features, context);
        context.summary = size_text(features->grid()) + ", " + std::to_string(model.legend.size()) + " classes";
        if (applicability) {
            print_applicability(model, applicability->figures, report, context);
        }
    }

private:
    /// Samples that are found by way of the model are inputs from then on, like those that were named.
    std::optional<InputWatch> watch_found_samples(const Model& model, const GlobalOptions& globals) {
        if (!m_applicability.given() || !m_applicability.samples.samples.empty()) {
            return std::nullopt;
        }
        find_samples_of_model(model, m_model_path, m_applicability, globals);
        check_outputs_are_apart(*this);
        throw_if_inputs_changed(); // before this watch takes over
        return std::optional<InputWatch>(std::in_place, inputs(), outputs());
    }

    /// The shares to correct for, in the order of the legend; empty: none asked for.
    [[nodiscard]] std::vector<double> find_class_priors(const Model& model, const RasterSource& features,
                                                        std::int64_t memory, Context& context) const {
        if (!m_shares.given()) {
            return {};
        }
        if (model.training_priors.empty()) {
            throw Error(ExitCode::model, {.where = m_model_path.string(),
                                          .field = "training_priors",
                                          .problem = "are unknown: the model was made before they were kept",
                                          .fix = "train the model again, or leave --class-priors out"});
        }
        if (!m_shares.estimated()) {
            return read_class_shares(m_shares, model.legend);
        }
        return estimate_class_priors(model, features, memory, context);
    }

    [[nodiscard]] std::vector<double> estimate_class_priors(const Model& model, const RasterSource& features,
                                                            std::int64_t memory, Context& context) const {
        const PriorEstimate estimate =
            estimate_priors(model, features, {.block_size = m_block_pixels, .memory = memory}, context.progress);
        check_estimate(estimate, model);
        for (std::size_t k = 0; k < estimate.priors.size(); ++k) {
            if (estimate.priors[k] * static_cast<double>(estimate.n_pixels) < 1) {
                const LandCoverClass& entry = model.legend.at(static_cast<int>(k));
                context.warn("the estimated share of class " + std::to_string(entry.code) + " (" + entry.name +
                             ") is less than a pixel: if it is there, state the shares with --class-priors");
            }
        }
        context.inform("class shares of " + with_thousands(estimate.n_pixels) +
                       " pixels: " + class_shares_text(estimate.priors, model.legend));
        return estimate.priors;
    }

    [[nodiscard]] std::array<std::unique_ptr<RasterSink>, 4>
    create_sinks(const Model& model, const GridSpec& grid, const std::string& model_hash,
                 const std::vector<double>& class_priors, const std::optional<ModelApplicability>& applicability,
                 const Context& context) const {
        RasterLayout layout;
        layout.grid = grid;
        layout.cloud_optimized = true;
        layout.statistics = true;
        layout.overwrite = context.globals.overwrite;
        const std::string samples = training_samples_of(model);
        const auto create = [&](const Path& path, const std::string& kind,
                                std::vector<BandSpec> bands) -> std::unique_ptr<RasterSink> {
            if (path.empty()) {
                return nullptr;
            }
            layout.bands = std::move(bands);
            layout.metadata = provenance(kind);
            layout.metadata["LCCLASS_MODEL_SHA256"] = model_hash;
            if (!samples.empty()) {
                layout.metadata["LCCLASS_SAMPLES"] = samples;
            }
            if (!class_priors.empty()) {
                layout.metadata["LCCLASS_CLASS_PRIORS"] = class_shares_text(class_priors, model.legend);
            }
            if (kind == "applicability") {
                layout.metadata["LCCLASS_APPLICABILITY"] = applicability->record;
            }
            return create_raster(path, layout);
        };
        std::array<std::unique_ptr<RasterSink>, 4> sinks;
        std::vector<BandSpec> class_bands;
        for (const LandCoverClass& entry : model.legend.classes()) {
            class_bands.push_back({.name = entry.name, .unit = "probability", .radiometry = {}, .resampling = {}});
        }
        sinks[1] = create(m_probabilities, "probabilities", std::move(class_bands));
        sinks[2] = create(m_uncertainty, "uncertainty",
                          {{.name = "max_probability", .unit = "probability", .radiometry = {}, .resampling = {}},
                           {.name = "margin", .unit = "probability", .radiometry = {}, .resampling = {}},
                           {.name = "entropy", .unit = "bit", .radiometry = {}, .resampling = {}}});
        if (applicability) {
            sinks[3] = create(m_applicability.raster, "applicability",
                              {{.name = "dissimilarity", .unit = {}, .radiometry = {}, .resampling = {}},
                               {.name = "inside", .unit = {}, .radiometry = {}, .resampling = {}},
                               {.name = "local_point_density", .unit = "samples", .radiometry = {}, .resampling = {}}});
        }
        layout.type = model.legend.max_code() <= 255 ? PixelType::uint8 : PixelType::uint16;
        layout.legend = model.legend;
        sinks[0] = create(m_path, "map", {{.name = "class_code", .unit = {}, .radiometry = {}, .resampling = {}}});
        return sinks;
    }

    void commit(const std::array<std::unique_ptr<RasterSink>, 4>& sinks, const ClassLegend& legend,
                const Context& context) const {
        const std::array<std::pair<const Path*, report::QgisStyle>, 4> files = {
            {{&m_path, report::class_style(legend)},
             {&m_probabilities, report::probability_style()},
             {&m_uncertainty, report::uncertainty_style(legend.size())},
             {&m_applicability.raster, report::applicability_style()}}};
        for (std::size_t i = 0; i < sinks.size(); ++i) {
            if (sinks[i] != nullptr) {
                commit_with_style(
                    *sinks[i], *files[i].first, [&] { return files[i].second; }, context);
            }
        }
    }

    void print_report(const Model& model, const MapReport& report, const RasterSource& features,
                      Context& context) const {
        std::int64_t mapped = 0;
        for (const std::int64_t pixels : report.class_pixels) {
            mapped += pixels;
        }
        if (mapped == 0) {
            context.warn(m_path.string() + ": no pixel has a value in every feature; the whole map is nodata");
        }
        print_classes(model, report, mapped, context);
        context.print("nodata " + with_thousands(report.nodata_pixels) + " of " +
                      with_thousands(features.grid().n_pixels()) + " pixels");
        context.print(m_path.string() + ": " + describe(features.grid()));
    }

    static void print_classes(const Model& model, const MapReport& report, std::int64_t mapped, Context& context) {
        const bool corrected = !report.class_pixels_without_priors.empty();
        const bool judged = !report.class_pixels_outside.empty();
        const auto percent_of = [](std::int64_t pixels, std::int64_t whole) {
            return fixed_digits(whole == 0 ? 0 : 100.0 * static_cast<double>(pixels) / static_cast<double>(whole), 1);
        };
        context.print(std::string("code  class                           pixels   share") +
                      (corrected ? "  without class priors" : "") + (judged ? "   outside" : ""));
        for (int k = 0; k < model.legend.size(); ++k) {
            const auto at = static_cast<std::size_t>(k);
            const std::int64_t pixels = report.class_pixels[at];
            std::string line = to_right(std::to_string(model.legend.at(k).code), 4) + "  " +
                               name_cell(model.legend.at(k).name, 24) + to_right(with_thousands(pixels), 14) +
                               to_right(percent_of(pixels, mapped), 7) + " %";
            if (corrected) {
                line += to_right(percent_of(report.class_pixels_without_priors[at], mapped), 19) + " %";
            }
            if (judged) {
                line += to_right(percent_of(report.class_pixels_outside[at], pixels), 8) + " %";
            }
            context.print(line);
        }
    }

    Path m_model;
    SceneArguments m_scene;
    std::optional<double> m_min_valid;
    Path m_output;
    Path m_probabilities;
    Path m_uncertainty;
    ClassShareArguments m_shares;
    ApplicabilityArguments m_applicability;
    std::int64_t m_block_pixels = default_block_size;
    Path m_model_path;
    Path m_share_file;
    Path m_path;
};

} // namespace

std::unique_ptr<Command> make_predict_command() {
    return std::make_unique<PredictCommand>();
}

} // namespace lcclass
