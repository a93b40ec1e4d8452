#include "command_line.h"
#include "commands.h"

#include "feature_options.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/filled_features.h"
#include "lcclass/geo/raster_file.h"
#include "scene_features.h"
#include "scene_options.h"
#include "scene_report.h"
#include "stack_checks.h"
#include "stage_files.h"
#include "style_files.h"

#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>

namespace lcclass {

namespace {

class StackCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "stack"; }
    [[nodiscard]] std::string summary() const override { return "bands and indices on one grid, as reflectance"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass stack -i S2A_MSIL2A_....SAFE --features B02,B03,B04,B08,NDVI,NDWI -o stack.tif";
    }

    void add_options(CLI::App& app) override {
        add_scene_options(app, m_scene, {});
        app.add_option("--resolution", m_scene.resolution, "pixel size in CRS units [the finest band's]");
        add_extent_options(app, m_scene);
        add_feature_options(app, m_feature_arguments);
        app.add_option("--min-valid", m_filter.min_valid,
                       "of several dates, leave out those with a smaller share of valid pixels")
            ->check(CLI::Range(0.0, 1.0))
            ->group(several_dates_group);
        app.add_option("--fit-pixels", m_fit.n_pixels, "pixels drawn to fit components and ranges of grey levels to")
            ->check(CLI::Range(100, 100'000'000))
            ->group(features_group);
        path_option(app, "--fill-from", m_fill_from, "a stack of the same features and grid to fill holes from")
            ->group(several_dates_group);
        path_option(app, "--scene-report", m_scene_report, "also the valid pixels per scene and block, as JSON")
            ->group(several_dates_group);
        app.add_flag("--strict", m_strict, "refuse reflectances that look as if their offset was subtracted twice");
        path_option(app, "-o,--output", m_output, "GeoTIFF to write [stack.tif]");
        main_options(app,
                     {"--input", "--radiometry", "--resampling", "--resolution", "--bounds", "--like", "--features",
                      "--index", "--mask", "--mask-dilate", "--composite", "--period", "--min-valid", "--output"});
    }

    void prepare(const GlobalOptions& globals) override {
        m_options = to_scene_options(m_scene);
        m_request = to_feature_request(m_feature_arguments);
        m_fit.seed = globals.seed;
        if (globals.memory_bytes > 0) {
            m_fit.memory = std::min(m_fit.memory, std::max<std::int64_t>(0, globals.memory_bytes - stack_memory));
        }
        m_path = path_or_default(m_output, globals, "stack.tif", "--output");
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        auto paths = input_paths(m_options.inputs);
        for (const std::filesystem::path& more : {std::filesystem::path(m_options.like), m_fill_from}) {
            if (!more.empty()) {
                paths.push_back(more);
            }
        }
        return paths;
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override {
        std::vector<std::filesystem::path> paths = {m_path, style_path(m_path)};
        if (!m_scene_report.empty()) {
            paths.push_back(m_scene_report);
        }
        return paths;
    }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        const FeatureOutline outline = outline_features(m_options, m_request);
        facts.pixels = outline.grid.n_pixels();
        facts.n_features = outline.n_features;
        const auto values = static_cast<double>(facts.pixels * facts.n_features);
        return Estimate{.memory_bytes = block_memory(facts.n_features),
                        .disk_bytes = static_cast<std::int64_t>(values * 2.5),
                        .seconds = values / 12e6};
    }

