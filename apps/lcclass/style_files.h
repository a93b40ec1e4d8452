/// Style files for QGIS beside rasters: `map.qml` of `map.tif`, which QGIS takes by itself. People change them there,
/// so what they changed is put aside and never lost. Free functions; one thread per raster.
#pragma once

#include "command.h"
#include "lcclass/core/raster_sink.h"
#include "lcclass/core/raster_source.h"
#include "lcclass/report/qgis_style.h"

#include <filesystem>
#include <functional>

namespace lcclass {

/// `map.qml` of `map.tif`.
std::filesystem::path style_path(const std::filesystem::path& raster);

/// Writes the style of a raster that stands there. A style that lcclass wrote and nobody changed is replaced (with
/// --overwrite), one that somebody changed is renamed to `map.qml.bak` (`.bak2`, ...), and a line says so.
/// Throws Error(output), without --overwrite also for any style that is there.
void write_style(const std::filesystem::path& raster, const report::QgisStyle& style, const Context& context);

/// Commits `sink` and gives its raster the style that `style` then makes; an old style never stands beside the new
/// raster.
void commit_with_style(RasterSink& sink, const std::filesystem::path& raster,
                       const std::function<report::QgisStyle()>& style, const Context& context);

/// True colour where a stack has the bands, else its first band from black to white; between what 2 % of the values are
/// below, and 98 %. Values are those of 36 windows spread over the raster, all pixels of a small one.
report::QgisStyle stack_style(const RasterSource& stack);
/// The first feature of a raster of SHAP values. Colours reach as far as 98 % of the values of all features in such
/// windows.
report::QgisStyle shap_raster_style(const RasterSource& shap);

} // namespace lcclass
