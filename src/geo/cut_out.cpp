#include "lcclass/geo/cut_out.h"

#include "geo/polygon_geometry.h"
#include "geo/polygon_spans.h"
#include "geo/vector_layer.h"
#include "lcclass/core/error.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

class PartOfRaster final : public RasterSource {
public:
    /// `spans` in pixels of the source, by row and column; null: all pixels of the window.
    PartOfRaster(std::shared_ptr<const RasterSource> source, const Window& window,
                 std::shared_ptr<const std::vector<PixelSpan>> spans)
        : m_source(std::move(source)), m_window(window), m_spans(std::move(spans)), m_grid(m_source->grid()) {
        m_grid.origin_x += static_cast<double>(window.x) * m_grid.pixel_width;
        m_grid.origin_y -= static_cast<double>(window.y) * m_grid.pixel_height;
        m_grid.width = window.width;
        m_grid.height = window.height;
    }

    [[nodiscard]] const GridSpec& grid() const override { return m_grid; }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_source->bands(); }
    void read(const Window& window, PixelBlock& out) const override {
        if (is_outside(window)) {
            fill_nodata(window, static_cast<int>(bands().size()), out);
            return;
        }
        m_source->read(in_source(window), out);
        finish(window, out);
    }
    void read_bands(const Window& window, std::span<const int> chosen, PixelBlock& out) const override {
        if (is_outside(window)) {
            fill_nodata(window, static_cast<int>(chosen.size()), out);
            return;
        }
        m_source->read_bands(in_source(window), chosen, out);
        finish(window, out);
    }

private:
    [[nodiscard]] Window in_source(const Window& window) const {
        return {window.x + m_window.x, window.y + m_window.y, window.width, window.height};
    }

    /// Spans of the rows of a window begin here.
    [[nodiscard]] std::vector<PixelSpan>::const_iterator first_span(std::int64_t source_row) const {
        return std::lower_bound(m_spans->begin(), m_spans->end(), source_row,
                                [](const PixelSpan& a, std::int64_t b) { return a.row < b; });
    }

    [[nodiscard]] bool is_outside(const Window& window) const {
        if (m_spans == nullptr) {
            return false;
        }
        const Window read = in_source(window);
        return std::none_of(first_span(read.y), first_span(read.y + read.height), [&](const PixelSpan& span) {
            return span.first < read.x + read.width && span.last > read.x;
        });
    }

    static void fill_nodata(const Window& window, int n_bands, PixelBlock& out) {
        out.reset(window, n_bands);
        std::fill(out.values.begin(), out.values.end(), std::numeric_limits<float>::quiet_NaN());
        std::fill(out.valid.begin(), out.valid.end(), std::uint8_t{0});
    }

    /// Takes the values of pixels outside the polygons.
    void finish(const Window& window, PixelBlock& out) const {
        if (m_spans != nullptr) {
            const Window read = in_source(window);
            for (std::int64_t row = 0; row < read.height; ++row) {
                clear_gaps(static_cast<std::int32_t>(read.y + row), read, row, out);
            }
        }
        out.window = window;
    }

    void clear_gaps(std::int32_t source_row, const Window& read, std::int64_t row, PixelBlock& out) const {
        auto span = first_span(source_row);
        std::int64_t gap = 0;
        for (; span != m_spans->end() && span->row == source_row; ++span) {
            clear(out, row, gap, std::min(span->first - read.x, read.width));
            gap = std::clamp<std::int64_t>(span->last - read.x, gap, read.width);
        }
        clear(out, row, gap, read.width);
    }

    static void clear(PixelBlock& out, std::int64_t row, std::int64_t first, std::int64_t end) {
        if (first >= end) {
            return;
        }
        const auto from = static_cast<std::size_t>(row * out.window.width + first);
        const auto n = static_cast<std::size_t>(end - first);
        std::fill_n(out.valid.begin() + static_cast<std::ptrdiff_t>(from), n, std::uint8_t{0});
        for (int b = 0; b < out.n_bands; ++b) {
            std::ranges::fill(out.band(b).subspan(from, n), std::numeric_limits<float>::quiet_NaN());
        }
    }

    std::shared_ptr<const RasterSource> m_source;
    Window m_window;
    std::shared_ptr<const std::vector<PixelSpan>> m_spans;
    GridSpec m_grid;
};

