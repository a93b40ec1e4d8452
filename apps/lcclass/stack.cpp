#include "command_line.h"
#include "commands.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/features/feature_source.h"
#include "lcclass/geo/raster_file.h"
#include "scene_options.h"
#include "stage_files.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace lcclass {

namespace {

/// Counts reflectances that no surface has: the sign of an offset subtracted twice.
class NegativeReflectance {
public:
    explicit NegativeReflectance(const FeatureSource& source) {
        const auto& features = source.recipe().features;
        for (std::size_t f = 0; f < features.size(); ++f) {
            if (features[f].formula == features[f].name && source.bands()[f].radiometry.origin != "none") {
                m_counts.push_back({.name = features[f].name, .band = static_cast<int>(f)});
            }
        }
    }

    void count(const PixelBlock& block) {
        for (Count& count : m_counts) {
            for (const float value : block.band(count.band)) {
                count.valid += std::isnan(value) ? 0 : 1;
                count.negative += value < lowest_plausible ? 1 : 0;
            }
        }
    }

    void warn(Context& context) const {
        for (const Count& count : m_counts) {
            const double share =
                count.valid == 0 ? 0 : static_cast<double>(count.negative) / static_cast<double>(count.valid);
            if (share > 0.01) {
                context.warn(
                    count.name + ": " + format_number(std::round(share * 1000) / 10) +
                    " % of the reflectances are below -0.02; was the offset already subtracted by the provider?");
            }
        }
    }

private:
    static constexpr float lowest_plausible = -0.02F;
    struct Count {
        std::string name;
        int band = 0;
        std::int64_t valid = 0;
        std::int64_t negative = 0;
    };
    std::vector<Count> m_counts;
};

bool is_sentinel2_band(const std::string& name) {
    return name == "B8A" || (name.size() == 3 && name[0] == 'B' && parse_int(name.substr(1)).has_value());
}

class StackCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "stack"; }
    [[nodiscard]] std::string summary() const override { return "bands and indices on one grid, as reflectance"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass stack -i S2A_MSIL2A_....SAFE --features B02,B03,B04,B08,NDVI,NDWI -o stack.tif";
    }

    void add_options(CLI::App& app) override {
        add_scene_options(app, m_scene, {});
        list_option(app, "--features", m_features,
                    "bands and indices, in order; indices: NDVI NDWI MNDWI NDBI NDMI NDTI NDSI NDRE EVI EVI2 SAVI "
                    "BI2 BSI S2REP [all bands]");
        app.add_option("--resolution", m_scene.resolution, "pixel size in CRS units [the finest band's]");
        add_extent_options(app, m_scene);
        path_option(app, "-o,--output", m_output, "GeoTIFF to write [stack.tif]");
    }

    void prepare(const GlobalOptions& globals) override {
        m_options = to_scene_options(m_scene);
        m_path = path_or_default(m_output, globals, "stack.tif", "--output");
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        auto paths = input_paths(m_options.inputs);
        if (!m_options.like.empty()) {
            paths.emplace_back(m_options.like);
        }
        return paths;
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override { return {m_path}; }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        const auto source = open_features();
        facts.pixels = source->grid().n_pixels();
        facts.n_features = static_cast<int>(source->bands().size());
        const auto values = static_cast<double>(facts.pixels * facts.n_features);
        return Estimate{.memory_bytes = block_memory(facts.n_features),
                        .disk_bytes = static_cast<std::int64_t>(values * 2.5),
                        .seconds = values / 12e6};
    }

    void run(Context& context) override {
        const auto source = open_features();
        require_memory(block_memory(static_cast<int>(source->bands().size())), context.globals);
        RasterLayout layout;
        layout.grid = source->grid();
        layout.bands = source->bands();
        layout.metadata = provenance("stack");
        layout.metadata["LCCLASS_RECIPE"] = source->recipe().to_json();
        layout.overwrite = context.globals.overwrite;
        const auto sink = create_raster(m_path, layout);
        std::int64_t valid = 0;
        NegativeReflectance negative(*source);
        stream_blocks(
            block_windows(source->grid().extent(), default_block_size, default_block_size), "stack", context.progress,
            [&](const Window& window) {
                PixelBlock block;
                source->read(window, block);
                return block;
            },
            [&](PixelBlock&& block) {
                valid += std::count(block.valid.begin(), block.valid.end(), std::uint8_t{1});
                negative.count(block);
                sink->write(block);
            });
        if (valid == 0) {
            throw Error(ExitCode::input, {.where = m_options.inputs.front(),
                                          .field = "valid pixels=0",
                                          .problem = "no pixel has a value in every feature",
                                          .fix = "check the scene's footprint, --bounds and the radiometry"});
        }
        sink->commit();
        negative.warn(context);
        report(*source, valid, context);
    }

private:
    [[nodiscard]] std::unique_ptr<FeatureSource> open_features() const {
        std::vector<std::string> available;
        std::vector<std::string> features = m_features;
        for (const SceneBand& band : list_bands(m_options)) {
            available.push_back(band.name);
            if (m_features.empty() && !band.auxiliary) {
                features.push_back(band.name);
            }
        }
        // A Sentinel-2 band that is not there is a fault of the scene, which open_scene explains.
        std::copy_if(features.begin(), features.end(), std::back_inserter(available), is_sentinel2_band);
        const auto bands = open_scene(m_options, bands_needed(features, available));
        return std::make_unique<FeatureSource>(bands, make_recipe(features, *bands));
    }

    void report(const FeatureSource& source, std::int64_t valid, Context& context) const {
        context.print(m_path.string() + ": " + describe(source.grid()) + ", " + crs_label(source.grid().crs_wkt));
        context.print("features: " + join(band_names(source), " "));
        context.print("pixels with all features: " + with_thousands(valid) + " of " +
                      with_thousands(source.grid().n_pixels()));
        const auto undefined = source.undefined_counts();
        for (std::size_t f = 0; f < undefined.size(); ++f) {
            if (undefined[f] > 0) {
                context.print(source.bands()[f].name + " undefined (nodata) at " + with_thousands(undefined[f]) +
                              " pixels");
            }
        }
    }

    SceneArguments m_scene;
    std::vector<std::string> m_features;
    std::filesystem::path m_output;
    SceneOptions m_options;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_stack_command() {
    return std::make_unique<StackCommand>();
}

} // namespace lcclass
