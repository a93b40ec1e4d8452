/// Layers of a report's map, read from rasters that lie on its lattice.
/// Belongs to one thread; reading uses all.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/report/map_view.h"

#include <filesystem>
#include <optional>
#include <string>

namespace lcclass {

class LayerReader {
public:
    LayerReader(report::MapView& view, Progress& progress) : m_view(view), m_progress(progress) {}

    /// The raster, when it is there and on the lattice of the view; else a sentence in `missing` that begins with
    /// `what` and, where the file is not there, ends with the command that makes it.
    std::optional<RasterFile> open(const std::filesystem::path& path, const std::string& what,
                                   const std::string& command);

    /// True and false colour, as far as the stack has the bands; else its first bands.
    void add_photos(const RasterFile& stack);
    /// Classes of the map with their shares of all its pixels. The layers below take it to be there.
    void add_map(const RasterFile& map);
    void add_dominant_feature(const RasterFile& dominant);
    void add_applicability(const RasterFile& applicability);
    void add_uncertainty(const RasterFile& uncertainty);
    /// Figures of the cells; with `largest`, also the largest of them as a layer.
    void add_probabilities(const RasterFile& probabilities, bool largest);
    void add_contributions(const RasterFile& shap);

private:
    struct Scale;
    void add_inside(const RasterFile& applicability);
    void add_dissimilarity(const RasterFile& applicability);
    void add_scales(const RasterFile& file, const std::vector<Scale>& scales);
    void add_codes(const RasterFile& file, report::ClassLayer layer, const std::string& what);
    [[nodiscard]] std::string area_note(std::int64_t pixels, std::int64_t all) const;
    [[nodiscard]] report::QuicklookGrid figure_grid(std::size_t n_names) const;

    report::MapView& m_view;
    Progress& m_progress;
    int m_n_classes = 0; ///< that the model of the map knows
};

} // namespace lcclass
