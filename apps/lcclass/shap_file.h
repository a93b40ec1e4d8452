/// SHAP values of samples as files: text, or points for a GIS to colour.
/// Free functions; belong to one thread.
#pragma once

#include "shap_table.h"

#include <filesystem>
#include <optional>
#include <string>

namespace lcclass {

/// Which SHAP values a point has as columns.
enum class ShapColumns {
    predicted, ///< one per feature: of the predicted class, or of the one that was chosen
    all,       ///< one per feature and class
};

std::string to_string(ShapColumns columns);
/// Throws Error(command_line) listing the known words.
ShapColumns parse_shap_columns(const std::string& word);

struct ShapFileOptions {
    std::filesystem::path path; ///< .csv, .gpkg or .fgb
    ShapColumns columns = ShapColumns::predicted;
    std::optional<std::size_t> only_class; ///< position in the legend; nothing: all
    bool overwrite = false;
};

/// CSV: a line per sample and class; GeoPackage and FlatGeobuf: a point per sample (docs/files.md). The same values
/// give the same bytes. Throws: Error(output); Error(input) for points of samples without positions.
void write_shap_values(const ShapTable& table, const Model& model, const ShapFileOptions& options);

} // namespace lcclass
