#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "report/color_ramp.h"
#include "report/drawing.h"
#include "report/map_part.h"

#include <algorithm>
#include <cmath>

namespace lcclass::report {

namespace {

constexpr Rgb nothing{232, 232, 232}; ///< where there is no data
constexpr Rgb frame{90, 90, 90};
constexpr double map_side = 1000; ///< the longer side of the map, about: whole pixels per cell
constexpr double margin = 30;
constexpr double legend_width = 350;
constexpr double row_height = 30;
constexpr double text_size = 16;
constexpr double small_size = 13;
constexpr double title_size = 26;
constexpr double foot_height = 120; ///< scale bar, north arrow and reference system below the legend

/// What is drawn of a layer of any kind.
struct Sheet {
    std::string id;
    std::string title;
    std::string caption;
    std::vector<Rgb> pixels;
    std::vector<ClassLayer::Entry> entries; ///< the legend of classes
    const ScaleLayer* scale = nullptr;      ///< or the colours of a quantity
};

template <class Layer>
Sheet sheet_of(const Layer& layer) {
    return {.id = layer.id, .title = layer.title, .caption = layer.caption, .pixels = {}, .entries = {}};
}

Sheet photo_sheet(const PhotoLayer& layer) {
    Sheet sheet = sheet_of(layer);
    sheet.pixels = layer.pixels;
    for (std::size_t i = 0; i < sheet.pixels.size(); ++i) {
        sheet.pixels[i] = layer.valid[i] == 0 ? nothing : sheet.pixels[i];
    }
    return sheet;
}

Sheet class_sheet(const ClassLayer& layer) {
    Sheet sheet = sheet_of(layer);
    sheet.entries = layer.entries;
    for (const std::uint8_t cell : layer.cells) {
        sheet.pixels.push_back(cell == 0 ? nothing : layer.entries.at(cell - std::size_t{1}).color);
    }
    return sheet;
}

Sheet scale_sheet(const ScaleLayer& layer) {
    Sheet sheet = sheet_of(layer);
    sheet.scale = &layer;
    const std::span<const Rgb> ramp = color_ramp(layer.more_is_worse);
    for (const std::uint8_t cell : layer.cells) {
        sheet.pixels.push_back(cell == 0 ? nothing : color_at(ramp, (cell - 1) / 254.0));
    }
    return sheet;
}

/// Where the parts of a picture are.
struct Layout {
    Box map;
    double legend_x = 0;
    double width = 0;
    double height = 0;
};

Layout layout_of(const MapView& view, double top) {
    const QuicklookGrid& grid = view.grid;
    const double wide = static_cast<double>(grid.columns) * grid.full.pixel_width;
    const double high = static_cast<double>(grid.rows) * grid.full.pixel_height;
    const auto cells = static_cast<double>(std::max(grid.columns, grid.rows));
    const double scale = cells * std::max(1.0, std::round(map_side / cells)) / std::max(wide, high);
    Layout layout;
    layout.map = {.x = margin,
                  .y = top,
                  .width = std::max(1.0, std::round(wide * scale)),
                  .height = std::max(1.0, std::round(high * scale))};
    layout.legend_x = layout.map.x + layout.map.width + margin;
    layout.width = layout.legend_x + legend_width + margin;
    const double least = 10 * row_height + foot_height;
    layout.height = layout.map.y + std::max(layout.map.height, least) + margin;
    return layout;
}

void draw_classes(Drawing& drawing, const Sheet& sheet, double x, double y, double end) {
    const auto fitting = static_cast<std::size_t>(std::max(1.0, (end - y) / row_height));
    const bool all = sheet.entries.size() <= fitting;
    const std::size_t shown = all ? sheet.entries.size() : fitting - 1;
    for (std::size_t k = 0; k < shown; ++k) {
        const ClassLayer::Entry& entry = sheet.entries[k];
        const Box swatch{.x = x, .y = y, .width = 20, .height = 20};
        drawing.fill(swatch, entry.color);
        drawing.outline(swatch, frame);
        const double note = drawing.text_ending_at(entry.note, x + legend_width, y + 15, small_size);
        drawing.text(entry.name, x + 30, y + 15, text_size, legend_width - 40 - note);
        y += row_height;
    }
    if (!all) {
        drawing.text("and " + std::to_string(sheet.entries.size() - shown) + " more", x + 30, y + 15, text_size,
                     legend_width);
    }
}

void draw_scale_colors(Drawing& drawing, const ScaleLayer& layer, double x, double y) {
    const Box bar{.x = x, .y = y, .width = legend_width - 20, .height = 22};
    std::vector<Rgb> colors;
    for (int k = 0; k < 255; ++k) {
        colors.push_back(color_at(color_ramp(layer.more_is_worse), k / 254.0));
    }
    drawing.picture(colors, 255, 1, bar);
    drawing.outline(bar, frame);
    for (int tick = 0; tick <= 4; ++tick) {
        const double at = bar.x + bar.width * tick / 4;
        drawing.line(at, bar.y + bar.height, at, bar.y + bar.height + 5, 1);
        const std::string text = fixed_digits(layer.low + (layer.high - layer.low) * tick / 4, layer.digits);
        drawing.text((tick == 4 && layer.open_end ? "\u2265 " : "") + text, at - 14, bar.y + bar.height + 21,
                     small_size, 60);
    }
    drawing.text(layer.unit, bar.x, bar.y + bar.height + 44, text_size, legend_width);
}

/// 1, 2 or 5 times a power of ten, `most` or less.
double round_length(double most) {
    const double power = std::pow(10.0, std::floor(std::log10(most)));
    for (const double n : {5.0, 2.0}) {
        if (n * power <= most) {
            return n * power;
        }
    }
    return power;
}

void draw_foot(Drawing& drawing, const MapView& view, const Layout& layout) {
    const double x = layout.legend_x;
    const double y = layout.height - margin - foot_height;
    drawing.triangle(x + 12, y, 22, 34);
    drawing.text("N", x + 5, y + 52, text_size + 2, 30, true);
    if (view.metres_per_unit) {
        const GridSpec& full = view.grid.full;
        const double metres = *view.metres_per_unit * full.pixel_width *
                              static_cast<double>(view.grid.columns * view.grid.step) / layout.map.width;
        const double length = round_length(200 * metres);
        const double end = x + 60 + length / metres;
        drawing.line(x + 60, y + 30, end, y + 30, 3);
        drawing.line(x + 60, y + 22, x + 60, y + 31.5, 3);
        drawing.line(end, y + 22, end, y + 31.5, 3);
        drawing.text(length >= 1000 ? format_number(length / 1000) + " km" : format_number(length) + " m", x + 60,
                     y + 52, text_size, 200);
    }
    const GridSpec& full = view.grid.full;
    drawing.text(view.crs_name, x, y + 84, small_size, legend_width);
    drawing.text(with_thousands(full.width) + " x " + with_thousands(full.height) + " pixels of " +
                     format_number(full.pixel_width) + (view.metres_per_unit == 1 ? " m" : ""),
                 x, y + 104, small_size, legend_width);
}

std::string picture_of(const MapView& view, const Sheet& sheet) {
    constexpr double top = margin + title_size + 20;
    const Layout layout = layout_of(view, top);
    Drawing drawing(static_cast<int>(layout.width), static_cast<int>(layout.height));
    drawing.text(sheet.title, margin, margin + title_size, title_size, layout.width - 2 * margin, true);
    drawing.picture(sheet.pixels, view.grid.columns, view.grid.rows, layout.map);
    drawing.outline(layout.map, frame);
    const double y = drawing.paragraph(sheet.caption, layout.legend_x, top + small_size, small_size, legend_width) + 8;
    if (sheet.scale != nullptr) {
        draw_scale_colors(drawing, *sheet.scale, layout.legend_x, y);
    } else {
        draw_classes(drawing, sheet, layout.legend_x, y, layout.height - margin - foot_height - 10);
    }
    draw_foot(drawing, view, layout);
    return drawing.png();
}

} // namespace

std::vector<PictureFile> map_pictures(const MapView& view) {
    std::vector<PictureFile> pictures;
    const auto add = [&](const Sheet& sheet) {
        pictures.push_back(
            {.name = view.id + "-" + sheet.id + ".png", .title = sheet.title, .png = picture_of(view, sheet)});
    };
    if (!view.photos.empty()) {
        add(photo_sheet(view.photos.front()));
    }
    for (const ClassLayer& layer : view.classes) {
        add(class_sheet(layer));
    }
    for (const ScaleLayer& layer : view.scales) {
        add(scale_sheet(layer));
    }
    return pictures;
}

} // namespace lcclass::report
