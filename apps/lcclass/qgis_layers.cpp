#include "qgis_layers.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/layer_styles.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/vector_file.h"
#include "lcclass/report/qgis_project.h"
#include "lcclass/report/qgis_style.h"
#include "manifest.h"
#include "style_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

using report::QgisLayer;

report::QgisCrs crs_of(const std::string& wkt) {
    const std::string label = crs_label(wkt);
    const bool has_code = label.find(':') != std::string::npos && label.find(' ') == std::string::npos;
    return {.wkt = wkt, .code = has_code ? label : "", .name = label, .geographic = is_geographic(wkt)};
}

std::optional<report::QgisCrs> optional_crs(const std::string& wkt) {
    return wkt.empty() ? std::nullopt : std::optional(crs_of(wkt));
}

/// What lcclass gives a raster of its kind when there is no style beside it.
std::string own_style(const RasterFile& file, int n_classes) {
    const auto found = file.metadata.find("LCCLASS_KIND");
    const std::string kind = found == file.metadata.end() ? "" : found->second;
    if (kind == "stack") {
        return report::to_qml(stack_style(*file.source));
    }
    if (kind == "shap") {
        return report::to_qml(shap_raster_style(*file.source));
    }
    if (kind == "probabilities") {
        return report::to_qml(report::probability_style());
    }
    if (kind == "uncertainty" && n_classes > 0) {
        return report::to_qml(report::uncertainty_style(n_classes));
    }
    if (kind == "applicability") {
        return report::to_qml(report::applicability_style());
    }
    return file.legend ? report::to_qml(report::class_style(*file.legend)) : std::string();
}

/// A style beside a raster that can stand in a project.
std::optional<std::string> style_beside(const fs::path& raster) {
    std::error_code status;
    const fs::path style = style_path(raster);
    if (!fs::is_regular_file(style, status)) {
        return std::nullopt;
    }
    std::string qml = read_file(style);
    return is_whole_style(qml) ? std::optional(std::move(qml)) : std::nullopt;
}

/// A layer of a vector file: the one named, or else the first. Nothing for a class raster, which labels can come from.
std::optional<LayerSummary> layer_of(const fs::path& path, const std::string& name) {
    try {
        for (const LayerSummary& layer : list_layers(path)) {
            if (name.empty() || layer.name == name) {
                return layer;
            }
        }
    } catch (const Error&) {
        return std::nullopt;
    }
    return std::nullopt;
}

class ProjectBuilder {
public:
    explicit ProjectBuilder(fs::path folder) : m_folder(std::move(folder)) {}

    void add_raster(const fs::path& path, const std::string& group, const std::string& title, bool shown);
    /// Layers of a vector file that have features, those of `titles` first and under these names.
    void add_vectors(const fs::path& path, const std::string& group,
                     const std::vector<std::pair<std::string, std::string>>& titles, const std::string& shown);
    void add_polygons(const fs::path& manifest, const std::string& group);

    [[nodiscard]] std::optional<std::string> text(const std::string& title) const;

private:
    [[nodiscard]] std::string relative(const fs::path& path) const {
        const fs::path whole = fs::absolute(path).lexically_normal();
        const fs::path from = whole.lexically_relative(fs::absolute(m_folder).lexically_normal());
        return (from.empty() ? whole : from).generic_string();
    }

    fs::path m_folder;
    std::vector<QgisLayer> m_layers;
    int m_n_classes = 0;            ///< of the first raster with a legend
    std::optional<GridSpec> m_grid; ///< of the first raster: the map, or what comes next to it
};

void ProjectBuilder::add_raster(const fs::path& path, const std::string& group, const std::string& title, bool shown) {
    if (path.empty()) {
        return;
    }
    const RasterFile file = open_raster(path);
    m_n_classes = m_n_classes == 0 && file.legend ? file.legend->size() : m_n_classes;
    const GridSpec& grid = file.source->grid();
    const auto beside = style_beside(path);
    m_layers.push_back({.kind = QgisLayer::Kind::raster,
                        .name = title,
                        .path = relative(path),
                        .group = group,
                        .shown = shown,
                        .qml = beside ? *beside : own_style(file, m_n_classes),
                        .crs = crs_of(grid.crs_wkt),
                        .extent = grid.bounds()});
    m_grid = m_grid ? m_grid : grid;
}

