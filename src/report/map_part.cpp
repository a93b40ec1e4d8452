#include "report/map_part.h"

#include "report/map_json.h"

#include <nlohmann/json.hpp>

namespace lcclass::report {

namespace {

/// As HTML shows it: no markup, only whole UTF-8 characters.
std::string escaped(const std::string& text) {
    const std::string valid =
        nlohmann::json::parse(nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
            .get<std::string>();
    std::string html;
    for (const char c : valid) {
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

/// What the map shows of its classes to a reader without script.
std::string class_table(const ClassLayer& layer) {
    std::string html = "<table>\n<thead><tr><th>" + escaped(layer.title) + "</th><th></th></tr></thead>\n<tbody>\n";
    for (const ClassLayer::Entry& entry : layer.entries) {
        html += "<tr><th scope=\"row\">" + escaped(entry.name) + "</th><td>" + escaped(entry.note) + "</td></tr>\n";
    }
    return html + "</tbody>\n</table>\n";
}

bool has_layers(const MapView& view) {
    return view.grid.n_cells() > 0 &&
           !(view.photos.empty() && view.classes.empty() && view.scales.empty() && view.overlays.empty());
}

} // namespace

MapPart map_part(const MapView& view) {
    std::string html = "<figure class=\"map-figure\" id=\"" + escaped(view.id) + "-figure\">\n<figcaption><strong>" +
                       escaped(view.title) + "</strong> <span>" + escaped(view.caption) + "</span></figcaption>\n";
    if (has_layers(view)) {
        html += "<div class=\"map-pane\" data-map=\"" + escaped(view.id) +
                "\">\n<noscript><p>The map needs JavaScript.</p>\n";
        html += view.classes.empty() ? "" : class_table(view.classes.front());
        html += "</noscript>\n</div>\n";
    }
    if (!view.missing.empty()) {
        html += "<ul class=\"map-missing\">\n";
        for (const std::string& sentence : view.missing) {
            html += "<li>" + escaped(sentence) + "</li>\n";
        }
        html += "</ul>\n";
    }
    return {.html = html + "</figure>\n", .json = has_layers(view) ? map_json(view) : "null"};
}

} // namespace lcclass::report