    void run(Context& context) override {
        const SceneFeatures features = make_features(m_options, m_request, m_filter, m_fit, context);
        const FeatureSource& source = *features.source;
        const std::int64_t block_size = require_block_memory(source, context.globals);
        const std::shared_ptr<FilledFeatures> filled = fill(features.source);
        const RasterSource& written = filled ? static_cast<const RasterSource&>(*filled) : source;
        const auto sink = create_raster(m_path, layout_of(source, context.globals));
        const Tally tally = write_blocks(written, block_size, *sink, context.progress);
        const StackChecks checks(source);
        if (tally.valid == 0) {
            refuse_empty(source, tally);
        }
        if (m_strict) {
            checks.require_plausible(m_options.inputs.front());
        }
        if (!m_scene_report.empty()) {
            write_file_atomically(m_scene_report, scene_report_json(features, tally.blocks, m_filter),
                                  context.globals.overwrite);
        }
        commit_with_style(
            *sink, m_path, [&] { return stack_style(*open_raster(m_path).source); }, context);
        checks.report(context);
        report(features, filled.get(), tally.valid, context);
        context.summary =
            count_text(static_cast<std::int64_t>(source.bands().size()), "feature") + ", " + size_text(source.grid());
    }

private:
    /// What was written.
    struct Tally {
        std::int64_t valid = 0; ///< pixels with all features
        std::vector<SceneShare::Block> blocks;
        std::vector<bool> has_values; ///< per feature
    };

    static Tally write_blocks(const RasterSource& features, std::int64_t block_size, RasterSink& sink,
                              Progress& progress) {
        Tally tally;
        tally.has_values.resize(features.bands().size());
        stream_blocks(
            block_windows(features.grid().extent(), block_size, block_size), "stack", progress, blocks_in_flight(),
            [&](const Window& window) {
                PixelBlock block;
                features.read(window, block);
                return block;
            },
            [&](PixelBlock&& block) {
                const auto n = std::count(block.valid.begin(), block.valid.end(), std::uint8_t{1});
                tally.valid += n;
                tally.blocks.push_back({.window = block.window, .valid = n});
                for (std::size_t f = 0; f < tally.has_values.size(); ++f) {
                    tally.has_values[f] =
                        tally.has_values[f] || std::ranges::any_of(block.band(static_cast<int>(f)),
                                                                   [](float value) { return !std::isnan(value); });
                }
                sink.write(block);
            });
        return tally;
    }

    [[noreturn]] void refuse_empty(const FeatureSource& source, const Tally& tally) const {
        std::vector<std::string> empty;
        for (std::size_t f = 0; f < tally.has_values.size(); ++f) {
            if (!tally.has_values[f]) {
                empty.push_back(source.bands()[f].name);
            }
        }
        throw Error(ExitCode::input,
                    {.where = m_options.inputs.front(),
                     .field = "valid pixels=0",
                     .problem = "no pixel has a value in every feature" +
                                (empty.empty() ? "" : "; none at all in " + join(empty, " ")),
                     .fix = "check the scene's footprint, --bounds, --mask, --gap-fill and the radiometry"});
    }

    /// One for every thread and one that is written.
    static std::size_t blocks_in_flight() {
        return static_cast<std::size_t>(tbb::this_task_arena::max_concurrency()) + 1;
    }

    /// The side of the blocks: smaller ones where features are many. Throws Error(resources).
    static std::int64_t require_block_memory(const FeatureSource& source, const GlobalOptions& globals) {
        const int n_features = static_cast<int>(source.bands().size());
        const std::int64_t threads = tbb::this_task_arena::max_concurrency();
        const auto memory_of = [&](std::int64_t side) {
            const std::int64_t features = n_features * side * side * static_cast<std::int64_t>(sizeof(float));
            return stack_memory + static_cast<std::int64_t>(blocks_in_flight()) * features +
                   threads * source.memory({.x = 0, .y = 0, .width = side, .height = side});
        };
        std::int64_t side = default_block_size;
        const std::int64_t most =
            globals.memory_bytes > 0 ? std::min(globals.memory_bytes, usual_memory) : usual_memory;
        while (side > least_block_size && memory_of(side) > most) {
            side /= 2;
        }
        require_memory(memory_of(side), globals);
        return side;
    }

