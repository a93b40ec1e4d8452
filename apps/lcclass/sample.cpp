#include "command_line.h"
#include "commands.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/rasterize.h"
#include "lcclass/geo/sample_file.h"
#include "lcclass/report/qgis_style.h"
#include "lcclass/sampling/sampling_design.h"
#include "stage_files.h"

namespace lcclass {

namespace {

class SampleCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "sample"; }
    [[nodiscard]] std::string summary() const override { return "labelled pixels to a table of samples"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass sample --stack stack.tif --labels labels.tif --per-polygon 20 -o samples.gpkg";
    }

    void add_options(CLI::App& app) override {
        path_option(app, "--stack", m_stack, "features [stack.tif]");
        path_option(app, "--labels", m_labels, "label raster of rasterize [labels.tif]");
        only_words(app.add_option("--strategy", m_strategy, "all, total, constant, smallest or percent"),
                   {"all", "total", "constant", "smallest", "percent"});
        app.add_option("--total", m_design.total, "total: samples in all, in proportion to the classes' pixels");
        app.add_option("--per-class", m_design.per_class, "constant: samples of each class; otherwise a cap");
        app.add_option("--percent", m_design.percent, "percent: of each class's pixels");
        app.add_option("--per-polygon", m_design.per_polygon, "at most so many of one polygon, 0: no cap");
        path_option(app, "-o,--output", m_output, ".gpkg, .fgb or .csv to write [samples.gpkg]");
    }

    void prepare(const GlobalOptions& globals) override {
        m_design.strategy = parse_sampling_strategy(m_strategy);
        m_design.seed = globals.seed;
        check_design(m_design);
        m_stack_path = path_or_default(m_stack, globals, "stack.tif", "--stack");
        m_labels_path = path_or_default(m_labels, globals, "labels.tif", "--labels");
        m_path = path_or_default(m_output, globals, "samples.gpkg", "--output");
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override { return {m_stack_path, m_labels_path}; }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override { return {m_path}; }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        // Labelled pixels of a LUCAS survey are a fraction of a percent of a scene (FIELD: 53,845 px of a tile).
        facts.samples = m_design.total > 0 ? m_design.total : facts.pixels / 100;
        const std::int64_t row_bytes = std::int64_t{8} * (facts.n_features + 6);
        return Estimate{.memory_bytes = block_memory(facts.n_features + 2) + facts.samples * row_bytes,
                        .disk_bytes = facts.samples * row_bytes * 2,
                        .seconds = static_cast<double>(facts.pixels) / 40e6 + static_cast<double>(facts.samples) / 1e5};
    }

    void run(Context& context) override {
        const RasterFile stack = open_raster(m_stack_path);
        const RasterFile labels = open_raster(m_labels_path);
        const std::string& recipe = require_metadata(stack, "LCCLASS_RECIPE", m_stack_path, "stack");
        require_same_grid(labels.source->grid(), m_labels_path.string(), stack.source->grid(), m_stack_path.string());
        const LabelInfo info = read_label_info(labels.metadata, m_labels_path.string());
        SamplingResult result = draw_samples(*stack.source, *labels.source, info, m_design, context.progress);
        result.samples.recipe_json = recipe;
        write_samples(m_path, result.samples, context.globals.overwrite,
                      {{.layer = "samples", .qml = report::to_qml(report::sample_style(result.samples.legend))}});
        report(result, info, context);
        context.summary = count_text(static_cast<std::int64_t>(result.samples.size()), "sample") + " of " +
                          std::to_string(info.legend.size()) + " classes";
    }

private:
    void report(const SamplingResult& result, const LabelInfo& info, Context& context) const {
        context.print("code  class                     polygons  labelled    nodata     taken");
        for (const auto& count : result.report.classes) {
            const auto index = info.legend.index_of(count.class_code);
            std::string line =
                to_right(std::to_string(count.class_code), 4) + "  " + name_cell(info.legend.at(*index).name, 24);
            for (const std::int64_t number : {count.polygons, count.labelled, count.nodata, count.taken}) {
                line += to_right(std::to_string(number), 10);
            }
            context.print(line);
            if (count.taken < count.asked) {
                context.inform("class " + info.legend.at(*index).name + ": all " + with_thousands(count.taken) +
                               " pixels taken, " + with_thousands(count.asked) + " were asked for");
            }
        }
        context.print(m_path.string() + ": " + with_thousands(result.samples.size()) + " samples, " +
                      std::to_string(result.samples.n_features()) + " features");
    }

    std::filesystem::path m_stack;
    std::filesystem::path m_labels;
    std::filesystem::path m_output;
    std::string m_strategy = "all";
    SamplingDesign m_design;
    std::filesystem::path m_stack_path;
    std::filesystem::path m_labels_path;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_sample_command() {
    return std::make_unique<SampleCommand>();
}

} // namespace lcclass
