#include "geo/label_values.h"

#include "geo/vector_layer.h"
#include "lcclass/core/class_legend.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace lcclass {

namespace {

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

std::string class_text_of_real(double value, const std::string& place, const std::string& name) {
    if (!std::isfinite(value) || value != std::floor(value) || std::abs(value) > 1e15) {
        refuse(place, name + "=" + format_number(value), "is not a whole number",
               "name a field of integer codes or class names");
    }
    return std::to_string(static_cast<std::int64_t>(value));
}

} // namespace

ClassValues::ClassValues(const std::string& class_map, std::string where, std::string field)
    : m_where(std::move(where)), m_field(std::move(field)) {
    if (!class_map.empty()) {
        m_map = ClassMap::load(class_map);
    }
}

std::int32_t ClassValues::intern(const std::string& value, const std::string& place) {
    if (const auto found = m_index.find(value); found != m_index.end()) {
        return found->second;
    }
    ClassMap::Lookup lookup;
    if (m_map) {
        const auto known = m_map->find(value);
        if (!known) {
            const std::vector<std::string> values = m_map->known_values();
            refuse(place, m_field + "=" + value, "is not in the class map" + did_you_mean(value, values),
                   "add it, or 'drop' it; known: " + join(values, " "));
        }
        lookup = *known;
    }
    const auto index = static_cast<std::int32_t>(m_values.size());
    m_values.push_back({.text = value, .place = place, .lookup = lookup});
    m_index.emplace(value, index);
    return index;
}

bool ClassValues::is_dropped(std::int32_t index) const {
    return m_values[static_cast<std::size_t>(index)].lookup.dropped;
}

bool ClassValues::all_integers() const {
    return std::all_of(m_values.begin(), m_values.end(),
                       [](const Value& value) { return parse_int(value.text).has_value(); });
}

ClassCodes ClassValues::resolve(bool as_codes) const {
    if (m_map) {
        return resolve_mapped(*m_map);
    }
    if (as_codes) {
        return resolve_codes();
    }
    std::vector<std::string> texts;
    for (const Value& value : m_values) {
        texts.push_back(value.text);
    }
    if (static_cast<std::int64_t>(texts.size()) > largest_class_code) {
        refuse(m_where, m_field, "has " + with_thousands(static_cast<std::int64_t>(texts.size())) + " distinct values",
               "name the field that holds the class, or a class map");
    }
    const ClassMap map = ClassMap::from_values(texts);
    ClassCodes codes{.code_of = {}, .legend = map.legend(), .notes = {}};
    for (const Value& value : m_values) {
        codes.code_of.push_back(map.find(value.text)->code);
    }
    std::vector<std::string> pairs;
    for (const LandCoverClass& entry : codes.legend.classes()) {
        pairs.push_back(std::to_string(entry.code) + " " + entry.name);
    }
    codes.notes.push_back("codes given to the sorted values of " + m_field + ": " + join(pairs, ", "));
    return codes;
}

ClassCodes ClassValues::resolve_mapped(const ClassMap& map) const {
    ClassCodes codes;
    std::map<std::int32_t, bool> used;
    for (const Value& value : m_values) {
        codes.code_of.push_back(value.lookup.code);
        used[value.lookup.code] = true;
    }
    std::vector<LandCoverClass> present;
    std::vector<std::string> absent;
    for (const LandCoverClass& entry : map.legend().classes()) {
        if (used.contains(entry.code)) {
            present.push_back(entry);
        } else {
            absent.push_back(entry.name);
        }
    }
    codes.legend = ClassLegend(std::move(present));
    if (!absent.empty()) {
        codes.notes.push_back("classes of the class map that no feature has: " + join(absent, ", "));
    }
    return codes;
}

ClassCodes ClassValues::resolve_codes() const {
    ClassCodes codes;
    std::map<std::int32_t, std::string> names;
    for (const Value& value : m_values) {
        const auto code = parse_int(value.text);
        if (!code || *code < 1 || *code > largest_class_code) {
            refuse(value.place, m_field + "=" + value.text,
                   "is not a class code: codes go from 1 to 65535, 0 is nodata",
                   "map it with --class-map ('" + value.text + ": drop' leaves it out), or --where \"" + m_field +
                       " > 0\"");
        }
        codes.code_of.push_back(static_cast<std::int32_t>(*code));
        names.emplace(codes.code_of.back(), std::to_string(*code));
    }
    std::vector<LandCoverClass> classes;
    for (const auto& [code, name] : names) {
        classes.push_back({.code = code, .name = name, .color = default_color(static_cast<int>(classes.size()))});
    }
    codes.legend = ClassLegend(std::move(classes));
    return codes;
}

bool is_numeric_field(OGRFeatureDefnH definition, int field) {
    const OGRFieldType type = OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, field));
    return type == OFTInteger || type == OFTInteger64 || type == OFTReal;
}

std::optional<std::string> class_text(OGRFeatureH feature, int field, const std::string& where) {
    if (OGR_F_IsFieldSetAndNotNull(feature, field) == FALSE) {
        return std::nullopt;
    }
    OGRFieldDefnH definition = OGR_F_GetFieldDefnRef(feature, field);
    const OGRFieldType type = OGR_Fld_GetType(definition);
    const std::string place = where + ":fid " + std::to_string(OGR_F_GetFID(feature));
    switch (type) {
    case OFTInteger:
    case OFTInteger64:
        return std::to_string(OGR_F_GetFieldAsInteger64(feature, field));
    case OFTReal:
        return class_text_of_real(OGR_F_GetFieldAsDouble(feature, field), place, OGR_Fld_GetNameRef(definition));
    case OFTString:
        return text_of(feature, field, where);
    default:
        refuse(where, std::string(OGR_Fld_GetNameRef(definition)) + "=" + OGR_GetFieldTypeName(type),
               "a field of this type names no class", "name a field of integer codes or class names");
    }
}

} // namespace lcclass
