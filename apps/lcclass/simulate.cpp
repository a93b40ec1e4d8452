#include "command_line.h"
#include "commands.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/class_map.h"
#include "lcclass/geo/lucas_writer.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/safe_writer.h"
#include "lcclass/simulation/landscape.h"
#include "output_folder.h"
#include "stage_files.h"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace lcclass {

namespace {

namespace fs = std::filesystem;

constexpr const char* remark =
    "SIMULATED by lcclass simulate: a virtual landscape, not an observation of any real place";
constexpr const char* config_name = "lcclass.yml";
constexpr const char* polygons_name = "polygons.gpkg";
constexpr const char* truth_name = "truth.tif";
/// Also what tells a folder of ours from one that must not be replaced.
constexpr const char* readme_name = "SIMULATED.txt";
constexpr const char* sensing_time = "20180512T100031";
constexpr std::int32_t survey_year = 2018;
constexpr double hectares_per_pixel = 0.01;
/// Half of what other commands stream in: ten bands and the ground beneath them are in memory at once.
constexpr std::int64_t block_size = default_block_size / 2;

/// The classes of the landscape with their LUCAS names and colours.
ClassLegend legend_of(const Landscape& landscape) {
    const std::vector<std::int32_t> codes = landscape.class_codes();
    std::vector<LandCoverClass> classes = ClassMap::load("lucas-level1").legend().classes();
    std::erase_if(classes, [&](const LandCoverClass& entry) {
        return std::find(codes.begin(), codes.end(), entry.code) == codes.end();
    });
    return ClassLegend(std::move(classes));
}

RasterLayout truth_layout(const GridSpec& grid, const ClassLegend& legend) {
    RasterLayout layout;
    layout.grid = grid;
    layout.bands = {BandSpec{.name = "class_code", .unit = {}, .radiometry = {}, .resampling = {}}};
    layout.type = PixelType::uint8;
    layout.metadata = provenance("truth");
    layout.metadata["LCCLASS_SIMULATED"] = remark;
    layout.legend = legend;
    layout.cloud_optimized = true;
    return layout;
}

LucasLayer to_layer(const std::vector<SimulatedPolygon>& polygons, const GridSpec& grid) {
    LucasLayer layer;
    layer.crs_wkt = grid.crs_wkt;
    layer.survey_year = survey_year;
    layer.remark = remark;
    for (const SimulatedPolygon& polygon : polygons) {
        layer.polygons.push_back({.point_id = polygon.point_id,
                                  .lc1 = polygon.lc1,
                                  .area_ha = static_cast<double>(polygon.n_pixels) * hectares_per_pixel,
                                  .ring = polygon.ring});
    }
    return layer;
}

/// About five blocks across the scene, in whole 100 m, and the 10 km of the LUCAS course at most.
double block_size_m(const GridSpec& grid) {
    const double side = static_cast<double>(grid.width) * grid.pixel_width;
    return std::clamp(std::round(side / 5.5 / 100) * 100, 100.0, 10000.0);
}

std::string config_text(const std::string& product, const GridSpec& grid, std::uint64_t seed) {
    return "# " + std::string(remark) + ".\n" +
           "# Run it with: lcclass run -c lcclass.yml\n"
           "output_dir: out\n"
           "seed: " +
           std::to_string(seed) +
           "\n\n"
           "stack:\n"
           "  input: [" +
           product +
           "]\n"
           "  features: [B02, B03, B04, B08, NDVI, NDWI]\n\n"
           "rasterize:\n"
           "  input: polygons.gpkg\n"
           "  class_field: lc1_h\n"
           "  class_map: lucas-level1\n"
           "  group_field: point_id\n"
           "  where: obs_type = 1\n\n"
           "sample:\n"
           "  strategy: all\n\n"
           "cv:\n"
           "  schemes: [random, polygon, spatial-block]\n"
           "  folds: 5\n"
           "  block_size: " +
           format_number(block_size_m(grid)) +
           "\n"
           "  n_estimators: 100\n\n"
           "train:\n"
           "  n_estimators: 100\n\n"
           "predict:\n"
           "  probabilities: out/probabilities.tif\n"
           "  uncertainty: out/uncertainty.tif\n"
           "\n"
           "explain:\n"
           "  rows: 300\n\n"
           "assess:\n"
           "  reference: truth.tif\n"
           "  cv: out/cv.json\n\n"
           "report:\n"
           "  title: A simulated landscape\n";
}

std::string readme_text(const std::string& product) {
    return std::string(remark) +
           ".\n\n"
           "Do not mix it with observations. The spectra are typical class means with invented variation.\n\n" +
           product +
           "\n    a Sentinel-2 L2A product of that landscape\n"
           "polygons.gpkg\n    LUCAS-like polygons with their land cover code (lc1, lc1_h)\n"
           "truth.tif\n    the class of every pixel, also under clouds and beyond the edge of the swath\n"
           "lcclass.yml\n    an experiment: lcclass run -c lcclass.yml\n";
}

class SimulateCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "simulate"; }
    [[nodiscard]] std::string summary() const override {
        return "a virtual landscape with known truth: scene, polygons, config";
    }
    [[nodiscard]] std::string example() const override { return "lcclass simulate -o demo --size 1098"; }

    void add_options(CLI::App& app) override {
        path_option(app, "-o,--output", m_output, "folder to make");
        app.add_option("--size", m_options.size, "pixels of 10 m on a side, even; 10980 is a full tile")
            ->check(CLI::Range(100, 10980));
        app.add_option("--classes", m_options.n_classes, "LUCAS level-1 classes")->check(CLI::Range(5, 8));
        app.add_option("--clouds", m_options.cloud_fraction, "share of the scene under clouds")
            ->check(CLI::Range(0.0, 0.5));
        app.add_option("--polygons", m_polygons.count, "LUCAS-like polygons, 0: as many as suit the size")
            ->check(CLI::Range(0, 20000));
        only_words(
            app.add_option("--sampling", m_sampling,
                           "where they lie: grid, random-points (single pixels), random-polygons, clustered-polygons"),
            {"grid", "random-points", "random-polygons", "clustered-polygons"});
        only_words(app.add_option("--baseline", m_baseline,
                                  "processing baseline of the product: 05.11 (offset -1000) or 03.01 (none)"),
                   {"05.11", "03.01"});
    }

    void prepare(const GlobalOptions& globals) override {
        require_given(!m_output.empty(), "--output", "the folder to make");
        m_safe_baseline = parse_safe_baseline(m_baseline);
        m_options.seed = globals.seed;
        m_polygons.sampling = parse_polygon_sampling(m_sampling);
        const Landscape checked(m_options);
    }

    [[nodiscard]] std::vector<fs::path> inputs() const override { return {}; }
    [[nodiscard]] std::vector<fs::path> outputs() const override { return {m_output}; }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        const std::int64_t pixels = m_options.size * m_options.size;
        facts.pixels = pixels;
        return Estimate{.memory_bytes = block_memory(Landscape::n_bands()),
                        .disk_bytes = pixels * 25, // 13 bytes of numbers while they are collected, and 12 encoded
                        .seconds = static_cast<double>(pixels) / 0.5e6};
    }

    void run(Context& context) override {
        OutputFolder folder(m_output, context.globals.overwrite, readme_name);
        const Landscape landscape(m_options);
        GridSpec grid = landscape.grid();
        grid.crs_wkt = parse_crs("EPSG:" + std::to_string(Landscape::epsg()));
        const std::string product = write_scene(landscape, grid, folder.temporary(), context);
        const std::vector<SimulatedPolygon> polygons = landscape.draw_polygons(m_polygons, context.progress);
        write_lucas_polygons(folder.temporary() / polygons_name, to_layer(polygons, grid));
        write_file_atomically(folder.temporary() / config_name, config_text(product, grid, m_options.seed), false);
        write_file_atomically(folder.temporary() / readme_name, readme_text(product), false);
        folder.commit();
        report(product, polygons, legend_of(landscape), grid, context);
        context.summary = size_text(grid) + ", " + count_text(static_cast<std::int64_t>(polygons.size()), "polygon");
    }

