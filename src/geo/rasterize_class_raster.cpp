#include "geo/class_strips.h"
#include "geo/raster_dataset.h"
#include "geo/rasterize_common.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t cell_size = 16;

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

std::int64_t cells_across(const GridSpec& grid) {
    return (grid.width + cell_size - 1) / cell_size;
}

std::int32_t cell_of(const GridSpec& grid, std::int64_t col, std::int64_t row) {
    return static_cast<std::int32_t>(row / cell_size * cells_across(grid) + col / cell_size + 1);
}

ValueCounts count_values(const WarpedClasses& classes, const GridSpec& grid, const std::string& where,
                         Progress& progress) {
    constexpr std::size_t most_values = 65536;
    ValueCounts counts;
    progress.begin("read classes", grid.n_pixels());
    for (const Window& strip : label_strips(grid)) {
        throw_if_stopped();
        for (const double value : classes.read(strip)) {
            if (!std::isnan(value)) {
                ++counts[value];
            }
        }
        if (counts.size() > most_values) {
            refuse(where, {}, "holds more than 65,536 distinct values", "name a raster of class codes");
        }
        progress.advance(strip.n_pixels());
    }
    progress.end();
    return counts;
}

PatchSizes measure_patches(const WarpedClasses& classes, const ValueCodes& codes, const GridSpec& grid,
                           std::int64_t min_patch, Progress& progress) {
    PatchSizes sizes(min_patch);
    if (min_patch < 2) {
        return sizes;
    }
    progress.begin("measure patches", grid.n_pixels());
    for (const Window& strip : label_strips(grid)) {
        throw_if_stopped();
        const std::vector<std::int32_t> pixels = codes.of(classes.read(strip));
        for (std::int64_t row = 0; row < strip.height; ++row) {
            sizes.next(std::span(pixels).subspan(static_cast<std::size_t>(row * strip.width),
                                                 static_cast<std::size_t>(strip.width)));
        }
        progress.advance(strip.n_pixels());
    }
    progress.end();
    return sizes;
}

/// Counts the pixels and cells of all strips, from the top down.
class CellAccount {
public:
    explicit CellAccount(const GridSpec& grid)
        : m_grid(grid), m_in_raster(static_cast<std::size_t>(cells_across(grid))), m_labelled(m_in_raster.size()) {}

    void add(const Window& strip, const ClassStrip& pixels) {
        for (std::int64_t row = strip.y; row < strip.y + strip.height; ++row) {
            for (std::int64_t col = 0; col < strip.width; ++col) {
                const auto i = static_cast<std::size_t>((row - strip.y) * strip.width + col);
                add_pixel(static_cast<std::size_t>(col / cell_size), pixels, i);
            }
            if ((row + 1) % cell_size == 0 || row + 1 == m_grid.height) {
                close_cells();
            }
        }
    }

    [[nodiscard]] LabelAccounting finish(const ValueCodes& codes, const RasterizeOptions& options,
                                         std::int64_t n_small_patches);

private:
    void add_pixel(std::size_t cell, const ClassStrip& pixels, std::size_t i) {
        const std::int32_t code = pixels.raster[i];
        if (code == 0) {
            return;
        }
        m_in_raster[cell].insert(code);
        if (pixels.labels[i] != 0) {
            m_labelled[cell].insert(code);
            ++m_by_code[code].pixels;
        } else {
            ++(pixels.in_large_patches[i] == 0 ? m_in_small_patches : m_eroded);
        }
    }

    void close_cells() {
        for (std::size_t cell = 0; cell < m_in_raster.size(); ++cell) {
            ++m_account.features;
            if (!m_labelled[cell].empty()) {
                ++m_account.burned;
            } else {
                ++m_account.skipped[m_in_raster[cell].empty() ? "without a class"
                                                              : "no pixel left by erosion or minimum patch"];
            }
            for (const std::int32_t code : m_in_raster[cell]) {
                const bool labelled = m_labelled[cell].contains(code);
                m_by_code[code].polygons += labelled ? 1 : 0;
                m_by_code[code].without_pixel += labelled ? 0 : 1;
            }
            m_in_raster[cell].clear();
            m_labelled[cell].clear();
        }
    }

    GridSpec m_grid;
    std::vector<std::set<std::int32_t>> m_in_raster; ///< classes by cell, of the current row of cells
    std::vector<std::set<std::int32_t>> m_labelled;
    std::map<std::int32_t, LabelAccounting::ClassCount> m_by_code;
    std::int64_t m_in_small_patches = 0;
    std::int64_t m_eroded = 0;
    LabelAccounting m_account;
};

