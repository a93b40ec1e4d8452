#include "command_line.h"
#include "commands.h"

#include "assess_promises.h"
#include "assess_sample.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/raster_file.h"
#include "stage_files.h"

#include <nlohmann/json.hpp>

namespace lcclass {

namespace {

class AssessCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "assess"; }
    [[nodiscard]] std::string summary() const override {
        return "accuracy and area of a map, from a reference sample or raster";
    }
    [[nodiscard]] std::string example() const override {
        return "lcclass assess --map map.tif --reference points.gpkg --design stratified -o accuracy.json";
    }

    void add_options(CLI::App& app) override {
        path_option(app, "--map", m_map, "class map [map.tif]");
        path_option(app, "--reference", m_given.reference,
                    "labelled points or polygons, a raster of sampled pixels, or one that covers the map");
        only_words(
            app.add_option("--design", m_given.design, "how the reference was drawn: simple, stratified or weighted"),
            {"simple", "stratified", "weighted"});
        add_file_options(app);
        path_option(app, "--strata", m_given.strata, "raster of the strata that the reference was drawn from");
        map_option(app, "--stratum-sizes", m_given.stratum_sizes, "sizes of the strata, as in 'A=40000;B=30000'");
        path_option(app, "--samples", m_given.samples,
                    "what the map was trained on: no unit of a sample may lie there");
        path_option(app, "--cv", m_given.cv, "also compare with what this cv.json promised");
        app.add_flag("--plan", m_given.plan, "draw points to be labelled instead of judging");
        app.add_option("--target-se", m_given.plan_options.target_se,
                       "plan: standard error of overall accuracy to aim at");
        app.add_option("--expected-ua", m_given.expected_ua, "plan: user's accuracy that is expected of the classes");
        map_option(app, "--expected-ua-of", m_given.expected_ua_of,
                   "plan: and of single classes, as in '1=0.9;water=0.95'");
        app.add_option("--min-per-stratum", m_given.plan_options.min_per_stratum,
                       "plan: points of every class, or more");
        path_option(app, "-o,--output", m_output, "figures to write [accuracy.json]; plan: points [plan.gpkg]");
        main_options(app, {"--map", "--reference", "--design", "--class-field", "--class-map", "--stratum-field",
                           "--samples", "--cv", "--plan", "--target-se", "--output"});
    }

    void prepare(const GlobalOptions& globals) override {
        require_given(m_given.plan || !m_given.reference.empty(), "--reference",
                      "the reference, as in --reference points.gpkg, or --plan to draw one");
        m_given.map = path_or_default(m_map, globals, "map.tif", "--map");
        m_given.output = path_or_default(m_output, globals, m_given.plan ? "plan.gpkg" : "accuracy.json", "--output");
        if (!m_given.design.empty()) {
            parse_sample_design(m_given.design);
        }
        check_arguments(m_given);
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        std::vector<std::filesystem::path> paths = {m_given.map};
        for (const std::filesystem::path* path : {&m_given.reference, &m_given.strata, &m_given.samples, &m_given.cv}) {
            if (!path->empty()) {
                paths.push_back(*path);
            }
        }
        return paths;
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override { return {m_given.output}; }
    [[nodiscard]] bool is_worked_on(const std::filesystem::path& /*output*/) const override { return m_given.plan; }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        return Estimate{.memory_bytes = block_memory(2),
                        .disk_bytes = 1 << 16,
                        .seconds = static_cast<double>(facts.pixels) / 60e6};
    }

    void run(Context& context) override {
        const RasterFile map = open_raster(m_given.map);
        if (m_given.plan) {
            plan_sample_of(m_given, map, context);
            return;
        }
        refuse_cross_validation();
        const std::vector<CvPromise> promises =
            m_given.cv.empty() ? std::vector<CvPromise>() : read_promises(m_given.cv);
        if (is_sample(m_given)) {
            const SampleAccuracy accuracy = assess_by_sample(m_given, map, context);
            write_file_atomically(m_given.output, to_json(accuracy), context.globals.overwrite);
            context.print(to_table(accuracy));
            print_promises(promises, *accuracy.estimates.overall_accuracy.value, std::nullopt, context);
        } else {
            const MapAccuracy accuracy = assess_by_census(m_given, map, context);
            write_file_atomically(m_given.output, to_json(accuracy), context.globals.overwrite);
            context.print(to_table(accuracy));
            print_promises(promises, *accuracy.report.overall_accuracy, accuracy.report.f1_weighted, context);
        }
        context.print(m_given.output.string());
        context.summary = std::string(is_sample(m_given) ? "by a sample" : "by a raster of all pixels") + ", map of " +
                          size_text(map.source->grid());
    }

private:
    void add_file_options(CLI::App& app) {
        ReferenceFileOptions& file = m_given.file;
        app.add_option("--layer", file.layer, "layer of the reference, when it has several");
        app.add_option("--class-field", file.class_field, "field with the class: code, name, or value of --class-map");
        some_words(path_or_word_option(app, "--class-map", file.class_map, "a file, or built in"), class_map_words());
        app.add_option("--stratum-field", file.stratum_field, "field with the stratum that a unit was drawn from");
        app.add_option("--weight-field", file.weight_field, "weighted: field with 1 / probability of being drawn");
        app.add_option("--cluster-field", file.cluster_field,
                       "field with what was drawn first, when units were drawn within it");
        app.add_option("--where", file.where, "SQL condition on the units");
    }

    /// A matrix of cross-validation is no probability sample, however it is wrapped.
    void refuse_cross_validation() const {
        std::error_code ignored;
        if (m_given.reference.extension() != ".json" || !std::filesystem::is_regular_file(m_given.reference, ignored)) {
            return;
        }
        const auto json = nlohmann::json::parse(read_file(m_given.reference), nullptr, false);
        if (json.is_object() && json.contains("schemes")) {
            throw Error(ExitCode::input,
                        {.where = m_given.reference.string(),
                         .field = "schemes",
                         .problem = "is a cross-validation: its samples were chosen for training, not drawn by chance, "
                                    "and say nothing of areas",
                         .fix = "label a probability sample (assess --plan); --cv compares the two"});
        }
    }

    static void print_promises(const std::vector<CvPromise>& promises, double overall_accuracy,
                               const std::optional<double>& f1_weighted, Context& context) {
        if (!promises.empty()) {
            context.print("\n" + promises_table(promises, overall_accuracy, f1_weighted));
        }
    }

    std::filesystem::path m_map;
    std::filesystem::path m_output;
    AssessArguments m_given;
};

} // namespace

std::unique_ptr<Command> make_assess_command() {
    return std::make_unique<AssessCommand>();
}

} // namespace lcclass
