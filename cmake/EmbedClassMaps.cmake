# lcclass_embed_class_maps(OUTPUT): writes a source file with the texts of data/*.yml, named with hyphens.
function(lcclass_embed_class_maps output)
  file(GLOB maps CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/*.yml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${maps})
  list(LENGTH maps n_maps)
  set(texts "")
  foreach(map IN LISTS maps)
    get_filename_component(name ${map} NAME_WE)
    string(REPLACE "_" "-" name ${name})
    file(READ ${map} text)
    string(APPEND texts "    {\"${name}\", R\"yaml(${text})yaml\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [=[
#include "geo/builtin_class_maps.h"

#include <array>

namespace lcclass {

std::span<const BuiltinClassMap> builtin_class_maps() {
  static constexpr std::array<BuiltinClassMap, @n_maps@> maps = {{
@texts@  }};
  return maps;
}

} // namespace lcclass
]=])
endfunction()
