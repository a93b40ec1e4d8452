/// From the rows of any table to a SampleTable: which column is what, classes, polygons and groups.
/// Belongs to one thread.
#pragma once

#include "geo/label_values.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/geo/sample_file.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lcclass {

/// Columns by index into the table's header, -1 for none.
struct SampleColumns {
    int class_code = -1;
    int polygon_id = -1;
    int group = -1;
    int x = -1;
    int y = -1;
    std::vector<int> features;
};

/// Throws Error(input) naming `where` for columns that are missing (with the nearest) or occur twice.
SampleColumns find_columns(const std::vector<std::string>& header, const SampleFileOptions& options,
                           const std::string& where);

/// What a file says besides its rows.
struct SampleFileHeader {
    std::string crs_wkt;
    std::string legend_json;
    std::string recipe_json;
};

class SampleBuilder {
public:
    SampleBuilder(const std::vector<std::string>& header, const SampleColumns& columns,
                  const SampleFileOptions& options, std::string where);

    /// One row: first its features in order, then the rest, then `end_row`.
    void add_feature(std::size_t index, float value) { m_table.features[index].push_back(value); }
    void set_class(const std::string& text);
    void set_polygon(std::int64_t polygon_id);
    void set_group(std::string_view name);
    void set_position(double x, double y);
    void end_row();

    /// `file:row 7`, of the row that is being read.
    [[nodiscard]] std::string place() const;
    /// Throws Error(input) at the row being read.
    [[noreturn]] void refuse(std::string field, std::string problem, std::string fix) const;

    SampleTable finish(const SampleFileHeader& header);

private:
    void fill_groups();
    /// One group per polygon, and one per row whose polygon is not known.
    void group_by_polygon();

    SampleColumns m_columns;
    std::string m_where;
    ClassValues m_classes;
    bool m_own_class_field;
    bool m_has_map;
    SampleTable m_table;
    std::unordered_map<std::string, std::int32_t> m_group_index;
};

} // namespace lcclass
