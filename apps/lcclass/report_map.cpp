#include "report_map.h"

#include "report_layers.h"
#include "report_overlays.h"

namespace lcclass {

namespace {

/// Cells on the longer side: by the bytes per cell of smaller scenes, the report of a full tile with 8 classes and all
/// layers stays below 8 MB.
constexpr std::int64_t most_cells = 900;

/// The raster whose lattice all others have to share.
std::filesystem::path leading_raster(const ReportFiles& files) {
    if (!files.map.empty()) {
        return files.map;
    }
    return files.stack.empty() ? files.labels : files.stack;
}

std::string caption_of(const report::QuicklookGrid& grid) {
    const std::string step = std::to_string(grid.step);
    return grid.step == 1 ? "Every pixel is shown." : "One pixel of every " + step + " \u00d7 " + step + " is shown.";
}

void add_layers(const ReportFiles& files, LayerReader& reader) {
    const auto map = reader.open(files.map, "Map", "lcclass predict");
    if (!map) {
        return; // what follows is about the classes of a map
    }
    reader.add_map(*map);
    if (const auto applicability =
            reader.open(files.applicability, "Applicability", "lcclass predict --applicability FILE")) {
        reader.add_applicability(*applicability);
    }
    if (const auto dominant =
            reader.open(files.dominant_feature, "Dominant feature", "lcclass explain --dominant-feature FILE")) {
        reader.add_dominant_feature(*dominant);
    }
    const auto uncertainty = reader.open(files.uncertainty, "Uncertainty", "lcclass predict --uncertainty FILE");
    if (uncertainty) {
        reader.add_uncertainty(*uncertainty);
    }
    if (const auto probabilities =
            reader.open(files.probabilities, "Probabilities of all classes", "lcclass predict --probabilities FILE")) {
        reader.add_probabilities(*probabilities, !uncertainty);
    }
    if (const auto shap =
            reader.open(files.shap_raster, "Contributions of features", "lcclass explain --shap-raster FILE")) {
        reader.add_contributions(*shap);
    }
}

} // namespace

report::MapView make_map_view(const ReportFiles& files, Progress& progress) {
    report::MapView view;
    view.id = "map";
    view.title = "Map";
    const GridSpec grid = open_raster(leading_raster(files)).source->grid();
    view.grid = report::quicklook_grid(grid, most_cells);
    view.crs_name = crs_label(grid.crs_wkt);
    view.metres_per_unit = metres_per_unit(grid.crs_wkt);
    view.caption = caption_of(view.grid);
    LayerReader reader(view, progress);
    if (const auto stack = reader.open(files.stack, "Photo", "lcclass stack")) {
        reader.add_photos(*stack);
    }
    add_layers(files, reader);
    if (const auto labels = reader.open(files.labels, "Training polygons", "lcclass rasterize")) {
        add_polygons(*labels, files.labels, view, progress);
    }
    if (files.folds.empty()) {
        view.missing.emplace_back("Folds and errors: not there; lcclass cv makes them.");
    } else {
        add_folds(files.folds, view);
    }
    return view;
}

} // namespace lcclass