private:
    /// The product and the truth in one pass over the landscape; gives the name of the product folder.
    std::string write_scene(const Landscape& landscape, const GridSpec& grid, const fs::path& folder,
                            Context& context) {
        SafeWriter safe(folder, {.grid = grid,
                                 .tile = Landscape::tile(),
                                 .sensing_time = sensing_time,
                                 .bands_10m = Landscape::names_10m(),
                                 .bands_20m = Landscape::names_20m(),
                                 .remark = remark,
                                 .baseline = m_safe_baseline});
        const auto truth = create_raster(folder / truth_name, truth_layout(grid, legend_of(landscape)));
        stream_blocks(
            block_windows(grid.extent(), block_size, block_size), "simulate", context.progress,
            [&](const Window& window) { return landscape.render(window); },
            [&](LandscapeBlock&& block) {
                safe.write(block.bands_10m, block.bands_20m, block.scl);
                truth->write(block.truth);
                count(block.truth);
            });
        truth->commit();
        safe.finish(context.progress);
        return safe.path().filename().string();
    }

    void count(const PixelBlock& truth) {
        for (const float code : truth.band(0)) {
            ++m_pixels_of_class.at(static_cast<std::size_t>(code));
        }
    }

    void report(const std::string& product, const std::vector<SimulatedPolygon>& polygons, const ClassLegend& legend,
                const GridSpec& grid, Context& context) const {
        context.print((m_output / product).string() + ": SIMULATED scene, " + describe(grid));
        for (const LandCoverClass& entry : legend.classes()) {
            const double share = 100.0 *
                                 static_cast<double>(m_pixels_of_class.at(static_cast<std::size_t>(entry.code))) /
                                 static_cast<double>(grid.n_pixels());
            const auto n = std::count_if(polygons.begin(), polygons.end(), [&](const SimulatedPolygon& polygon) {
                return polygon.class_code == entry.code;
            });
            context.print(std::to_string(entry.code) + " " + entry.name + ": " +
                          format_number(std::round(share * 10) / 10) + " % of the area, " + std::to_string(n) +
                          " polygons");
        }
        context.print("next: lcclass run -c " + (m_output / config_name).string());
    }

    fs::path m_output;
    LandscapeOptions m_options;
    PolygonOptions m_polygons;
    SafeBaseline m_safe_baseline = SafeBaseline::n0511;
    std::string m_baseline = to_string(m_safe_baseline);
    std::string m_sampling = to_string(PolygonSampling::grid);
    std::array<std::int64_t, 9> m_pixels_of_class{};
};

} // namespace

std::unique_ptr<Command> make_simulate_command() {
    return std::make_unique<SimulateCommand>();
}

} // namespace lcclass
