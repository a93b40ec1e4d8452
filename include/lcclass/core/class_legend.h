/// The classes of a map: codes, names and colours, ordered by code.
/// A value; const access is safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// Class codes go from 1 to this, which 16-bit rasters can hold; 0 is nodata.
inline constexpr std::int32_t largest_class_code = 65535;

struct Rgb {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    bool operator==(const Rgb&) const = default;
};

struct LandCoverClass {
    std::int32_t code = 0; ///< 1..65535; 0 is nodata
    std::string name;
    Rgb color;
    bool operator==(const LandCoverClass&) const = default;
};

class ClassLegend {
public:
    ClassLegend() = default;
    /// Sorts by code. Throws Error(input) for a code outside 1..65535, or a code or name that occurs twice.
    explicit ClassLegend(std::vector<LandCoverClass> classes);

    [[nodiscard]] int size() const { return static_cast<int>(m_classes.size()); }
    [[nodiscard]] bool empty() const { return m_classes.empty(); }
    [[nodiscard]] const LandCoverClass& at(int index) const { return m_classes.at(static_cast<std::size_t>(index)); }
    [[nodiscard]] const std::vector<LandCoverClass>& classes() const { return m_classes; }
    /// Position of `code` in the legend, or nothing.
    [[nodiscard]] std::optional<int> index_of(std::int32_t code) const;
    [[nodiscard]] std::optional<std::int32_t> code_of(const std::string& name) const;
    [[nodiscard]] std::int32_t max_code() const { return m_classes.empty() ? 0 : m_classes.back().code; }
    bool operator==(const ClassLegend&) const = default;

    /// `[{"code":1,"name":"artificial land","color":"#ff0000"}, ...]`, the form kept in files.
    [[nodiscard]] std::string to_json() const;
    /// Throws Error(input) naming `where` when the text is not such a list.
    static ClassLegend from_json(const std::string& text, const std::string& where);

private:
    std::vector<LandCoverClass> m_classes;
};

/// `#rrggbb`, and back. `parse_color` throws Error(input) for anything else.
std::string to_string(Rgb color);
Rgb parse_color(const std::string& text);

/// The i-th of a list of colours that stay apart for most eyes, for classes that come without one.
Rgb default_color(int index);

} // namespace lcclass
