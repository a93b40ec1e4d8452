#include "geo/sample_file_builder.h"

#include "geo/fold_columns.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace lcclass {

namespace {

[[noreturn]] void refuse_at(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

int position_of(const std::vector<std::string>& header, const std::string& name) {
    const auto found = std::find(header.begin(), header.end(), name);
    return found == header.end() ? -1 : static_cast<int>(found - header.begin());
}

int require_column(const std::vector<std::string>& header, const std::string& name, const std::string& option,
                   const std::string& where) {
    const int position = position_of(header, name);
    if (position < 0) {
        refuse_at(where, option + "=" + name, "no such column" + did_you_mean(name, header),
                  "choose one of " + join(header, ", "));
    }
    return position;
}

std::string class_column(const SampleFileOptions& options) {
    return options.class_field.empty() ? "class_code" : options.class_field;
}

/// Every column that is not one of ours, those that cross-validation adds included.
std::vector<int> other_columns(const std::vector<std::string>& header, const SampleColumns& columns) {
    static constexpr std::array<const char*, 3> ours = {"class_code", "polygon_id", "group"};
    std::vector<int> features;
    for (int i = 0; i < static_cast<int>(header.size()); ++i) {
        const std::string& name = header[static_cast<std::size_t>(i)];
        const bool used = i == columns.class_code || i == columns.group || i == columns.x || i == columns.y;
        if (!used && !is_fold_column(name) && std::find(ours.begin(), ours.end(), name) == ours.end()) {
            features.push_back(i);
        }
    }
    return features;
}

} // namespace

SampleColumns find_columns(const std::vector<std::string>& header, const SampleFileOptions& options,
                           const std::string& where) {
    std::set<std::string> names;
    for (const std::string& name : header) {
        if (name.empty() || !names.insert(name).second) {
            refuse_at(where, "column=" + name, name.empty() ? "a column has no name" : "two columns have this name",
                      "give every column a name of its own in the first line");
        }
    }
    SampleColumns columns;
    columns.class_code = require_column(header, class_column(options), "class-field", where);
    columns.polygon_id = position_of(header, "polygon_id");
    columns.group = options.group_field.empty() ? position_of(header, "group")
                                                : require_column(header, options.group_field, "group-field", where);
    columns.x = position_of(header, "x");
    columns.y = position_of(header, "y");
    if (columns.x < 0 || columns.y < 0) {
        columns.x = columns.y = -1;
    }
    if (options.without_features) {
        return columns;
    }
    for (const std::string& name : options.features) {
        columns.features.push_back(require_column(header, name, "features", where));
    }
    if (options.features.empty()) {
        columns.features = other_columns(header, columns);
    }
    if (columns.features.empty()) {
        refuse_at(where, "features", "the table has no feature column", "sample a stack, or name --features");
    }
    return columns;
}

SampleBuilder::SampleBuilder(const std::vector<std::string>& header, const SampleColumns& columns,
                             const SampleFileOptions& options, std::string where)
    : m_columns(columns), m_where(std::move(where)), m_classes(options.class_map, m_where, class_column(options)),
      m_own_class_field(class_column(options) == "class_code"), m_has_map(!options.class_map.empty()) {
    for (const int column : columns.features) {
        m_table.feature_names.push_back(header[static_cast<std::size_t>(column)]);
    }
    m_table.features.resize(columns.features.size());
}

std::string SampleBuilder::place() const {
    return m_where + ":row " + std::to_string(m_table.size() + 1);
}

void SampleBuilder::refuse(std::string field, std::string problem, std::string fix) const {
    refuse_at(place(), std::move(field), std::move(problem), std::move(fix));
}

void SampleBuilder::set_class(const std::string& text) {
    if (text.empty() && !m_has_map) {
        refuse("class", "the row has no class", "drop the row");
    }
    const std::int32_t index = m_classes.intern(text, place());
    if (m_classes.is_dropped(index)) {
        refuse("class=" + text, "is dropped by the class map", "drop the row, or map the value to a code");
    }
    m_table.class_code.push_back(index); // the code itself once all values are known
}

void SampleBuilder::set_polygon(std::int64_t polygon_id) {
    if (polygon_id < 0 || polygon_id > std::numeric_limits<std::int32_t>::max()) {
        refuse("polygon_id=" + std::to_string(polygon_id), "is not a polygon id",
               "number polygons from 1; 0 is not known");
    }
    m_table.polygon_id.push_back(static_cast<std::int32_t>(polygon_id));
}

void SampleBuilder::set_group(std::string_view name) {
    if (name.empty()) {
        refuse("group", "the row has no group", "fill the column in, or drop the row");
    }
    const auto [entry, added] =
        m_group_index.emplace(std::string(name), static_cast<std::int32_t>(m_table.group_names.size()));
    if (added) {
        m_table.group_names.emplace_back(name);
    }
    m_table.group.push_back(entry->second);
}

void SampleBuilder::set_position(double x, double y) {
    if (!std::isfinite(x) || !std::isfinite(y)) {
        refuse("position=" + std::to_string(x) + " " + std::to_string(y), "is not finite", "drop the row");
    }
    m_table.x.push_back(x);
    m_table.y.push_back(y);
}

void SampleBuilder::end_row() {
    if (m_table.class_code.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
        refuse({}, "the table has too many rows", "sample fewer pixels");
    }
}

void SampleBuilder::group_by_polygon() {
    std::unordered_map<std::int32_t, std::int32_t> index;
    for (std::size_t row = 0; row < m_table.polygon_id.size(); ++row) {
        const std::int32_t polygon = m_table.polygon_id[row];
        const auto next = static_cast<std::int32_t>(m_table.group_names.size());
        const std::int32_t group = polygon == 0 ? next : index.emplace(polygon, next).first->second;
        if (group == next) {
            m_table.group_names.push_back(polygon == 0 ? "row " + std::to_string(row + 1) : std::to_string(polygon));
        }
        m_table.group.push_back(group);
    }
}

void SampleBuilder::fill_groups() {
    const auto n = m_table.class_code.size();
    const bool has_group = m_columns.group >= 0;
    if (m_columns.polygon_id < 0) {
        for (std::size_t row = 0; row < n; ++row) {
            m_table.polygon_id.push_back(has_group ? m_table.group[row] + 1 : 0);
        }
    }
    if (!has_group) {
        group_by_polygon();
    }
    m_table.x.resize(n, 0);
    m_table.y.resize(n, 0);
}

SampleTable SampleBuilder::finish(const SampleFileHeader& header) {
    if (m_table.size() == 0) {
        refuse_at(m_where, {}, "the table has no rows", "check that it is the right file");
    }
    ClassCodes codes = m_classes.resolve(m_classes.all_integers());
    for (std::int32_t& code : m_table.class_code) {
        code = codes.code_of[static_cast<std::size_t>(code)];
    }
    const bool own_legend = m_own_class_field && !m_has_map && !header.legend_json.empty();
    m_table.legend = own_legend ? ClassLegend::from_json(header.legend_json, m_where) : std::move(codes.legend);
    m_table.recipe_json = header.recipe_json;
    m_table.crs_wkt = header.crs_wkt;
    fill_groups();
    check_samples(m_table, m_where);
    return std::move(m_table);
}

} // namespace lcclass