void ProjectBuilder::add_vectors(const fs::path& path, const std::string& group,
                                 const std::vector<std::pair<std::string, std::string>>& titles,
                                 const std::string& shown) {
    if (path.empty() || path.extension() == ".csv") {
        return;
    }
    const std::vector<LayerSummary> there = list_layers(path);
    const LayerStyles styles = read_layer_styles(path);
    for (const auto& [name, title] : titles) {
        const auto layer = std::ranges::find(there, name, &LayerSummary::name);
        if (layer == there.end() || layer->features == 0) {
            continue;
        }
        const auto style = std::ranges::find(styles, name, &LayerStyle::layer);
        m_layers.push_back({.kind = name == "blocks" ? QgisLayer::Kind::areas : QgisLayer::Kind::points,
                            .name = title,
                            .path = relative(path),
                            .layer_name = name,
                            .group = group,
                            .shown = name == shown,
                            .qml = style != styles.end() && is_whole_style(style->qml) ? style->qml : "",
                            .crs = optional_crs(layer->crs_wkt)});
    }
}

void ProjectBuilder::add_polygons(const fs::path& manifest, const std::string& group) {
    if (manifest.empty()) {
        return;
    }
    const Manifest stages = Manifest::load(manifest.parent_path());
    const StageRecord* rasterize = stages.find("rasterize");
    if (rasterize == nullptr) {
        return;
    }
    const auto options = nlohmann::json::parse(rasterize->options_json, nullptr, false);
    const std::string input = options.is_object() ? options.value("input", "") : "";
    const fs::path path = (manifest.parent_path() / input).lexically_normal(); // as it was recorded
    std::error_code status;
    if (input.empty() || !fs::is_regular_file(path, status)) {
        return;
    }
    const std::optional<LayerSummary> layer = layer_of(path, options.value("layer", ""));
    if (!layer) {
        return;
    }
    m_layers.push_back({.kind = QgisLayer::Kind::areas,
                        .name = "Training polygons",
                        .path = relative(path),
                        .layer_name = layer->name,
                        .group = group,
                        .shown = true,
                        .qml = report::to_qml(report::outline_style("training polygons", {0, 0, 0})),
                        .crs = optional_crs(layer->crs_wkt)});
}

std::optional<std::string> ProjectBuilder::text(const std::string& title) const {
    if (!m_grid) {
        return std::nullopt;
    }
    return report::to_qgs(
        {.title = title, .crs = crs_of(m_grid->crs_wkt), .view = m_grid->bounds(), .layers = m_layers});
}

} // namespace

std::optional<std::string> qgis_project(const ReportFiles& files, const fs::path& folder, const std::string& title) {
    ProjectBuilder project(folder);
    project.add_polygons(files.manifest, "Samples and folds");
    project.add_vectors(files.folds, "Samples and folds",
                        {{"blocks", "Blocks by fold"},
                         {"samples", "Samples, right or wrong in cross-validation"},
                         {"excluded", "Samples that folds leave out"}},
                        "blocks");
    project.add_vectors(files.samples, "Samples and folds", {{"samples", "Samples by class"}}, "");
    project.add_vectors(files.shap_values, "Explanation", {{"shap_values", "Samples by strongest feature"}}, "");
    project.add_raster(files.map, "Map", "Land cover", true);
    project.add_raster(files.applicability, "How sure", "Applicability: outside of what the samples know", false);
    project.add_raster(files.uncertainty, "How sure", "Uncertainty: entropy, bit", false);
    project.add_raster(files.probabilities, "How sure", "Probabilities, a band per class", false);
    project.add_raster(files.dominant_feature, "Explanation of the map", "Feature that decides", false);
    project.add_raster(files.shap_raster, "Explanation of the map", "SHAP values, a band per feature", false);
    project.add_raster(files.labels, "Scene", "Labels", false);
    project.add_raster(files.stack, "Scene", "Scene", true);
    return project.text(title);
}

} // namespace lcclass
