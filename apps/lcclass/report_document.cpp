#include "report_document.h"

#include "manifest.h"
#include "report_map.h"
#include "report_samples.h"
#include "stage_files.h"
#include "stage_times.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/sample_file.h"
#include "lcclass/report/sections.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

using report::Block;
using report::Document;
using report::Facts;
using report::JsonFile;
using report::Missing;
using report::Section;

namespace {

constexpr std::uintmax_t largest_json = std::uintmax_t{256} << 20;
constexpr std::uintmax_t largest_config = std::uintmax_t{1} << 20;

/// What several sections need.
struct Experiment {
    const ReportFiles& files;
    const ReportOptions& options;
    ClassLegend legend; ///< of the map, or else of the samples
    std::optional<SampleTable> samples;
    std::optional<JsonFile> cv;
    std::optional<JsonFile> explain;
    std::optional<JsonFile> accuracy;
};

std::optional<JsonFile> json_file(const fs::path& path) {
    if (path.empty()) {
        return std::nullopt;
    }
    return JsonFile{.name = path.string(), .text = read_file(path, largest_json)};
}

Experiment read_experiment(const ReportFiles& files, const ReportOptions& options) {
    Experiment experiment{.files = files,
                          .options = options,
                          .legend = {},
                          .samples = {},
                          .cv = json_file(files.cv),
                          .explain = json_file(files.explain),
                          .accuracy = json_file(files.accuracy)};
    if (!files.samples.empty()) {
        experiment.samples = read_samples(files.samples);
        experiment.legend = experiment.samples->legend;
    }
    if (!files.map.empty()) {
        experiment.legend = open_raster(files.map).legend.value_or(experiment.legend);
    }
    return experiment;
}

/// `10 m`, or the size in other units of the reference system as it is.
std::string pixel_text(const GridSpec& grid) {
    const std::string size = grid.pixel_width == grid.pixel_height
                                 ? format_number(grid.pixel_width)
                                 : format_number(grid.pixel_width) + " x " + format_number(grid.pixel_height);
    return metres_per_unit(grid.crs_wkt) == 1 ? size + " m" : size;
}

std::int64_t n_polygons(const SampleTable& samples) {
    const std::set<std::int32_t> ids(samples.polygon_id.begin(), samples.polygon_id.end());
    return ids.contains(0) ? 0 : static_cast<std::int64_t>(ids.size());
}

/// The answer before all else.
Section overview(const Experiment& experiment) {
    Facts facts;
    if (experiment.accuracy) {
        facts.items.emplace_back("Accuracy of the map", report::judgement_of(*experiment.accuracy));
    }
    if (experiment.cv) {
        facts.items.emplace_back("Accuracy to expect", report::promise_of(*experiment.cv));
    }
    if (!experiment.files.map.empty()) {
        const GridSpec grid = open_raster(experiment.files.map).source->grid();
        facts.items.emplace_back("Map", size_text(grid) + " of " + pixel_text(grid) + ", " + crs_label(grid.crs_wkt));
    }
    if (!experiment.legend.empty()) {
        std::vector<std::string> names;
        for (const LandCoverClass& entry : experiment.legend.classes()) {
            names.push_back(entry.name);
        }
        facts.items.emplace_back("Classes", join(names, ", "));
    }
    if (experiment.samples) {
        const std::int64_t polygons = n_polygons(*experiment.samples);
        facts.items.emplace_back("Learned from",
                                 with_thousands(experiment.samples->size()) + " samples" +
                                     (polygons > 0 ? " of " + with_thousands(polygons) + " polygons" : ""));
        facts.items.emplace_back("Features", join(experiment.samples->feature_names, ", "));
    }
    return {.id = "overview", .title = "In short", .blocks = {Block(std::move(facts))}};
}

Section map_section(const Experiment& experiment, Progress& progress) {
    Section section{.id = "map", .title = "The map", .blocks = {}};
    const ReportFiles& files = experiment.files;
    if (files.map.empty() && files.stack.empty() && files.labels.empty()) {
        section.blocks.emplace_back(Missing{"The map", "lcclass predict"});
    } else {
        section.blocks.emplace_back(make_map_view(files, progress));
    }
    return section;
}

std::optional<double> seconds_of(const std::string& stage, const StageTimes& times) {
    const auto found = std::ranges::find(times.stages(), stage, &StageTime::stage);
    return found == times.stages().end() ? std::nullopt : std::optional(found->seconds);
}

std::vector<report::Provenance::File> to_report(const std::vector<FileRecord>& records) {
    std::vector<report::Provenance::File> files;
    for (const FileRecord& record : records) {
        files.push_back({record.path, record.sha256, record.bytes});
    }
    return files;
}

/// True when something that the report shows came out of the stage.
bool made_any(const StageRecord& stage, const ReportFiles& files, const fs::path& folder) {
    return std::ranges::any_of(stage.outputs, [&](const FileRecord& output) {
        const std::vector<fs::path> shown = files_of(files);
        return std::ranges::any_of(shown, [&](const fs::path& path) { return same_file(path, folder / output.path); });
    });
}

Section provenance(const ReportFiles& files, const ReportOptions& options) {
    report::Provenance provenance{.version = LCCLASS_VERSION, .stages = {}, .config_name = {}, .config_text = {}};
    if (!options.output_dir.empty()) {
        const StageTimes times = options.times ? StageTimes::load(options.output_dir) : StageTimes();
        const Manifest manifest = Manifest::load(options.output_dir);
        for (const StageRecord& stage : manifest.stages()) {
            if (stage.stage == "report" || !stage.complete || !made_any(stage, files, options.output_dir)) {
                continue;
            }
            provenance.stages.push_back({.name = stage.stage,
                                         .version = stage.version,
                                         .command_line = stage.command_line,
                                         .seed = stage.seed,
                                         .seconds = seconds_of(stage.stage, times),
                                         .inputs = to_report(stage.inputs),
                                         .outputs = to_report(stage.outputs)});
        }
    }
    if (!options.config.empty()) {
        provenance.config_name = options.config.filename().string();
        provenance.config_text = read_file(options.config, largest_config);
    }
    return report::provenance_section(provenance);
}

Section missing_section(const std::string& id, const std::string& title, const std::string& what,
                        const std::string& command) {
    return {.id = id, .title = title, .blocks = {Block(Missing{what, command})}};
}

std::string summary_of(const Experiment& experiment) {
    std::string text = "How good it is, what it rests on, and how to make it again";
    if (!experiment.legend.empty() && experiment.samples) {
        text += ": " + std::to_string(experiment.legend.size()) + " classes from " +
                count_text(experiment.samples->n_features(), "feature");
    }
    return text + ".";
}

} // namespace