LabelAccounting CellAccount::finish(const ValueCodes& codes, const RasterizeOptions& options,
                                    std::int64_t n_small_patches) {
    std::vector<std::string> lost;
    for (const LandCoverClass& entry : codes.legend.classes()) {
        LabelAccounting::ClassCount& count = m_by_code[entry.code];
        count.class_code = entry.code;
        if (count.pixels > 0) {
            m_account.classes.push_back(count);
        } else {
            lost.push_back(entry.name);
        }
    }
    std::vector<std::string>& notes = m_account.notes;
    notes = codes.notes;
    notes.insert(notes.begin(), "class raster: features are cells of 16 x 16 pixels");
    if (options.min_patch > 1) {
        notes.push_back(with_thousands(m_in_small_patches) + " pixels in " + with_thousands(n_small_patches) +
                        " patches of fewer than " + with_thousands(options.min_patch) + " pixels have no label");
    }
    if (options.erode > 0) {
        notes.push_back(with_thousands(m_eroded) + " pixels at the edges of classes have no label (erosion by " +
                        std::to_string(options.erode) + ")");
    }
    if (!lost.empty()) {
        notes.push_back("classes without a pixel left: " + join(lost, ", "));
    }
    return m_account;
}

/// The classes that have labels.
ClassLegend legend_of(const ValueCodes& codes, const LabelAccounting& account) {
    std::vector<LandCoverClass> classes;
    for (const LabelAccounting::ClassCount& count : account.classes) {
        classes.push_back(codes.legend.at(*codes.legend.index_of(count.class_code)));
    }
    return ClassLegend(std::move(classes));
}

void require_vector_options_unset(const RasterizeOptions& options) {
    const std::array<std::pair<const char*, bool>, 5> set = {{{"layer", !options.layer.empty()},
                                                              {"where", !options.where.empty()},
                                                              {"group-field", !options.group_field.empty()},
                                                              {"class-field", !options.class_field.empty()},
                                                              {"all-touched", options.all_touched}}};
    for (const auto& [name, given] : set) {
        if (given) {
            throw Error(ExitCode::command_line, {.where = options.input,
                                                 .field = name,
                                                 .problem = "has no meaning for a class raster",
                                                 .fix = "leave the option out, or give polygons"});
        }
    }
}

ValueCodes read_codes(const RasterizeOptions& options, const WarpedClasses& classes, const GridSpec& grid,
                      Progress& progress) {
    const ValueCounts counts = count_values(classes, grid, options.input, progress);
    const ClassLegend raster_legend = open_raster(options.input).legend.value_or(ClassLegend());
    ValueCodes codes(options, counts, raster_legend, !classes.has_nodata());
    if (codes.legend.empty()) {
        refuse(options.input, "extent=" + describe(classes.source_grid().bounds()),
               "no class pixel lies on the grid, extent " + describe(grid.bounds()) + " in " + crs_label(grid.crs_wkt),
               "check the area, the reference systems and the class map");
    }
    return codes;
}

} // namespace

RasterizeResult rasterize_class_raster(const RasterizeOptions& options, const GridSpec& grid,
                                       const std::filesystem::path& output, Progress& progress) {
    require_vector_options_unset(options);
    const WarpedClasses classes(options, grid);
    if (cells_across(grid) * ((grid.height + cell_size - 1) / cell_size) >= std::int64_t{1} << 24) {
        refuse("grid", {}, "has more than 16,777,215 cells of 16 x 16 pixels", "cut it into smaller grids");
    }
    const ValueCodes codes = read_codes(options, classes, grid, progress);
    const PatchSizes patches = measure_patches(classes, codes, grid, options.min_patch, progress);
    const auto strips = [&] { return ClassStrips(classes, codes, grid, patches.large(), options.erode); };

    CellAccount account(grid);
    ClassStrips counted = strips();
    progress.begin("count labels", grid.n_pixels());
    for (const Window& strip : label_strips(grid)) {
        throw_if_stopped();
        account.add(strip, counted.read(strip));
        progress.advance(strip.n_pixels());
    }
    progress.end();
    RasterizeResult result;
    result.accounting = account.finish(codes, options, patches.n_small());
    result.info.legend = legend_of(codes, result.accounting);
    if (result.info.legend.empty()) {
        refuse(options.input, {}, "no pixel is left: " + join(result.accounting.notes, "; "),
               "erode less, or allow smaller patches");
    }

    ClassStrips written = strips();
    write_labels(output, grid, result, options.overwrite, progress,
                 [&](const Window& strip, std::span<float> class_code, std::span<float> polygon_id) {
                     const std::vector<std::int32_t> labels = written.read(strip).labels;
                     for (std::size_t i = 0; i < labels.size(); ++i) {
                         const auto at = static_cast<std::int64_t>(i);
                         const std::int32_t cell = cell_of(grid, at % grid.width, strip.y + at / grid.width);
                         class_code[i] = static_cast<float>(labels[i]);
                         polygon_id[i] = labels[i] == 0 ? 0.0F : static_cast<float>(cell);
                     }
                 });
    return result;
}

} // namespace lcclass
