/// Styles of the layers of a GeoPackage, kept in the table `layer_styles` where QGIS looks for them.
/// Plain values and self-contained calls; safe from any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lcclass {

struct LayerStyle {
    std::string layer;
    std::string qml; ///< content of a style file of QGIS
};

/// Layers that a file does not have are passed over. Only GeoPackages take styles.
using LayerStyles = std::vector<LayerStyle>;

/// The default styles of a GeoPackage's layers, ours or those that somebody saved since; empty when it has none, and
/// for files of other formats. Throws: Error(input) for a file that cannot be opened.
LayerStyles read_layer_styles(const std::filesystem::path& path);

/// True for well-formed XML with the root `qgis`.
bool is_whole_style(const std::string& qml);

} // namespace lcclass
