#include "lcclass/report/document.h"
#include "report/figure_html.h"
#include "report/figure_json.h"
#include "report/map_part.h"
#include "report/page_parts.h"
#include "report/page_text.h"

namespace lcclass::report {

namespace {

/// Nothing is loaded from anywhere, whatever a name in the data says.
constexpr std::string_view security_policy =
    "default-src 'none'; img-src data: blob:; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

/// JSON objects under construction: `"name":value` after `"name":value`.
class Members {
public:
    void add(const std::string& name, const std::string& json) {
        m_text += (m_text.empty() ? "" : ",\n") + script_json(name) + ":" + json;
    }
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] bool empty() const { return m_text.empty(); }

private:
    std::string m_text;
};

/// Blocks as HTML, and the data of those that scripts draw or save.
class Body {
public:
    std::string html;

    void operator()(const Paragraph& paragraph) { html += "<p>" + escaped_html(paragraph.text) + "</p>\n"; }

    void operator()(const Facts& facts) {
        html += "<dl>\n";
        for (const auto& [name, value] : facts.items) {
            html += "<dt>" + escaped_html(name) + "</dt><dd>" + escaped_html(value) + "</dd>\n";
        }
        html += "</dl>\n";
    }

    void operator()(const Missing& missing) {
        html += "<p class=\"missing\">" + escaped_html(missing.what) + ": not here. To have it: <code>" +
                escaped_html(missing.command) + "</code></p>\n";
    }

    void operator()(const Listing& listing) {
        const std::string number = std::to_string(m_n_listings++);
        // The save button is the script's; it saves the bytes of the data, not what HTML made of the line breaks.
        html += "<details class=\"listing\" data-listing=\"" + number + "\"><summary>" + escaped_html(listing.title) +
                "</summary>\n<div class=\"actions\"></div>\n<pre tabindex=\"0\" role=\"region\" aria-label=\"" +
                escaped_html(listing.title) + "\">\n" + escaped_html(listing.text) + "</pre>\n</details>\n";
        m_listings.add(number, script_json({{"file_name", listing.file_name}, {"text", listing.text}}));
    }

    void operator()(const Figure& figure) {
        html += figure_html(figure);
        m_figures.add(text_of(figure).id, script_json(figure_json(figure)));
    }

    void operator()(const MapView& view) {
        const MapPart part = map_part(view);
        if (part.html.empty()) {
            return;
        }
        html += "<div data-view=\"" + escaped_html(view.id) + "\">\n" + part.html + "</div>\n";
        m_maps.add(view.id, part.json);
    }

    [[nodiscard]] bool has_map() const { return !m_maps.empty(); }

    [[nodiscard]] std::string data() const {
        return "{\"figures\":{" + m_figures.text() + "},\n\"listings\":{" + m_listings.text() + "},\n\"maps\":{" +
               m_maps.text() + "}}";
    }

private:
    Members m_figures;
    Members m_listings;
    Members m_maps;
    std::size_t m_n_listings = 0;
};

bool has_headings(const Document& document) {
    return document.sections.size() > 1 || (document.sections.size() == 1 && !document.sections[0].title.empty());
}

void add_section(Body& body, const Section& section, bool has_heading) {
    const std::string id = escaped_html(section.id);
    body.html += "<section id=\"" + id + "\">\n";
    if (has_heading) {
        body.html += "<h2>" + escaped_html(section.title) + " <a class=\"anchor\" href=\"#" + id +
                     "\" aria-label=\"Link to " + escaped_html(section.title) + "\">#</a></h2>\n";
    }
    for (const Block& block : section.blocks) {
        std::visit(body, block);
    }
    body.html += "</section>\n";
}

std::string contents(const Document& document) {
    std::string items;
    for (const Section& section : document.sections) {
        items += "<li><a href=\"#" + escaped_html(section.id) + "\">" + escaped_html(section.title) + "</a></li>\n";
    }
    return "<nav aria-label=\"Contents\"><details open><summary>Contents</summary>\n<ol>\n" + items +
           "</ol>\n</details></nav>\n";
}

/// Styles and scripts in the order in which they stand in the page. Scripts of parts add functions to the object
/// `lcclass`; the last one, of the page, starts when all is read.
std::vector<std::string_view> styles_of(bool has_map) {
    return has_map ? std::vector{leaflet_style, page_style, map_style} : std::vector{page_style};
}

std::vector<std::string_view> scripts_of(bool has_map) {
    return has_map ? std::vector{chart_library, leaflet_library, map_script, page_script}
                   : std::vector{chart_library, page_script};
}

std::string head(const Document& document, bool has_map) {
    std::string html = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
                       std::string(security_policy) +
                       "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
                       escaped_html(document.title) + "</title>\n";
    for (const std::string_view style : styles_of(has_map)) {
        html += "<style>\n" + std::string(style) + "</style>\n";
    }
    // A browser without an icon to show asks the server for one.
    return html +
           "<link rel=\"icon\" href=\"data:,\">\n<noscript><style>.drawing, .legend { display: none; }</style>"
           "</noscript>\n<script>\n" +
           std::string(theme_script) + "</script>\n</head>\n";
}

} // namespace

std::string to_html(const Document& document) {
    const bool headings = has_headings(document);
    Body body;
    for (const Section& section : document.sections) {
        add_section(body, section, headings);
    }
    std::string html = head(document, body.has_map());
    html += std::string("<body") + (headings ? " class=\"with-contents\"" : "") +
            ">\n<a class=\"skip\" href=\"#page-content\">Skip to the content</a>\n<header>\n<div><h1>" +
            escaped_html(document.title) + "</h1>\n" +
            (document.summary.empty() ? "" : "<p>" + escaped_html(document.summary) + "</p>") +
            "</div>\n<div id=\"page-theme\"></div>\n</header>\n";
    html += "<div class=\"page\">\n" + (headings ? contents(document) : "") +
            "<main id=\"page-content\" tabindex=\"-1\">\n";
    html += "<noscript><p class=\"missing\">The charts need JavaScript; their numbers are in the tables, under "
            "“Figures”.</p></noscript>\n";
    html += body.html + "</main>\n</div>\n<script type=\"application/json\" id=\"page-data\">" + body.data() +
            "</script>\n";
    for (const std::string_view script : scripts_of(body.has_map())) {
        html += "<script>\n" + std::string(script) + "</script>\n";
    }
    return html + "</body>\n</html>\n";
}

} // namespace lcclass::report
