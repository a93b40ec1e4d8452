#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/geo/rasterize.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass {

namespace {

using Row = std::array<std::string, 6>;

/// Numbers to the right, the name (column 1) to the left.
std::string aligned(const std::vector<Row>& rows) {
    std::array<std::size_t, 6> widths{};
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], n_characters(row[i]));
        }
    }
    std::string text;
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += (i == 0 ? "" : "  ") + (i == 1 ? to_left(row[i], widths[i]) : to_right(row[i], widths[i]));
        }
        text += line + "\n";
    }
    return without_trailing_spaces(text);
}

std::string name_of(const ClassLegend& legend, std::int32_t code) {
    const auto index = legend.index_of(code);
    return index ? escape_control(legend.at(*index).name) : std::string("?");
}

} // namespace

std::string LabelAccounting::to_json() const {
    nlohmann::ordered_json json;
    json["features"] = features;
    json["burned"] = burned;
    json["skipped"] = nlohmann::ordered_json::object();
    for (const auto& [reason, count] : skipped) {
        json["skipped"][reason] = count;
    }
    json["clipped"] = clipped;
    json["conflicting_pixels"] = conflicting_pixels;
    json["classes"] = nlohmann::ordered_json::array();
    for (const ClassCount& count : classes) {
        json["classes"].push_back({{"class_code", count.class_code},
                                   {"polygons", count.polygons},
                                   {"pixels", count.pixels},
                                   {"without_pixel", count.without_pixel},
                                   {"clipped", count.clipped}});
    }
    json["notes"] = notes;
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string LabelAccounting::to_table(const ClassLegend& legend) const {
    std::vector<Row> rows = {{"code", "class", "polygons", "pixels", "no pixel", "clipped"}};
    ClassCount total;
    for (const ClassCount& count : classes) {
        rows.push_back({std::to_string(count.class_code), name_of(legend, count.class_code),
                        with_thousands(count.polygons), with_thousands(count.pixels),
                        with_thousands(count.without_pixel), with_thousands(count.clipped)});
        total.polygons += count.polygons;
        total.pixels += count.pixels;
        total.without_pixel += count.without_pixel;
        total.clipped += count.clipped;
    }
    rows.push_back({"", "total", with_thousands(total.polygons), with_thousands(total.pixels),
                    with_thousands(total.without_pixel), with_thousands(total.clipped)});
    std::string text = aligned(rows);
    text += with_thousands(features) + " features = " + with_thousands(burned) + " burned";
    for (const auto& [reason, count] : skipped) {
        text += " + " + with_thousands(count) + " " + reason;
    }
    text += "\n";
    if (conflicting_pixels > 0) {
        text += with_thousands(conflicting_pixels) + " pixels claimed by polygons of different classes\n";
    }
    for (const std::string& note : notes) {
        text += escape_control(note) + "\n";
    }
    return text;
}

LabelInfo read_label_info(const std::map<std::string, std::string>& metadata, const std::string& where) {
    const auto kind = metadata.find("LCCLASS_KIND");
    const auto legend = metadata.find("LCCLASS_LEGEND");
    if (kind == metadata.end() || kind->second != "labels" || legend == metadata.end()) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "LCCLASS_KIND",
                                      .problem = "is not a label raster of lcclass",
                                      .fix = "make one with lcclass rasterize"});
    }
    LabelInfo info{.legend = ClassLegend::from_json(legend->second, where), .polygon_group = {}};
    const auto groups = metadata.find("LCCLASS_GROUPS");
    if (groups == metadata.end()) {
        return info;
    }
    try {
        info.polygon_group = nlohmann::json::parse(groups->second).get<std::vector<std::string>>();
    } catch (const nlohmann::json::exception&) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "LCCLASS_GROUPS",
                                      .problem = "is not a list of texts",
                                      .fix = "make the label raster again with lcclass rasterize"});
    }
    return info;
}

} // namespace lcclass
