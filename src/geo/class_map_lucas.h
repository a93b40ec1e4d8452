/// The class maps that come with the program: LUCAS land cover, levels 1 and 2.
/// Constant texts; safe from any thread.
#pragma once

#include <span>
#include <string_view>

namespace lcclass {

struct BuiltinClassMap {
    std::string_view name; ///< `lucas-level1`
    std::string_view yaml; ///< as in data/lucas_level1.yml
};

std::span<const BuiltinClassMap> builtin_class_maps();

} // namespace lcclass