/// The pixels of the grid that the bounds touch.
Window window_of(const GridSpec& grid, const Bounds& bounds) {
    // Edges that lie on pixel edges but for rounding stay there.
    constexpr double slack = 1e-6;
    const auto clamp = [](double at, std::int64_t size) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::clamp(at, -1e15, 1e15)), 0, size);
    };
    const double west = (bounds.min_x - grid.origin_x) / grid.pixel_width;
    const double east = (bounds.max_x - grid.origin_x) / grid.pixel_width;
    const double north = (grid.origin_y - bounds.max_y) / grid.pixel_height;
    const double south = (grid.origin_y - bounds.min_y) / grid.pixel_height;
    const std::int64_t left = clamp(std::floor(west + slack), grid.width);
    const std::int64_t top = clamp(std::floor(north + slack), grid.height);
    return {left, top, clamp(std::ceil(east - slack), grid.width) - left,
            clamp(std::ceil(south - slack), grid.height) - top};
}

std::vector<PixelSpan> pixels_inside(const Part& part, const GridSpec& grid, std::int64_t& n_repaired) {
    const VectorLayer layer(part.polygons, {.layer = part.layer, .where = {}, .layer_option = "--polygons-layer"});
    const auto layer_wkt = layer.crs_wkt();
    if (!layer_wkt) {
        throw Error(ExitCode::input, {.where = layer.where(),
                                      .field = "crs",
                                      .problem = "the layer does not say its reference system",
                                      .fix = "assign one with ogr2ogr -a_srs"});
    }
    const PolygonReader reader(grid, *layer_wkt, InvalidPolicy::fix, layer.where());
    std::vector<PixelPolygon> parts;
    layer.for_each([&](OGRFeatureH feature) {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        if (geometry == nullptr || OGR_G_IsEmpty(geometry) != FALSE) {
            return;
        }
        if (auto polygons = reader.read(geometry, OGR_F_GetFID(feature))) {
            n_repaired += polygons->repaired ? 1 : 0;
            std::move(polygons->parts.begin(), polygons->parts.end(), std::back_inserter(parts));
        }
    });
    return burn(parts,
                {.width = static_cast<std::int32_t>(grid.width), .height = static_cast<std::int32_t>(grid.height)},
                false);
}

/// The smallest window that holds what of the spans is in `window`; no pixels when nothing is.
Window window_of(const std::vector<PixelSpan>& spans, const Window& window) {
    std::int64_t left = window.x + window.width;
    std::int64_t right = window.x;
    std::int64_t top = window.y + window.height;
    std::int64_t bottom = window.y;
    for (const PixelSpan& span : spans) {
        const std::int64_t first = std::max<std::int64_t>(span.first, window.x);
        const std::int64_t last = std::min<std::int64_t>(span.last, window.x + window.width);
        if (span.row >= window.y && span.row < window.y + window.height && first < last) {
            left = std::min(left, first);
            right = std::max(right, last);
            top = std::min<std::int64_t>(top, span.row);
            bottom = std::max<std::int64_t>(bottom, span.row + 1);
        }
    }
    return {left, top, std::max<std::int64_t>(right - left, 0), std::max<std::int64_t>(bottom - top, 0)};
}

std::int64_t pixels_within(const std::vector<PixelSpan>& spans, const Window& window) {
    std::int64_t n = 0;
    for (const PixelSpan& span : spans) {
        const std::int64_t first = std::max<std::int64_t>(span.first, window.x);
        const std::int64_t last = std::min<std::int64_t>(span.last, window.x + window.width);
        n += span.row >= window.y && span.row < window.y + window.height ? std::max<std::int64_t>(last - first, 0) : 0;
    }
    return n;
}

} // namespace

CutOut cut_out(std::shared_ptr<const RasterSource> source, const Part& part, const std::string& where) {
    CutOut result;
    const GridSpec& grid = source->grid();
    Window window = grid.extent();
    if (part.bounds) {
        window = window_of(grid, *part.bounds);
        if (window.n_pixels() <= 0 || window.width <= 0) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "bounds=" + describe(*part.bounds),
                                          .problem = "lie outside it: it covers " + describe(grid.bounds()),
                                          .fix = "give bounds in the CRS of the raster"});
        }
    }
    std::shared_ptr<const std::vector<PixelSpan>> spans;
    if (!part.polygons.empty()) {
        spans = std::make_shared<const std::vector<PixelSpan>>(pixels_inside(part, grid, result.n_repaired));
        window = window_of(*spans, window);
        if (window.n_pixels() == 0) {
            throw Error(ExitCode::input, {.where = part.polygons.string(),
                                          .field = {},
                                          .problem = "no polygon of it holds the centre of a pixel that is explained",
                                          .fix = "name polygons within " + describe(grid.bounds()) + " of " + where});
        }
    }
    result.n_pixels = spans == nullptr ? window.n_pixels() : pixels_within(*spans, window);
    result.source = std::make_shared<PartOfRaster>(std::move(source), window, std::move(spans));
    return result;
}

} // namespace lcclass
