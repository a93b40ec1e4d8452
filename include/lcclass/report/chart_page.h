/// A page of charts, as one HTML file that a browser shows without a network: data, styles and the chart library are in
/// it.
/// Belongs to one thread; `html` is a pure function of what was added.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lcclass {

/// How a number came about: bars from a start over changes, each where the last ended, to the end.
struct WaterfallChart {
    struct Step {
        std::string label;
        double change = 0;
    };
    std::string caption; ///< what is to be seen, one sentence
    std::string axis;    ///< what is measured, with its unit
    std::string start_label;
    double start = 0;
    std::vector<Step> steps; ///< from top to bottom
    std::string end_label;   ///< its value is the start plus all changes
    int digits = 3;          ///< after the point
};

/// One bar per label, all from 0.
struct BarChart {
    struct Bar {
        std::string label;
        double value = 0;
        bool stands_out = false;
    };
    std::string caption;
    std::string axis;
    std::vector<Bar> bars;          ///< from top to bottom
    std::optional<double> axis_end; ///< nothing: as the values ask for
    int digits = 3;
};

class ChartPage {
public:
    /// Texts are plain: what looks like HTML in them is shown, not obeyed. Bytes that are no UTF-8 are replaced.
    ChartPage(std::string title, std::string summary);

    /// A table of names and what they are, such as place and model.
    void add_facts(const std::vector<std::pair<std::string, std::string>>& facts);
    /// Charts with their caption and, folded below, their figures as a table. Increase and decrease differ in colour
    /// (blue and orange, which eyes of all kinds tell apart), hatching and sign. Requires: finite numbers.
    void add(const WaterfallChart& chart);
    void add(const BarChart& chart);

    /// The whole page, light or dark as the reader has it, and light on paper. The same content gives the same bytes.
    [[nodiscard]] std::string html() const;

private:
    struct DrawnBar;
    struct Drawing;
    void add_drawing(const Drawing& drawing);

    std::string m_title;
    std::string m_summary;
    std::string m_body;                ///< HTML
    std::vector<std::string> m_charts; ///< JSON objects
};

} // namespace lcclass
