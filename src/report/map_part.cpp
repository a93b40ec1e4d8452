#include "report/map_part.h"

#include "report/map_json.h"
#include "report/page_text.h"

namespace lcclass::report {

namespace {

/// What the map shows of its classes to a reader without script.
std::string class_table(const ClassLayer& layer) {
    std::string html =
        "<table>\n<thead><tr><th>" + escaped_html(layer.title) + "</th><th></th></tr></thead>\n<tbody>\n";
    for (const ClassLayer::Entry& entry : layer.entries) {
        html += "<tr><th scope=\"row\">" + escaped_html(entry.name) + "</th><td>" + escaped_html(entry.note) +
                "</td></tr>\n";
    }
    return html + "</tbody>\n</table>\n";
}

bool has_layers(const MapView& view) {
    return view.grid.n_cells() > 0 &&
           !(view.photos.empty() && view.classes.empty() && view.scales.empty() && view.overlays.empty());
}

} // namespace

MapPart map_part(const MapView& view) {
    std::string html = "<figure class=\"map-figure\" id=\"" + escaped_html(view.id) + "-figure\">\n<figcaption><h3>" +
                       escaped_html(view.title) + "</h3> <span>" + escaped_html(view.caption) +
                       (has_layers(view) ? " Click for the numbers of a pixel." : "") + "</span></figcaption>\n";
    if (has_layers(view)) {
        html += "<div class=\"map-pane\" data-map=\"" + escaped_html(view.id) +
                "\">\n<noscript><p>The map needs JavaScript.</p>\n";
        html += view.classes.empty() ? "" : class_table(view.classes.front());
        html += "</noscript>\n</div>\n";
    }
    if (!view.missing.empty()) {
        html += "<ul class=\"map-missing\">\n";
        for (const std::string& sentence : view.missing) {
            html += "<li>" + escaped_html(sentence) + "</li>\n";
        }
        html += "</ul>\n";
    }
    return {.html = html + "</figure>\n", .json = has_layers(view) ? map_json(view) : "null"};
}

} // namespace lcclass::report
