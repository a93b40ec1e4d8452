/// The class maps that come with the program: the files of data/, which the build makes part of it.
/// Constant texts; safe from any thread.
#pragma once

#include <span>
#include <string_view>

namespace lcclass {

struct BuiltinClassMap {
    std::string_view name; ///< `lucas-level1` for data/lucas_level1.yml
    std::string_view yaml;
};

/// In the order of their names.
std::span<const BuiltinClassMap> builtin_class_maps();

} // namespace lcclass
