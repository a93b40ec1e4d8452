# Makes the build fail on an include that crosses the layers of docs/design.md (rules in check_layers.cmake).
# Include after the layers are defined.
file(GLOB_RECURSE layer_check_files CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/src/*.cpp ${CMAKE_SOURCE_DIR}/src/*.h ${CMAKE_SOURCE_DIR}/include/*.h
     ${CMAKE_SOURCE_DIR}/apps/*.cpp ${CMAKE_SOURCE_DIR}/apps/*.h)
set(layer_check_stamp ${CMAKE_BINARY_DIR}/layers_checked)
add_custom_command(
  OUTPUT ${layer_check_stamp}
  COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_SOURCE_DIR} -DSTAMP=${layer_check_stamp} -P ${CMAKE_SOURCE_DIR}/cmake/check_layers.cmake
  DEPENDS ${layer_check_files} ${CMAKE_SOURCE_DIR}/cmake/check_layers.cmake
  COMMENT "Checking layers" VERBATIM)
add_custom_target(check_layers ALL DEPENDS ${layer_check_stamp})
# Everything links core, so nothing is built before the check has passed.
add_dependencies(lcclass_core_layer check_layers)
