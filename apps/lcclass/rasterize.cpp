#include "command_line.h"
#include "commands.h"

#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/rasterize.h"
#include "lcclass/report/qgis_style.h"
#include "stage_files.h"
#include "style_files.h"

namespace lcclass {

namespace {

class RasterizeCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "rasterize"; }
    [[nodiscard]] std::string summary() const override { return "labelled polygons to a raster of class and polygon"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass rasterize -i lucas.gpkg --class-field lc1_h --class-map lucas-level1 --output-dir out";
    }

    void add_options(CLI::App& app) override {
        path_option(app, "-i,--input", m_input, "polygons (any OGR vector) or a class raster");
        path_option(app, "--like", m_like, "raster whose grid to burn on [stack.tif]");
        app.add_option("--layer", m_options.layer, "layer, when there are several");
        app.add_option("--class-field", m_options.class_field, "field with the class: integer code or text");
        some_words(path_or_word_option(
                       app, "--class-map", m_options.class_map,
                       "file, lucas-level1, lucas-level2, corine-level1 to -level3, worldcover or esri-land-cover "
                       "[integers as they are, texts sorted]"),
                   class_map_words());
        app.add_option("--group-field", m_options.group_field, "field whose values stay in one fold, e.g. point_id");
        app.add_option("--where", m_options.where, "SQL condition, e.g. \"obs_type = 1\"");
        app.add_option("--erode", m_options.erode, "pixels to take off the edge of every polygon or class");
        app.add_option("--min-patch", m_options.min_patch, "class rasters: pixels that a patch of one class needs");
        app.add_flag("--all-touched", m_options.all_touched, "burn every pixel touched, not only centres inside");
        only_words(app.add_option("--overlap", m_overlap, "pixels of two classes: error, drop, first or last"),
                   {"error", "drop", "first", "last"});
        only_words(app.add_option("--invalid", m_invalid, "invalid geometries: error, fix or skip"),
                   {"error", "fix", "skip"});
        only_words(app.add_option("--resampling", m_options.resampling, "class rasters: nearest or mode"),
                   {"nearest", "mode"});
        app.add_option("--assume-crs", m_options.assume_crs, "CRS of a layer that does not say, e.g. EPSG:3035");
        path_option(app, "-o,--output", m_output, "label raster to write [labels.tif]");
        main_options(app, {"--input", "--like", "--class-field", "--class-map", "--group-field", "--where", "--erode",
                           "--all-touched", "--overlap", "--invalid", "--output"});
    }

    void prepare(const GlobalOptions& globals) override {
        require_given(!m_input.empty(), "--input", "the polygons, as in -i lucas.gpkg");
        m_options.input = m_input.string();
        m_options.overlap = parse_overlap_policy(m_overlap);
        m_options.invalid = parse_invalid_policy(m_invalid);
        m_like_path = path_or_default(m_like, globals, "stack.tif", "--like");
        m_path = path_or_default(m_output, globals, "labels.tif", "--output");
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        std::vector<std::filesystem::path> paths = {m_options.input, m_like_path};
        if (m_input.extension() == ".shp") {
            for (const char* side : {".dbf", ".shx", ".prj", ".cpg"}) {
                const auto path = std::filesystem::path(m_input).replace_extension(side);
                if (std::filesystem::exists(path)) {
                    paths.push_back(path);
                }
            }
        }
        const std::filesystem::path log = m_input.string() + "-wal"; // a GeoPackage's rows not yet in the file itself
        if (std::filesystem::exists(log)) {
            paths.push_back(log);
        }
        if (std::filesystem::exists(m_options.class_map)) {
            paths.emplace_back(m_options.class_map);
        }
        return paths;
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override { return {m_path, style_path(m_path)}; }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        return Estimate{.memory_bytes = block_memory(2),
                        .disk_bytes = facts.pixels / 50,
                        .seconds = static_cast<double>(facts.pixels) / 40e6};
    }

    void run(Context& context) override {
        const RasterFile like = open_raster(m_like_path);
        m_options.overwrite = context.globals.overwrite;
        const RasterizeResult result = rasterize(m_options, like.source->grid(), m_path, context.progress);
        write_style(m_path, report::class_style(result.info.legend), context);
        context.print(result.accounting.to_table(result.info.legend));
        context.summary = std::to_string(result.info.legend.size()) + " classes, " + size_text(like.source->grid());
    }

private:
    RasterizeOptions m_options;
    std::filesystem::path m_input;
    std::filesystem::path m_like;
    std::string m_overlap = "error";
    std::string m_invalid = "error";
    std::filesystem::path m_output;
    std::filesystem::path m_like_path;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_rasterize_command() {
    return std::make_unique<RasterizeCommand>();
}

} // namespace lcclass
