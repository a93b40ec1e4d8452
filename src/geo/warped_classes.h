/// A class raster brought to a grid by GDAL's warper, window by window.
/// Belongs to one thread.
#pragma once

#include "geo/gdal_handles.h"
#include "lcclass/geo/rasterize.h"

#include <gdalwarper.h>

#include <optional>
#include <string>
#include <vector>

namespace lcclass {

class WarpedClasses {
public:
    /// Takes `input` and `resampling` of the options. Throws Error(command_line) for an unknown resampling and
    /// Error(input) for a raster that cannot be opened.
    WarpedClasses(const RasterizeOptions& options, const GridSpec& grid);

    /// Class values of the strip, NaN where the raster has none; on all threads of the arena, with the same result.
    [[nodiscard]] std::vector<double> read(const Window& strip) const;
    [[nodiscard]] const GridSpec& source_grid() const { return m_source_grid; }
    [[nodiscard]] bool has_nodata() const { return m_nodata.has_value(); }

private:
    [[nodiscard]] DatasetHandle make_target(const Window& strip, std::vector<double>& values) const;
    [[nodiscard]] bool warp(GDALDatasetH target) const;

    std::string m_where;
    GridSpec m_grid;
    GDALResampleAlg m_algorithm;
    DatasetHandle m_source;
    GridSpec m_source_grid;
    int m_band = 1;
    int m_alpha_band = 0;
    std::optional<double> m_nodata;
};

} // namespace lcclass
