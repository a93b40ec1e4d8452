#include "report/drawing.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "report/image_codec.h"
#include "report/page_text.h"

#include <cstring>

namespace lcclass::report {

namespace {

constexpr const char* ellipsis = "\u2026";
constexpr double line_height = 1.35; ///< of the size of text

std::uint32_t packed(Rgb color) {
    return static_cast<std::uint32_t>(color.red) << 16U | static_cast<std::uint32_t>(color.green) << 8U | color.blue;
}

void set_color(cairo_t* pen, Rgb color) {
    cairo_set_source_rgb(pen, color.red / 255.0, color.green / 255.0, color.blue / 255.0);
}

/// Without its last character, of one byte or more.
void shorten_by_one(std::string& text) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
        text.pop_back();
    }
    if (!text.empty()) {
        text.pop_back();
    }
}

} // namespace

Drawing::Drawing(int width, int height)
    : m_width(width), m_height(height),
      m_surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height), cairo_surface_destroy),
      m_pen(cairo_create(m_surface.get()), cairo_destroy) {
    if (cairo_status(m_pen.get()) != CAIRO_STATUS_SUCCESS) {
        throw Error(ExitCode::resources, {.where = {},
                                          .field = {},
                                          .problem = "there is no memory for a picture of the map",
                                          .fix = "close other programs"});
    }
    fill({.x = 0, .y = 0, .width = static_cast<double>(width), .height = static_cast<double>(height)}, {255, 255, 255});
}

Drawing::~Drawing() = default;

void Drawing::choose_font(double size, bool bold) {
    cairo_select_font_face(m_pen.get(), "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(m_pen.get(), size);
    set_color(m_pen.get(), {20, 20, 20});
}

double Drawing::width_of(const std::string& text) {
    cairo_text_extents_t extents = {};
    cairo_text_extents(m_pen.get(), text.c_str(), &extents);
    return extents.x_advance;
}

void Drawing::put(const std::string& text, double x, double y) {
    cairo_move_to(m_pen.get(), x, y);
    cairo_show_text(m_pen.get(), text.c_str());
}

void Drawing::text(const std::string& text, double x, double y, double size, double most_width, bool bold) {
    choose_font(size, bold);
    std::string shown = valid_text(text); // cairo draws nothing more after bytes that are no UTF-8
    if (width_of(shown) > most_width) {
        while (!shown.empty() && width_of(shown + ellipsis) > most_width) {
            shorten_by_one(shown);
        }
        shown += ellipsis;
    }
    put(shown, x, y);
}

double Drawing::text_ending_at(const std::string& text, double x, double y, double size) {
    choose_font(size, false);
    const std::string shown = valid_text(text);
    const double width = width_of(shown);
    put(shown, x - width, y);
    return width;
}

std::vector<std::string> Drawing::lines_of(const std::string& text, double size, double most_width) {
    choose_font(size, false);
    std::vector<std::string> lines;
    std::string line;
    for (const std::string& word : split(valid_text(text), ' ')) {
        const std::string longer = line.empty() ? word : line + " " + word;
        if (!line.empty() && width_of(longer) > most_width) {
            lines.push_back(line);
            line = word;
        } else {
            line = longer;
        }
    }
    if (!line.empty()) {
        lines.push_back(line);
    }
    return lines;
}

double Drawing::paragraph(const std::string& text, double x, double y, double size, double most_width) {
    for (const std::string& line : lines_of(text, size, most_width)) {
        this->text(line, x, y, size, most_width);
        y += size * line_height;
    }
    return y;
}

void Drawing::fill(const Box& box, Rgb color) {
    set_color(m_pen.get(), color);
    cairo_rectangle(m_pen.get(), box.x, box.y, box.width, box.height);
    cairo_fill(m_pen.get());
}

void Drawing::outline(const Box& box, Rgb color, double width) {
    set_color(m_pen.get(), color);
    cairo_set_line_width(m_pen.get(), width);
    cairo_rectangle(m_pen.get(), box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
    cairo_stroke(m_pen.get());
}

void Drawing::line(double x1, double y1, double x2, double y2, double width) {
    set_color(m_pen.get(), {20, 20, 20});
    cairo_set_line_width(m_pen.get(), width);
    cairo_move_to(m_pen.get(), x1, y1);
    cairo_line_to(m_pen.get(), x2, y2);
    cairo_stroke(m_pen.get());
}

void Drawing::triangle(double x, double y, double width, double height) {
    set_color(m_pen.get(), {20, 20, 20});
    cairo_move_to(m_pen.get(), x, y);
    cairo_line_to(m_pen.get(), x + width / 2, y + height);
    cairo_line_to(m_pen.get(), x, y + 0.75 * height);
    cairo_line_to(m_pen.get(), x - width / 2, y + height);
    cairo_close_path(m_pen.get());
    cairo_fill(m_pen.get());
}

void Drawing::picture(std::span<const Rgb> pixels, std::int64_t columns, std::int64_t rows, const Box& box) {
    const std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> image(
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(columns), static_cast<int>(rows)),
        cairo_surface_destroy);
    unsigned char* bytes = cairo_image_surface_get_data(image.get());
    const int stride = cairo_image_surface_get_stride(image.get());
    for (std::int64_t row = 0; row < rows && bytes != nullptr; ++row) {
        for (std::int64_t column = 0; column < columns; ++column) {
            const std::uint32_t color = packed(pixels[static_cast<std::size_t>(row * columns + column)]);
            std::memcpy(bytes + row * stride + 4 * column, &color, sizeof color);
        }
    }
    cairo_surface_mark_dirty(image.get());
    cairo_save(m_pen.get());
    cairo_translate(m_pen.get(), box.x, box.y);
    cairo_scale(m_pen.get(), box.width / static_cast<double>(columns), box.height / static_cast<double>(rows));
    cairo_set_source_surface(m_pen.get(), image.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(m_pen.get()), CAIRO_FILTER_NEAREST);
    cairo_rectangle(m_pen.get(), 0, 0, static_cast<double>(columns), static_cast<double>(rows));
    cairo_fill(m_pen.get());
    cairo_restore(m_pen.get());
}

std::string Drawing::png() const {
    if (const cairo_status_t status = cairo_status(m_pen.get()); status != CAIRO_STATUS_SUCCESS) {
        throw Error(ExitCode::internal,
                    {.where = {},
                     .field = {},
                     .problem = std::string("a picture is not whole: ") + cairo_status_to_string(status),
                     .fix = "report this as a bug"});
    }
    cairo_surface_flush(m_surface.get());
    const unsigned char* bytes = cairo_image_surface_get_data(m_surface.get());
    const int stride = cairo_image_surface_get_stride(m_surface.get());
    std::vector<Rgb> pixels;
    pixels.reserve(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height));
    for (std::int64_t row = 0; row < m_height; ++row) {
        for (std::int64_t column = 0; column < m_width; ++column) {
            std::uint32_t color = 0;
            std::memcpy(&color, bytes + row * stride + 4 * column, sizeof color);
            pixels.push_back({static_cast<std::uint8_t>(color >> 16U), static_cast<std::uint8_t>(color >> 8U),
                              static_cast<std::uint8_t>(color)});
        }
    }
    return color_png(pixels, m_width, m_height);
}

} // namespace lcclass::report
