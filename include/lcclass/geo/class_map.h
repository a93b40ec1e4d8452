/// From what a class field says to class codes: class map files, the built-in nomenclatures, or the values themselves.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

class ClassMap {
public:
    /// A built-in nomenclature (`lucas-level1`, `lucas-level2`, `corine-level1` to `corine-level3`, `worldcover`,
    /// `esri-land-cover`) or a YAML file with one line per value of the class field:
    ///
    ///     forest: {code: 3, name: woodland, color: "#33a02c"}   # describes class 3
    ///     scrub: 3                                              # another value of class 3
    ///     unknown: drop                                         # left out on purpose, and counted
    ///
    /// In a key `#` stands for one digit (`"A##"`); a key that is equal to the value comes first. A class without a
    /// name takes its first value, one without a colour the next of `default_color`.
    /// Throws Error(configuration) with file and line.
    static ClassMap load(const std::string& name_or_path);
    /// Distinct values, sorted, get codes 1..n.
    static ClassMap from_values(std::vector<std::string> distinct_values);

    struct Lookup {
        std::int32_t code = 0; ///< 0: the value is one that the map drops on purpose (LUCAS `8`, `-1`, empty)
        bool dropped = false;
    };
    /// Nothing when the value is unknown.
    [[nodiscard]] std::optional<Lookup> find(const std::string& value) const;
    [[nodiscard]] const ClassLegend& legend() const { return m_legend; }
    [[nodiscard]] std::vector<std::string> known_values() const;

private:
    ClassLegend m_legend;
    std::map<std::string, Lookup> m_values;
};

} // namespace lcclass
