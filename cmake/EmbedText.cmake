# lcclass_embed_text(OUTPUT NAME FILES...): writes a source file that defines `const std::string_view lcclass::NAME` with
# the text of all FILES, one after the other.
function(lcclass_embed_text output name)
  set(text "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} part)
    string(FIND "${part}" ")embedded\"" end_mark)
    if(part STREQUAL "" OR NOT end_mark EQUAL -1)
      message(FATAL_ERROR "${file} cannot be embedded")
    endif()
    string(APPEND text "${part}")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [=[
#include <string_view>

namespace lcclass {

extern const std::string_view @name@;
const std::string_view @name@ = R"embedded(@text@)embedded";

} // namespace lcclass
]=])
endfunction()
