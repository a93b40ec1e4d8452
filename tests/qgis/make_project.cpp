// Writes project.qgs of the files in a folder that have their default names.

#include "qgis_layers.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/gdal_setup.h"

#include <exception>
#include <iostream>

namespace {

std::filesystem::path if_there(const std::filesystem::path& path) {
    return std::filesystem::exists(path) ? path : std::filesystem::path();
}

void make_project(const std::filesystem::path& folder) {
    lcclass::set_up_gdal(std::int64_t{64} << 20);
    lcclass::ReportFiles files;
    files.stack = if_there(folder / "stack.tif");
    files.labels = if_there(folder / "labels.tif");
    files.samples = if_there(folder / "samples.gpkg");
    files.folds = if_there(folder / "folds.gpkg");
    files.map = if_there(folder / "map.tif");
    files.probabilities = if_there(folder / "probabilities.tif");
    files.uncertainty = if_there(folder / "uncertainty.tif");
    files.applicability = if_there(folder / "applicability.tif");
    files.shap_values = if_there(folder / "shap.gpkg");
    files.shap_raster = if_there(folder / "shap.tif");
    files.dominant_feature = if_there(folder / "dominant.tif");
    files.manifest = if_there(folder / "manifest.json");
    const auto text = lcclass::qgis_project(files, folder, "Land cover");
    lcclass::write_file_atomically(folder / "project.qgs", text.value(), true);
}

} // namespace

int main(int n_arguments, char** arguments) {
    if (n_arguments != 2) {
        std::cerr << "usage: qgis_project_maker FOLDER\n";
        return 2;
    }
    try {
        make_project(arguments[1]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
    return 0;
}
