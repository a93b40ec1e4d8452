/// Distinct values of a class field and the codes they get: from a class map, as they are, or sorted and numbered.
/// Belongs to one thread.
#pragma once

#include "geo/gdal_handles.h"
#include "lcclass/geo/class_map.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace lcclass {

/// What the values mean. `code_of[i]` belongs to value i, 0 for one that the class map drops.
struct ClassCodes {
    std::vector<std::int32_t> code_of;
    ClassLegend legend; ///< of the codes that values have, not more
    std::vector<std::string> notes;
};

class ClassValues {
public:
    /// `class_map`: file or built-in name, empty for none. `where` and `field` are for messages.
    ClassValues(const std::string& class_map, std::string where, std::string field);

    /// Index of `value`, which stands at `place` (`file:layer:fid 7`).
    /// Throws Error(input) listing the known values when the class map does not have it.
    std::int32_t intern(const std::string& value, const std::string& place);
    [[nodiscard]] bool is_dropped(std::int32_t index) const;
    [[nodiscard]] bool all_integers() const;
    [[nodiscard]] bool has_map() const { return m_map.has_value(); }
    [[nodiscard]] const std::string& text(std::int32_t index) const {
        return m_values[static_cast<std::size_t>(index)].text;
    }
    /// `as_codes`: without a class map the values are the codes. Throws Error(input) for one outside 1..65535.
    [[nodiscard]] ClassCodes resolve(bool as_codes) const;

private:
    struct Value {
        std::string text;
        std::string place; ///< of its first occurrence
        ClassMap::Lookup lookup;
    };
    [[nodiscard]] ClassCodes resolve_mapped(const ClassMap& map) const;
    [[nodiscard]] ClassCodes resolve_codes() const;

    std::optional<ClassMap> m_map;
    std::string m_where;
    std::string m_field;
    std::vector<Value> m_values;
    std::unordered_map<std::string, std::int32_t> m_index;
};

/// The value of a class field as text: integers and integral reals without a point. Nothing when it is NULL.
/// Throws Error(input) for a real that is not integral and types that name no class (dates, lists, binary).
std::optional<std::string> class_text(OGRFeatureH feature, int field, const std::string& where);

/// True when the field holds numbers.
bool is_numeric_field(OGRFeatureDefnH definition, int field);

} // namespace lcclass
