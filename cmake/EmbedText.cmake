# lcclass_embed_text(OUTPUT NAME FILE): writes a source file that defines `const std::string_view lcclass::NAME` with the
# text of FILE.
function(lcclass_embed_text output name file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  string(FIND "${text}" ")embedded\"" end_mark)
  if(text STREQUAL "" OR NOT end_mark EQUAL -1)
    message(FATAL_ERROR "${file} cannot be embedded")
  endif()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [=[
#include <string_view>

namespace lcclass {

extern const std::string_view @name@;
const std::string_view @name@ = R"embedded(@text@)embedded";

} // namespace lcclass
]=])
endfunction()
