#include "report/figure_json.h"

namespace lcclass::report {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<double>& value) {
    return value ? Json(*value) : Json();
}

Json json_of(const std::optional<std::pair<double, double>>& interval) {
    return interval ? Json::array({interval->first, interval->second}) : Json();
}

Json json_of(const Cell& cell) {
    if (const auto* const number = std::get_if<double>(&cell)) {
        return *number;
    }
    const auto* const text = std::get_if<std::string>(&cell);
    return text != nullptr ? Json(*text) : Json();
}

Json json_of(const Table& table) {
    Json json = {{"columns", Json::array()}, {"rows", Json::array()}};
    for (const Column& column : table.columns) {
        json["columns"].push_back({{"name", column.name}, {"digits", column.digits}});
    }
    for (const std::vector<Cell>& row : table.rows) {
        Json cells = Json::array();
        for (const Cell& cell : row) {
            cells.push_back(json_of(cell));
        }
        json["rows"].push_back(std::move(cells));
    }
    return json;
}

Json json_of(const BarFigure& figure) {
    Json json = {{"kind", "bars"},
                 {"axis", figure.axis},
                 {"labels", figure.labels},
                 {"series", Json::array()},
                 {"interval_name", figure.interval_name},
                 {"axis_end", json_of(figure.axis_end)},
                 {"digits", figure.digits}};
    for (const BarFigure::Series& series : figure.series) {
        Json one = {
            {"name", series.name}, {"values", Json::array()}, {"intervals", Json::array()}, {"colors", Json::array()}};
        for (const BarFigure::Value& value : series.values) {
            one["values"].push_back(json_of(value.value));
            one["intervals"].push_back(json_of(value.interval));
        }
        for (const Rgb& color : series.colors) {
            one["colors"].push_back(to_string(color));
        }
        json["series"].push_back(std::move(one));
    }
    return json;
}

Json json_of(const WaterfallFigure& figure) {
    Json json = {{"kind", "waterfall"},    {"axis", figure.axis},    {"start_label", figure.start_label},
                 {"start", figure.start},  {"steps", Json::array()}, {"end_label", figure.end_label},
                 {"digits", figure.digits}};
    for (const auto& [label, change] : figure.steps) {
        json["steps"].push_back({{"label", label}, {"change", change}});
    }
    return json;
}

Json json_of(const LineFigure& figure) {
    Json json = {{"kind", "lines"},
                 {"x_axis", figure.x_axis},
                 {"y_axis", figure.y_axis},
                 {"series", Json::array()},
                 {"x_names", figure.x_names},
                 {"interval_name", figure.interval_name},
                 {"points_only", figure.points_only},
                 {"steps", figure.steps},
                 {"diagonal", figure.diagonal},
                 {"unit_square", figure.unit_square},
                 {"digits", figure.digits}};
    for (const LineFigure::Series& series : figure.series) {
        Json one = {{"name", series.name},
                    {"color", series.color ? Json(to_string(*series.color)) : Json()},
                    {"points", Json::array()}};
        for (const LineFigure::Point& point : series.points) {
            one["points"].push_back({{"x", point.x}, {"y", point.y}, {"interval", json_of(point.interval)}});
        }
        json["series"].push_back(std::move(one));
    }
    return json;
}

Json json_of(const MatrixFigure& figure) {
    return {{"kind", "matrix"}, {"row_axis", figure.row_axis}, {"column_axis", figure.column_axis}};
}

Json json_of(const SwarmFigure& figure) {
    Json json = {{"kind", "swarm"},
                 {"axis", figure.axis},
                 {"color_name", figure.color_name},
                 {"color_low", figure.color_low},
                 {"color_high", figure.color_high},
                 {"rows", Json::array()},
                 {"digits", figure.digits}};
    for (const SwarmFigure::Row& row : figure.rows) {
        json["rows"].push_back({{"label", row.label}, {"values", row.values}, {"colors", row.colors}});
    }
    return json;
}

Json json_of(const TableFigure& /*figure*/) {
    return {{"kind", "table"}};
}

} // namespace

nlohmann::ordered_json figure_json(const Figure& figure) {
    Json json = std::visit([](const auto& kind) { return json_of(kind); }, figure);
    json["title"] = text_of(figure).title;
    json["caption"] = text_of(figure).caption;
    // The points of a swarm are there already: the page makes their table when it is asked for.
    json["data"] = std::holds_alternative<SwarmFigure>(figure) ? Json() : json_of(data_of(figure));
    return json;
}

} // namespace lcclass::report
