/// A sheet of paper in memory: text, areas and pictures by cairo, given out as PNG.
/// Belongs to one thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <cairo.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace lcclass::report {

struct Box {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};

class Drawing {
public:
    /// A white sheet of `width` x `height` pixels. Requires: both > 0.
    Drawing(int width, int height);
    ~Drawing();
    Drawing(const Drawing&) = delete;
    Drawing& operator=(const Drawing&) = delete;

    /// `text` in DejaVu Sans, or whatever font there is, its baseline beginning at x, y; too long for `most_width`, it
    /// is cut and ends in an ellipsis.
    void text(const std::string& text, double x, double y, double size, double most_width, bool bold = false);
    /// The whole text, ending at x. Its width.
    double text_ending_at(const std::string& text, double x, double y, double size);
    /// `text` in lines of at most `most_width`, the first with its baseline at y. The baseline after the last line.
    double paragraph(const std::string& text, double x, double y, double size, double most_width);
    void fill(const Box& box, Rgb color);
    void outline(const Box& box, Rgb color, double width = 1);
    void line(double x1, double y1, double x2, double y2, double width);
    void triangle(double x, double y, double width, double height); ///< pointing up, its tip at x, y
    /// `columns` x `rows` pixels as squares and rectangles that fill `box`.
    void picture(std::span<const Rgb> pixels, std::int64_t columns, std::int64_t rows, const Box& box);
    /// Throws: Error(internal) when something could not be drawn.
    [[nodiscard]] std::string png() const;

private:
    void choose_font(double size, bool bold);
    [[nodiscard]] double width_of(const std::string& text);
    void put(const std::string& text, double x, double y);
    [[nodiscard]] std::vector<std::string> lines_of(const std::string& text, double size, double most_width);

    int m_width;
    int m_height;
    std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> m_surface;
    std::unique_ptr<cairo_t, void (*)(cairo_t*)> m_pen;
};

} // namespace lcclass::report
