#include "report/sections/json_reading.h"

#include "lcclass/core/error.h"

#include <charconv>
#include <stdexcept>

namespace lcclass::report {

namespace {

[[noreturn]] void refuse(const JsonFile& file, const std::string& command) {
    throw Error(ExitCode::input, {.where = file.name,
                                  .field = {},
                                  .problem = "was not made by lcclass " + command + ", or by another version of it",
                                  .fix = "run lcclass " + command + " again"});
}

/// The key of the interval: `ci95`, `ci90`.
std::string interval_key(const Json& estimate) {
    if (estimate.is_object()) {
        for (const auto& [key, value] : estimate.items()) {
            if (key.starts_with("ci") && value.is_array()) {
                return key;
            }
        }
    }
    return {};
}

} // namespace

Section section_from(const JsonFile& file, const std::string& command,
                     const std::function<Section(const Json&)>& build) {
    const Json content = Json::parse(file.text, nullptr, false);
    if (!content.is_object()) {
        refuse(file, command);
    }
    try {
        return build(content);
    } catch (const Json::exception&) {
        refuse(file, command);
    } catch (const std::out_of_range&) { // lists that belong together and differ in length
        refuse(file, command);
    }
}

const Json& member(const Json& json, const std::string& key) {
    static const Json nothing;
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() ? *found : nothing;
}

std::optional<double> number(const Json& json) {
    return json.is_number() ? std::optional(json.get<double>()) : std::nullopt;
}

std::optional<double> number(const Json& json, const std::string& key) {
    return number(member(json, key));
}

Interval interval_of(const Json& estimate) {
    const Json& ends = member(estimate, interval_key(estimate));
    if (ends.is_array() && ends.size() == 2 && ends[0].is_number() && ends[1].is_number()) {
        return std::pair(ends[0].get<double>(), ends[1].get<double>());
    }
    return std::nullopt;
}

std::string interval_name(const Json& estimate) {
    const std::string key = interval_key(estimate);
    return key.empty() ? std::string() : key.substr(2) + " % interval";
}

const Json& list_of(const Json& list, std::size_t n) {
    if (!list.is_array() || list.size() != n) {
        throw std::out_of_range("a list of another length");
    }
    return list;
}

std::vector<std::string> keys_of(const Json& object) {
    std::vector<std::string> keys;
    if (object.is_object()) {
        for (const auto& entry : object.items()) {
            keys.push_back(entry.key());
        }
    }
    return keys;
}

std::optional<Rgb> color_of(const ClassLegend& legend, const Json& class_code) {
    const auto position =
        class_code.is_number_integer() ? legend.index_of(class_code.get<std::int32_t>()) : std::nullopt;
    return position ? std::optional(legend.at(*position).color) : std::nullopt;
}

std::string class_name(const ClassLegend& legend, const std::string& code) {
    std::int32_t value = 0;
    std::from_chars(code.data(), code.data() + code.size(), value);
    const auto position = legend.index_of(value);
    return position ? legend.at(*position).name : code;
}

std::pair<MatrixFigure, MatrixFigure> confusion_figures(const Json& confusion, const FigureText& text) {
    MatrixFigure counts{.text = text,
                        .row_axis = "reference",
                        .column_axis = "prediction",
                        .value_name = "count",
                        .rows = confusion.at("names").get<std::vector<std::string>>(),
                        .columns = {},
                        .values = {},
                        .light_diagonal = true};
    counts.columns = counts.rows;
    MatrixFigure shares = counts;
    shares.text.id += "-shares";
    shares.text.title += ", in shares of the reference";
    shares.text.caption = "Every row adds up to 1: the diagonal is the recall (producer's accuracy) of the class.";
    shares.value_name = "share of the reference class";
    shares.digits = 2;
    for (const Json& row : list_of(confusion.at("matrix"), counts.rows.size())) {
        double total = 0;
        for (const Json& cell : list_of(row, counts.rows.size())) {
            total += cell.get<double>();
        }
        auto& count_row = counts.values.emplace_back();
        auto& share_row = shares.values.emplace_back();
        for (const Json& cell : row) {
            count_row.emplace_back(cell.get<double>());
            share_row.push_back(total > 0 ? std::optional(cell.get<double>() / total) : std::nullopt);
        }
    }
    return {std::move(counts), std::move(shares)};
}

} // namespace lcclass::report
