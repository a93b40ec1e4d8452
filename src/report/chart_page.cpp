#include "lcclass/report/chart_page.h"

#include "lcclass/core/text_table.h"
#include "report/page_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace lcclass {

namespace {

/// Pixels on screen that a bar takes, and what is around all bars.
constexpr std::size_t bar_height = 28;
constexpr std::size_t axis_height = 64;

/// JSON without bytes that are no UTF-8, and without `<`, which could end the script that it stands in.
std::string json_text(const nlohmann::ordered_json& json) {
    const std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::string safe;
    for (const char c : text) {
        safe += c == '<' ? std::string("\\u003c") : std::string(1, c);
    }
    return safe;
}

/// `text` with only whole UTF-8 characters, as JSON takes it.
std::string valid_text(const std::string& text) {
    return nlohmann::json::parse(nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
        .get<std::string>();
}

std::string escaped(const std::string& text) {
    std::string html;
    for (const char c : valid_text(text)) {
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        default:
            html += c;
        }
    }
    return html;
}

/// `+0.120`, `−0.045` with a real minus sign.
std::string with_minus_sign(double change, int digits) {
    const std::string text = signed_digits(change, digits);
    return text.starts_with('-') ? "\u2212" + text.substr(1) : text;
}

} // namespace

struct ChartPage::DrawnBar {
    std::string label;
    double from;
    double to;
    std::string text;
    std::string role; ///< of the palette in chart_page.js
};

struct ChartPage::Drawing {
    std::string caption;
    std::string axis;
    std::vector<DrawnBar> bars;
    bool connected = false;
    std::optional<double> axis_end;
};

ChartPage::ChartPage(std::string title, std::string summary)
    : m_title(std::move(title)), m_summary(std::move(summary)) {}

void ChartPage::add_facts(const std::vector<std::pair<std::string, std::string>>& facts) {
    m_body += "<dl>\n";
    for (const auto& [name, value] : facts) {
        m_body += "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>\n";
    }
    m_body += "</dl>\n";
}

void ChartPage::add(const WaterfallChart& chart) {
    Drawing drawing{.caption = chart.caption, .axis = chart.axis, .bars = {}, .connected = true, .axis_end = {}};
    drawing.bars.push_back({.label = chart.start_label,
                            .from = 0,
                            .to = chart.start,
                            .text = fixed_digits(chart.start, chart.digits),
                            .role = "total"});
    double level = chart.start;
    for (const WaterfallChart::Step& step : chart.steps) {
        drawing.bars.push_back({.label = step.label,
                                .from = level,
                                .to = level + step.change,
                                .text = with_minus_sign(step.change, chart.digits),
                                .role = step.change < 0 ? "down" : "up"});
        level += step.change;
    }
    drawing.bars.push_back(
        {.label = chart.end_label, .from = 0, .to = level, .text = fixed_digits(level, chart.digits), .role = "total"});
    add_drawing(drawing);
}

void ChartPage::add(const BarChart& chart) {
    Drawing drawing{
        .caption = chart.caption, .axis = chart.axis, .bars = {}, .connected = false, .axis_end = chart.axis_end};
    for (const BarChart::Bar& bar : chart.bars) {
        drawing.bars.push_back({.label = bar.label,
                                .from = 0,
                                .to = bar.value,
                                .text = fixed_digits(bar.value, chart.digits),
                                .role = bar.stands_out ? "up" : "plain"});
    }
    add_drawing(drawing);
}

void ChartPage::add_drawing(const Drawing& drawing) {
    nlohmann::ordered_json json = {
        {"axis", drawing.axis}, {"connected", drawing.connected}, {"bars", nlohmann::ordered_json::array()}};
    if (drawing.axis_end) {
        json["axis_end"] = *drawing.axis_end;
    }
    std::string rows;
    for (const DrawnBar& bar : drawing.bars) {
        json["bars"].push_back(
            {{"label", bar.label}, {"from", bar.from}, {"to", bar.to}, {"text", bar.text}, {"role", bar.role}});
        rows += "<tr><th scope=\"row\">" + escaped(bar.label) + "</th><td>" + escaped(bar.text) + "</td></tr>\n";
    }
    m_charts.push_back(json_text(json));
    const std::string height = std::to_string(drawing.bars.size() * bar_height + axis_height);
    m_body += "<figure>\n<figcaption>" + escaped(drawing.caption) +
              "</figcaption>\n<div class=\"drawing\" style=\"height: " + height +
              "px\"><canvas role=\"img\" aria-label=\"" + escaped(drawing.caption) +
              "\"></canvas></div>\n<details><summary>Figures</summary>\n<table>\n<thead><tr><th></th><th>" +
              escaped(drawing.axis) + "</th></tr></thead>\n<tbody>\n" + rows +
              "</tbody>\n</table>\n</details>\n</figure>\n";
}

std::string ChartPage::html() const {
    std::string charts;
    for (const std::string& chart : m_charts) {
        charts += (charts.empty() ? "" : ",\n") + chart;
    }
    std::string page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    // Nothing is loaded from anywhere, whatever a name in the data says.
    page += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
            "style-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    page +=
        "<title>" + escaped(m_title) + "</title>\n<style>\n" + std::string(page_style) + "</style>\n</head>\n<body>\n";
    page += "<main>\n<h1>" + escaped(m_title) + "</h1>\n<p>" + escaped(m_summary) + "</p>\n";
    page += "<noscript><p>The charts need JavaScript; their figures are in the tables.</p></noscript>\n";
    page += m_body + "</main>\n";
    page += "<script type=\"application/json\" id=\"charts\">[" + charts + "]</script>\n";
    page +=
        "<script>" + std::string(chart_library) + "</script>\n<script>\n" + std::string(page_script) + "</script>\n";
    return page + "</body>\n</html>\n";
}

} // namespace lcclass
