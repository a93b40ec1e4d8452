#include "lcclass/core/class_legend.h"

#include "lcclass/core/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <utility>

namespace lcclass {

ClassLegend::ClassLegend(std::vector<LandCoverClass> classes) : m_classes(std::move(classes)) {
    std::sort(m_classes.begin(), m_classes.end(),
              [](const LandCoverClass& a, const LandCoverClass& b) { return a.code < b.code; });
    std::set<std::string> names;
    std::int32_t previous = 0;
    for (const LandCoverClass& entry : m_classes) {
        const std::string field = "class_code=" + std::to_string(entry.code);
        if (entry.code < 1 || entry.code > largest_class_code) {
            throw Error(ExitCode::input, {.where = {},
                                          .field = field,
                                          .problem = "class codes go from 1 to 65535; 0 is nodata",
                                          .fix = "give the class another code in a class map"});
        }
        if (entry.code == previous) {
            throw Error(ExitCode::input, {.where = {},
                                          .field = field,
                                          .problem = "two classes have this code",
                                          .fix = "give every class a code of its own"});
        }
        if (!names.insert(entry.name).second) {
            throw Error(ExitCode::input, {.where = {},
                                          .field = "class=" + entry.name,
                                          .problem = "two classes have this name",
                                          .fix = "give every class a name of its own"});
        }
        previous = entry.code;
    }
}

std::optional<int> ClassLegend::index_of(std::int32_t code) const {
    const auto found = std::lower_bound(m_classes.begin(), m_classes.end(), code,
                                        [](const LandCoverClass& entry, std::int32_t c) { return entry.code < c; });
    if (found == m_classes.end() || found->code != code) {
        return std::nullopt;
    }
    return static_cast<int>(found - m_classes.begin());
}

std::optional<std::int32_t> ClassLegend::code_of(const std::string& name) const {
    for (const LandCoverClass& entry : m_classes) {
        if (entry.name == name) {
            return entry.code;
        }
    }
    return std::nullopt;
}

std::string ClassLegend::to_json() const {
    auto list = nlohmann::ordered_json::array();
    for (const LandCoverClass& entry : m_classes) {
        list.push_back({{"code", entry.code}, {"name", entry.name}, {"color", to_string(entry.color)}});
    }
    return list.dump();
}

ClassLegend ClassLegend::from_json(const std::string& text, const std::string& where) {
    try {
        std::vector<LandCoverClass> classes;
        for (const auto& entry : nlohmann::json::parse(text)) {
            const auto code = entry.at("code").get<std::int64_t>();
            if (code < 1 || code > largest_class_code) {
                throw Error(ExitCode::input, {.where = where,
                                              .field = "legend.code=" + std::to_string(code),
                                              .problem = "class codes go from 1 to 65535",
                                              .fix = "make the file again"});
            }
            classes.push_back({.code = static_cast<std::int32_t>(code),
                               .name = entry.at("name").get<std::string>(),
                               .color = parse_color(entry.at("color").get<std::string>())});
        }
        return ClassLegend(std::move(classes));
    } catch (const nlohmann::json::exception&) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "legend",
                                      .problem = "is not a list of {code, name, color}",
                                      .fix = "make the file again with lcclass"});
    }
}

std::string to_string(Rgb color) {
    std::array<char, 8> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "#%02x%02x%02x", color.red, color.green, color.blue);
    return buffer.data();
}

Rgb parse_color(const std::string& text) {
    const bool well_formed =
        text.size() == 7 && text[0] == '#' && text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
    if (!well_formed) {
        throw Error(ExitCode::input, {.where = {},
                                      .field = "color=" + text,
                                      .problem = "is not a colour",
                                      .fix = "write it as '#rrggbb' (in quotes: # starts a comment in YAML)"});
    }
    const auto part = [&](std::size_t at) {
        return static_cast<std::uint8_t>(std::stoi(text.substr(at, 2), nullptr, 16));
    };
    return {.red = part(1), .green = part(3), .blue = part(5)};
}

Rgb default_color(int index) {
    // Okabe & Ito 2008, followed by Tol's muted scheme: both made to stay apart under colour vision deficiency.
    static constexpr std::array<Rgb, 16> colors = {{{230, 159, 0},
                                                    {86, 180, 233},
                                                    {0, 158, 115},
                                                    {240, 228, 66},
                                                    {0, 114, 178},
                                                    {213, 94, 0},
                                                    {204, 121, 167},
                                                    {90, 90, 90},
                                                    {51, 34, 136},
                                                    {136, 204, 238},
                                                    {68, 170, 153},
                                                    {17, 119, 51},
                                                    {153, 153, 51},
                                                    {221, 204, 119},
                                                    {136, 34, 85},
                                                    {170, 68, 153}}};
    return colors[static_cast<std::size_t>(index) % colors.size()];
}

} // namespace lcclass