Document report_document(const ReportFiles& files, const ReportOptions& options, Progress& progress) {
    const Experiment experiment = read_experiment(files, options);
    Document document{.title = options.title, .summary = summary_of(experiment), .sections = {}};
    std::vector<Section>& sections = document.sections;
    sections.push_back(overview(experiment));
    sections.push_back(map_section(experiment, progress));
    sections.push_back(experiment.accuracy
                           ? report::areas_section(*experiment.accuracy)
                           : missing_section("map-accuracy", "How good the map is",
                                             "The accuracy of this very map, and areas with intervals",
                                             "lcclass assess --plan, then lcclass assess --reference plan.gpkg"));
    sections.push_back(experiment.cv ? report::accuracy_section(*experiment.cv, experiment.legend)
                                     : missing_section("accuracy", "How good the map will be", "Cross-validation",
                                                       "lcclass cv --schemes random,polygon,spatial-block"));
    if (experiment.explain) {
        sections.push_back(report::importance_section(*experiment.explain));
        sections.push_back(report::shap_section(*experiment.explain, experiment.legend));
    } else {
        sections.push_back(
            missing_section("importance", "What it rests on", "Importance and SHAP values", "lcclass explain"));
    }
    sections.push_back(experiment.samples
                           ? report::samples_section(summarize_samples(*experiment.samples))
                           : missing_section("samples", "What it learned from", "The samples", "lcclass sample"));
    sections.push_back(provenance(files, options));
    return document;
}

} // namespace lcclass
