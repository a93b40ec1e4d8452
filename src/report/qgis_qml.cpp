#include "report/qgis_qml.h"

#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "report/xml_text.h"

#include <cmath>

namespace lcclass::report {

namespace {

std::string quoted(const std::string& text) {
    return "\"" + xml_text(text) + "\"";
}

/// `r,g,b,a`.
std::string rgba(Rgb color, int alpha) {
    return std::to_string(color.red) + "," + std::to_string(color.green) + "," + std::to_string(color.blue) + "," +
           std::to_string(alpha);
}

std::string option(const std::string& name, const std::string& value) {
    return "<Option name=\"" + name + "\" type=\"QString\" value=" + quoted(value) + "/>";
}

/// Limits are those that stand in the file; QGIS shall not look for others.
constexpr const char* fixed_limits =
    "<minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy>"
    "<cumulativeCutLower>0.02</cumulativeCutLower><cumulativeCutUpper>0.98</cumulativeCutUpper>"
    "<stdDevFactor>2</stdDevFactor></minMaxOrigin>\n";

std::string renderer_start(const std::string& type, const std::string& attributes) {
    return "<rasterrenderer type=\"" + type + "\" " + attributes +
           " opacity=\"1\" alphaBand=\"-1\" nodataColor=\"\">\n<rasterTransparency/>\n" + fixed_limits;
}

std::string renderer(const PaletteStyle& style) {
    std::string xml = renderer_start("paletted", "band=\"" + std::to_string(style.band) + "\"") + "<colorPalette>\n";
    for (const PaletteStyle::Entry& entry : style.entries) {
        xml += "<paletteEntry value=\"" + std::to_string(entry.value) + "\" label=" + quoted(entry.label) +
               " color=\"" + to_string(entry.color) + "\" alpha=\"" + std::to_string(entry.alpha) + "\"/>\n";
    }
    return xml + "</colorPalette>\n</rasterrenderer>\n";
}

/// The ramp as QGIS edits it; stops are at shares of the whole.
std::string gradient(const RampStyle& style) {
    const double low = style.stops.front().value;
    const double range = style.stops.back().value - low;
    std::string stops;
    for (std::size_t i = 1; i + 1 < style.stops.size(); ++i) {
        stops += (stops.empty() ? "" : ":") + format_number((style.stops[i].value - low) / range) + ";" +
                 rgba(style.stops[i].color, 255);
    }
    return "<colorramp type=\"gradient\" name=\"[source]\"><Option type=\"Map\">" +
           option("color1", rgba(style.stops.front().color, 255)) +
           option("color2", rgba(style.stops.back().color, 255)) + option("discrete", "0") +
           option("rampType", "gradient") + option("stops", stops) + "</Option></colorramp>\n";
}

std::string renderer(const RampStyle& style) {
    const std::string low = format_number(style.stops.front().value);
    const std::string high = format_number(style.stops.back().value);
    std::string xml =
        renderer_start("singlebandpseudocolor", "band=\"" + std::to_string(style.band) + "\" classificationMin=\"" +
                                                    low + "\" classificationMax=\"" + high + "\"");
    xml += "<rastershader>\n<colorrampshader colorRampType=\"INTERPOLATED\" classificationMode=\"1\" clip=\"0\" "
           "labelPrecision=\"2\" minimumValue=\"" +
           low + "\" maximumValue=\"" + high + "\">\n" + gradient(style);
    for (const RampStyle::Stop& stop : style.stops) {
        xml += "<item value=\"" + format_number(stop.value) +
               "\" label=" + quoted(fixed_digits(stop.value, style.digits) + style.unit) + " color=\"" +
               to_string(stop.color) + "\" alpha=\"255\"/>\n";
    }
    return xml + "</colorrampshader>\n</rastershader>\n</rasterrenderer>\n";
}

std::string enhancement(const std::string& element, const std::pair<double, double>& limits) {
    return "<" + element + "><minValue>" + format_number(limits.first) + "</minValue><maxValue>" +
           format_number(limits.second) + "</maxValue><algorithm>StretchToMinimumMaximum</algorithm></" + element +
           ">\n";
}

std::string renderer(const TrueColorStyle& style) {
    return renderer_start("multibandcolor", "redBand=\"" + std::to_string(style.bands[0]) + "\" greenBand=\"" +
                                                std::to_string(style.bands[1]) + "\" blueBand=\"" +
                                                std::to_string(style.bands[2]) + "\"") +
           enhancement("redContrastEnhancement", style.limits[0]) +
           enhancement("greenContrastEnhancement", style.limits[1]) +
           enhancement("blueContrastEnhancement", style.limits[2]) + "</rasterrenderer>\n";
}

std::string renderer(const GrayStyle& style) {
    return renderer_start("singlebandgray",
                          "grayBand=\"" + std::to_string(style.band) + "\" gradient=\"BlackToWhite\"") +
           enhancement("contrastEnhancement", style.limits) + "</rasterrenderer>\n";
}

template <class RasterStyle>
std::string elements(const RasterStyle& style) {
    return "<pipe>\n" + renderer(style) +
           "<brightnesscontrast brightness=\"0\" contrast=\"0\" gamma=\"1\"/>\n"
           "<huesaturation saturation=\"0\" grayscaleMode=\"0\" invertColors=\"0\" colorizeOn=\"0\" "
           "colorizeStrength=\"100\" colorizeRed=\"255\" colorizeGreen=\"128\" colorizeBlue=\"128\"/>\n"
           "<rasterresampler maxOversampling=\"2\"/>\n</pipe>\n<blendMode>0</blendMode>\n";
}

/// Smaller points lie so close that their outlines would hide them.
constexpr double dense_mm = 3;

std::string symbol_layer(const CategoryStyle& style, Rgb color) {
    const std::string start = "<layer class=\"";
    const std::string middle = "\" enabled=\"1\" locked=\"0\" pass=\"0\"><Option type=\"Map\">";
    if (style.mark == CategoryStyle::Mark::outline) {
        // Inside its area, so that neighbours do not draw over each other; without a fill, which would change the
        // colours of the map below.
        return start + "SimpleLine" + middle + option("line_color", rgba(color, 255)) + option("line_style", "solid") +
               option("line_width", format_number(style.size_mm * 2 / 5)) + option("line_width_unit", "MM") +
               option("joinstyle", "miter") + option("draw_inside_polygon", "1") + "</Option></layer>";
    }
    return start + "SimpleMarker" + middle + option("color", rgba(color, 255)) + option("name", "circle") +
           option("outline_color", rgba({255, 255, 255}, 255)) +
           option("outline_style", style.size_mm < dense_mm ? "no" : "solid") + option("outline_width", "0.2") +
           option("outline_width_unit", "MM") + option("size", format_number(style.size_mm)) +
           option("size_unit", "MM") + "</Option></layer>";
}

std::string elements(const CategoryStyle& style) {
    std::string categories;
    std::string symbols;
    const std::string type = style.mark == CategoryStyle::Mark::outline ? "fill" : "marker";
    for (std::size_t i = 0; i < style.categories.size(); ++i) {
        const CategoryStyle::Category& category = style.categories[i];
        categories += "<category render=\"true\" symbol=\"" + std::to_string(i) +
                      "\" type=\"string\" value=" + quoted(category.value) + " label=" + quoted(category.label) +
                      "/>\n";
        symbols += "<symbol name=\"" + std::to_string(i) + "\" type=\"" + type +
                   "\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">" + symbol_layer(style, category.color) +
                   "</symbol>\n";
    }
    return "<renderer-v2 type=\"categorizedSymbol\" attr=" + quoted(style.expression) +
           " symbollevels=\"0\" forceraster=\"0\" enableorderby=\"0\" referencescale=\"-1\">\n<categories>\n" +
           categories + "</categories>\n<symbols>\n" + symbols + "</symbols>\n<rotation/>\n<sizescale/>\n" +
           "</renderer-v2>\n<blendMode>0</blendMode>\n<featureBlendMode>0</featureBlendMode>\n";
}

} // namespace

std::string style_elements(const QgisStyle& style) {
    return std::visit([](const auto& chosen) { return elements(chosen); }, style);
}

std::string to_qml(const QgisStyle& style) {
    std::string xml = std::string("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"") +
                      qgis_version + "\" styleCategories=\"Symbology\">\n" + style_elements(style);
    if (const auto* points = std::get_if<CategoryStyle>(&style)) {
        xml += points->mark == CategoryStyle::Mark::outline ? "<layerGeometryType>2</layerGeometryType>\n"
                                                            : "<layerGeometryType>0</layerGeometryType>\n";
    }
    return xml + "</qgis>\n";
}

} // namespace lcclass::report
