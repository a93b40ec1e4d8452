# Warnings for every target of ours, and the flags that harden a release build.
add_library(lcclass_flags INTERFACE)
target_compile_options(lcclass_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion
  -Wno-restrict # GCC 12 warns falsely on "text" + std::string at -O3 (GCC bug 105651)
  -Wno-missing-field-initializers # options structs name the fields that differ from their defaults
  $<$<BOOL:${LCCLASS_WERROR}>:-Werror>
  -ffp-contract=off # the same bytes on machines with and without FMA
  $<$<CONFIG:Release>:-fstack-protector-strong -fstack-clash-protection -fcf-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
target_link_options(lcclass_flags INTERFACE $<$<CONFIG:Release>:-Wl,-z,relro,-z,now -Wl,-z,noexecstack>)
target_compile_definitions(lcclass_flags INTERFACE LCCLASS_VERSION="${PROJECT_VERSION}")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXE_LINKER_FLAGS "${CMAKE_EXE_LINKER_FLAGS} -pie")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
