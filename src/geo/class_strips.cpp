#include "geo/class_strips.h"

#include "geo/class_borders.h"
#include "geo/label_values.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lcclass {

namespace {

/// Names and colours that the raster gives to its codes.
ClassLegend named(const ClassLegend& codes, const ClassLegend& raster_legend) {
    std::vector<LandCoverClass> classes;
    for (const LandCoverClass& entry : codes.classes()) {
        const auto index = raster_legend.index_of(entry.code);
        classes.push_back(index ? raster_legend.at(*index) : entry);
    }
    return ClassLegend(std::move(classes));
}

} // namespace

ValueCodes::ValueCodes(const RasterizeOptions& options, const ValueCounts& counts, const ClassLegend& raster_legend,
                       bool zero_is_nodata) {
    ClassValues values(options.class_map, options.input, "class_code");
    std::vector<double> numbers;
    for (const auto& [number, count] : counts) {
        if (number != std::floor(number) || std::abs(number) > 1e15) {
            throw Error(ExitCode::input, {.where = options.input,
                                          .field = "class_code=" + format_number(number),
                                          .problem = "is not a whole number",
                                          .fix = "name a raster of class codes"});
        }
        if (number == 0 && zero_is_nodata && !values.has_map()) {
            notes.push_back(with_thousands(count) + " pixels of value 0 taken as nodata");
            continue;
        }
        values.intern(std::to_string(static_cast<std::int64_t>(number)), options.input);
        numbers.push_back(number);
    }
    ClassCodes codes = values.resolve(true);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        m_code[numbers[i]] = codes.code_of[i];
    }
    notes.insert(notes.end(), codes.notes.begin(), codes.notes.end());
    legend = values.has_map() ? codes.legend : named(codes.legend, raster_legend);
}

std::vector<std::int32_t> ValueCodes::of(const std::vector<double>& values) const {
    std::vector<std::int32_t> codes;
    codes.reserve(values.size());
    double last = 0;
    std::int32_t code = 0;
    for (const double value : values) {
        if (codes.empty() || value != last) {
            const auto found = std::isnan(value) ? m_code.end() : m_code.find(value);
            code = found == m_code.end() ? 0 : found->second;
            last = value;
        }
        codes.push_back(code);
    }
    return codes;
}

ClassStrips::ClassStrips(const WarpedClasses& classes, const ValueCodes& codes, const GridSpec& grid,
                         const std::vector<bool>& large, int erode)
    : m_classes(classes), m_codes(codes), m_grid(grid), m_any_patch(large.empty()), m_filter(large), m_erode(erode) {}

ClassStrip ClassStrips::read(const Window& strip) {
    const std::int64_t first = std::max<std::int64_t>(strip.y - m_erode, 0);
    const std::int64_t last = std::min(strip.y + strip.height + m_erode, m_grid.height);
    const Window around{.x = 0, .y = first, .width = m_grid.width, .height = last - first};
    std::vector<std::int32_t> codes = m_codes.of(m_classes.read(around));
    const auto begin = codes.begin() + (strip.y - first) * m_grid.width;

    ClassStrip result{.raster = {begin, begin + strip.n_pixels()}, .in_large_patches = {}, .labels = {}};
    result.in_large_patches = result.raster;
    const auto width = static_cast<std::size_t>(strip.width);
    for (std::size_t row = 0; !m_any_patch && row < result.raster.size(); row += width) {
        m_filter.next(std::span(result.in_large_patches).subspan(row, width));
    }
    result.labels = result.in_large_patches;
    if (m_erode > 0) {
        erode_classes(codes, m_grid.width, m_erode);
        std::transform(begin, begin + strip.n_pixels(), result.labels.begin(), result.labels.begin(),
                       [](std::int32_t eroded, std::int32_t code) { return eroded == 0 ? 0 : code; });
    }
    return result;
}

} // namespace lcclass
