/// Maps over their scene as a report shows them: layers of one coarse grid, outlines on top, and what a click tells.
/// Plain values; safe to share between threads.
#pragma once

#include "lcclass/core/class_legend.h"
#include "lcclass/core/grid_spec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lcclass::report {

/// Every `step`-th pixel of a raster both ways: cell (i, j) shows the pixel at column `i * step + step / 2` and row
/// `j * step + step / 2`, or the last one before the edge.
struct QuicklookGrid {
    GridSpec full;
    std::int64_t step = 1;
    std::int64_t columns = 0;
    std::int64_t rows = 0;

    [[nodiscard]] std::int64_t n_cells() const { return columns * rows; }
    /// The pixel of `full` that cell column `i` (row `j`) shows.
    [[nodiscard]] std::int64_t pixel_column(std::int64_t i) const;
    [[nodiscard]] std::int64_t pixel_row(std::int64_t j) const;
};

/// The grid whose longer side has `most` cells or fewer. Requires: most > 0.
QuicklookGrid quicklook_grid(const GridSpec& full, std::int64_t most);

/// A picture of the scene: means of the pixels of a cell, 8 bits per colour, row by row. `valid` 0 is transparent.
struct PhotoLayer {
    std::string id;
    std::string title;   ///< `True colour`
    std::string caption; ///< `B04, B03, B02; darkest and brightest 2 % cut`
    std::vector<Rgb> pixels;
    std::vector<std::uint8_t> valid;
};

/// Categories: 0 is nothing, k is the k-th entry.
struct ClassLayer {
    struct Entry {
        std::string name;
        Rgb color;
        std::string note = {}; ///< `12.3 %, 456 ha`
    };
    std::string id;
    std::string title;
    std::string caption;
    std::vector<Entry> entries; ///< 255 at most
    std::vector<std::uint8_t> cells;
};

/// A quantity: 0 is nothing, 1..255 lie evenly between `low` and `high`.
struct ScaleLayer {
    std::string id;
    std::string title;
    std::string caption;
    double low = 0;
    double high = 1;
    std::string unit;
    int digits = 2;
    bool more_is_worse = false; ///< uncertainty: the far end of the colours warns
    std::vector<std::uint8_t> cells;
    bool open_end = false; ///< 255 is `high` and all above
};

/// Lines or points on top, in pixels of the full grid (x to the right, y down, from the outer corner).
struct OverlayLayer {
    struct Shape {
        std::vector<std::vector<std::pair<double, double>>> rings; ///< closed; a point is one ring of one vertex
        int category = 0;                                          ///< position in `categories`
        std::string note;                                          ///< shown when it is pointed at
    };
    std::string id;
    std::string title;
    std::string caption;
    std::vector<ClassLayer::Entry> categories;
    std::vector<Shape> shapes;
    bool shown = false; ///< at first
};

/// What a click tells besides the layers: the numbers of every cell, in 0..255 as in ScaleLayer, by name.
struct CellFigures {
    std::string title; ///< `Probability`, `Share of the votes that the feature moved`
    std::string unit;
    double low = 0;
    double high = 1;
    int digits = 2;
    std::vector<std::string> names;               ///< of classes, of features
    std::vector<std::vector<std::uint8_t>> cells; ///< per name
    std::optional<QuicklookGrid> grid = {};       ///< a coarser one of the same raster; nothing: that of the view
    std::vector<Rgb> colors = {};                 ///< one per name; empty: of the page
};

struct MapView {
    std::string id;
    std::string title;
    std::string caption;
    QuicklookGrid grid;
    std::string crs_name;                  ///< `EPSG:32633`
    std::optional<double> metres_per_unit; ///< of the coordinates; nothing: degrees, no scale bar
    std::vector<PhotoLayer> photos;
    std::vector<ClassLayer> classes; ///< the first is the map
    std::vector<ScaleLayer> scales;
    std::vector<OverlayLayer> overlays;
    std::vector<CellFigures> figures;
    std::vector<std::string> missing; ///< sentences: what is not there and which command makes it
};

} // namespace lcclass::report