    [[nodiscard]] std::shared_ptr<FilledFeatures> fill(const std::shared_ptr<FeatureSource>& source) const {
        if (m_fill_from.empty()) {
            return nullptr;
        }
        const RasterFile file = open_raster(m_fill_from);
        require_same_grid(file.source->grid(), m_fill_from.string(), source->grid(), "the scene");
        const std::string& recipe = require_metadata(file, "LCCLASS_RECIPE", m_fill_from, "stack");
        require_fillable(source->recipe(), FeatureRecipe::from_json(recipe, m_fill_from.string()),
                         m_fill_from.string());
        return std::make_shared<FilledFeatures>(source, file.source, m_fill_from.string());
    }

    [[nodiscard]] static RasterLayout layout_of(const FeatureSource& source, const GlobalOptions& globals) {
        RasterLayout layout;
        layout.grid = source.grid();
        layout.bands = source.bands();
        layout.metadata = provenance("stack");
        layout.metadata["LCCLASS_RECIPE"] = source.recipe().to_json();
        layout.overwrite = globals.overwrite;
        return layout;
    }

    void report(const SceneFeatures& features, const FilledFeatures* filled, std::int64_t valid,
                Context& context) const {
        const FeatureSource& source = *features.source;
        context.print(m_path.string() + ": " + describe(source.grid()) + ", " + crs_label(source.grid().crs_wkt));
        if (!features.scenes.empty()) {
            context.print("dates: " + std::to_string(features.scenes.size() - features.dropped.size()) + " of " +
                          std::to_string(features.scenes.size()));
        }
        context.print("features: " + join(band_names(source), " "));
        context.print("pixels with all features: " + with_thousands(valid) + " of " +
                      with_thousands(source.grid().n_pixels()));
        const auto undefined = source.undefined_counts();
        const auto from_filling =
            filled == nullptr ? std::vector<std::int64_t>(undefined.size()) : filled->filled_counts();
        for (std::size_t f = 0; f < undefined.size(); ++f) {
            const std::string& name = source.bands()[f].name;
            if (undefined[f] > 0) {
                context.print(name + " undefined (nodata) at " + with_thousands(undefined[f]) + " pixels");
            }
            if (from_filling[f] > 0) {
                context.print(name + " filled from " + m_fill_from.string() + " at " + with_thousands(from_filling[f]) +
                              " pixels");
            }
        }
        if (source.margin() > 0) {
            context.print("features reach " + std::to_string(source.margin()) +
                          (source.margin() == 1 ? " pixel (" : " pixels (") +
                          format_number(static_cast<double>(source.margin()) * source.grid().pixel_width) +
                          " CRS units) around each: cross-validate with a --buffer of at least twice that");
        }
        print_components(source.recipe(), context);
    }

    static void print_components(const FeatureRecipe& recipe, Context& context) {
        if (!recipe.components) {
            return;
        }
        std::vector<std::string> shares;
        for (const double ratio : recipe.components->explained_variance_ratio) {
            shares.push_back(format_number(std::round(ratio * 1000) / 10) + " %");
        }
        context.print("principal components explain " + join(shares, ", ") + " of the variance of " +
                      with_thousands(recipe.components->n_pixels) + " pixels");
    }

    static constexpr std::int64_t stack_memory = std::int64_t{350}
                                                 << 20U; ///< of GDAL's cache, decoders and the program
    static constexpr std::int64_t least_block_size = 256;
    static constexpr std::int64_t usual_memory = std::int64_t{900} << 20U; ///< a scene streams under 1 GiB

    SceneArguments m_scene;
    FeatureArguments m_feature_arguments;
    SceneFilter m_filter;
    FitOptions m_fit;
    std::filesystem::path m_fill_from;
    std::filesystem::path m_scene_report;
    bool m_strict = false;
    std::filesystem::path m_output;
    SceneOptions m_options;
    FeatureRequest m_request;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_stack_command() {
    return std::make_unique<StackCommand>();
}

} // namespace lcclass
