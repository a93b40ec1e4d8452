#include "lcclass/geo/outlines.h"
#include "geo/pixel_outline.h"
#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lcclass {

namespace {

struct LabelRun {
    std::int32_t polygon_id = 0;
    std::int32_t class_code = 0;
    PixelRun run;
};

std::int32_t label_at(std::span<const float> band, std::size_t i) {
    return std::isfinite(band[i]) ? static_cast<std::int32_t>(band[i]) : 0;
}

/// The labelled runs of a block, row by row.
std::vector<LabelRun> runs_of(const PixelBlock& block) {
    const Window& window = block.window;
    const std::span<const float> class_code = block.band(0);
    const std::span<const float> polygon_id = block.band(1);
    std::vector<LabelRun> runs;
    for (std::int64_t y = 0; y < window.height; ++y) {
        LabelRun current;
        const auto flush = [&runs, &current] {
            if (current.polygon_id > 0) {
                runs.push_back(current);
            }
        };
        for (std::int64_t x = 0; x < window.width; ++x) {
            const auto i = static_cast<std::size_t>(y * window.width + x);
            const std::int32_t id = label_at(polygon_id, i);
            if (id != current.polygon_id) {
                flush();
                current = {.polygon_id = id,
                           .class_code = id > 0 ? label_at(class_code, i) : 0,
                           .run = {.row = window.y + y, .first = window.x + x, .last = window.x + x}};
            }
            current.run.last = window.x + x + 1;
        }
        flush();
    }
    return runs;
}

std::vector<int> label_bands(const RasterSource& labels, const std::string& where) {
    std::vector<int> bands;
    for (const char* name : {"class_code", "polygon_id"}) {
        const std::vector<std::string> names = band_names(labels);
        const auto at = std::ranges::find(names, name);
        if (at == names.end()) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = std::string("band=") + name,
                                          .problem = "is not there",
                                          .fix = "take a raster that rasterize made"});
        }
        bands.push_back(static_cast<int>(at - names.begin()));
    }
    return bands;
}

/// Runs by polygon, row and column, those that a border between blocks parts joined again.
void order_runs(std::vector<LabelRun>& runs) {
    std::ranges::sort(runs, {},
                      [](const LabelRun& item) { return std::tuple(item.polygon_id, item.run.row, item.run.first); });
    std::size_t n = 0;
    for (const LabelRun& item : runs) {
        if (n > 0 && runs[n - 1].polygon_id == item.polygon_id && runs[n - 1].run.row == item.run.row &&
            runs[n - 1].run.last == item.run.first) {
            runs[n - 1].run.last = item.run.last;
        } else {
            runs[n++] = item;
        }
    }
    runs.resize(n);
}

std::vector<LabelOutline> outlines_of(const std::vector<LabelRun>& runs) {
    std::vector<LabelOutline> shapes;
    for (std::size_t begin = 0; begin < runs.size();) {
        std::vector<PixelRun> own;
        const std::size_t first = begin;
        for (; begin < runs.size() && runs[begin].polygon_id == runs[first].polygon_id; ++begin) {
            own.push_back(runs[begin].run);
        }
        shapes.push_back(
            {.rings = outline_of(own), .class_code = runs[first].class_code, .polygon_id = runs[first].polygon_id});
    }
    return shapes;
}

std::int64_t corners_of(const LabelOutline& shape) {
    std::int64_t n = 0;
    for (const OutlineRing& ring : shape.rings) {
        n += static_cast<std::int64_t>(ring.size());
    }
    return n;
}

std::int64_t corners_of(const std::vector<LabelOutline>& shapes) {
    std::int64_t n = 0;
    for (const LabelOutline& shape : shapes) {
        n += corners_of(shape);
    }
    return n;
}

double area_of(const LabelOutline& shape) {
    double twice = 0;
    for (const OutlineRing& ring : shape.rings) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const auto& [x, y] = ring[i];
            const auto& [next_x, next_y] = ring[(i + 1) % ring.size()];
            twice += x * next_y - next_x * y;
        }
    }
    return std::abs(twice) / 2;
}

/// Every shape keeps one ring at least: a polygon of few pixels is drawn as it is.
std::vector<LabelOutline> simpler(const std::vector<LabelOutline>& shapes, double tolerance) {
    std::vector<LabelOutline> out;
    for (const LabelOutline& shape : shapes) {
        out.push_back({.rings = {}, .class_code = shape.class_code, .polygon_id = shape.polygon_id});
        for (const OutlineRing& ring : shape.rings) {
            OutlineRing simple = simplified(ring, tolerance);
            if (!simple.empty()) {
                out.back().rings.push_back(std::move(simple));
            }
        }
        if (out.back().rings.empty()) {
            const auto largest = std::ranges::max_element(shape.rings, {}, &OutlineRing::size);
            out.back().rings.push_back(*largest);
        }
    }
    return out;
}

/// Leaves out the smallest shapes until `most` corners are left.
void leave_out_smallest(LabelOutlines& outlines, std::int64_t most) {
    std::vector<std::pair<double, std::size_t>> by_area;
    for (std::size_t i = 0; i < outlines.shapes.size(); ++i) {
        by_area.emplace_back(-area_of(outlines.shapes[i]), i);
    }
    std::ranges::sort(by_area);
    std::vector<std::size_t> kept;
    std::int64_t corners = 0;
    for (const auto& [area, i] : by_area) {
        corners += corners_of(outlines.shapes[i]);
        if (corners > most) {
            break;
        }
        kept.push_back(i);
    }
    std::ranges::sort(kept);
    std::vector<LabelOutline> shapes;
    for (const std::size_t i : kept) {
        shapes.push_back(std::move(outlines.shapes[i]));
    }
    outlines.n_left_out = static_cast<std::int64_t>(outlines.shapes.size() - shapes.size());
    outlines.shapes = std::move(shapes);
}

} // namespace

LabelOutlines trace_labels(const RasterSource& labels, const OutlineOptions& options, Progress& progress) {
    const std::vector<int> bands = label_bands(labels, options.where);
    std::vector<LabelRun> runs;
    LabelOutlines out;
    const std::vector<Window> windows =
        block_windows(labels.grid().extent(), options.block_pixels, options.block_pixels);
    stream_blocks(
        windows, "outlines", progress,
        [&](const Window& window) {
            PixelBlock block;
            labels.read_bands(window, bands, block);
            return runs_of(block);
        },
        [&](const std::vector<LabelRun>& found) {
            out.too_many_runs =
                out.too_many_runs || static_cast<std::int64_t>(runs.size() + found.size()) > options.most_runs;
            if (!out.too_many_runs) {
                runs.insert(runs.end(), found.begin(), found.end());
            }
        });
    if (out.too_many_runs) {
        return out;
    }
    order_runs(runs);
    out.shapes = outlines_of(runs);
    if (corners_of(out.shapes) <= options.most_corners) {
        return out;
    }
    const std::vector<LabelOutline> exact = std::move(out.shapes);
    for (const double tolerance : {0.75, 1.5, 3.0, 6.0}) {
        out.shapes = simpler(exact, tolerance);
        out.tolerance = tolerance;
        if (corners_of(out.shapes) <= options.most_corners) {
            return out;
        }
    }
    leave_out_smallest(out, options.most_corners);
    return out;
}

} // namespace lcclass
