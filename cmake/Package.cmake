# `cpack -G DEB` makes a Debian package of what is installed. Libraries that it needs are found by dpkg-shlibdeps.
include(GNUInstallDirs)

# Debian wants the changelog compressed, without the time and name of the file, so that the bytes are always the same.
find_program(LCCLASS_GZIP gzip REQUIRED)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/changelog.gz
  COMMAND ${LCCLASS_GZIP} -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md > ${CMAKE_BINARY_DIR}/changelog.gz
  DEPENDS ${CMAKE_SOURCE_DIR}/CHANGELOG.md VERBATIM)
add_custom_target(lcclass_changelog ALL DEPENDS ${CMAKE_BINARY_DIR}/changelog.gz)
add_dependencies(lcclass lcclass_changelog)
install(FILES ${CMAKE_BINARY_DIR}/changelog.gz ${CMAKE_SOURCE_DIR}/cmake/debian/copyright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/lcclass)

set(CPACK_PACKAGE_NAME lcclass)
set(CPACK_PACKAGE_VENDOR "lcclass maintainers")
set(CPACK_PACKAGE_CONTACT "lcclass maintainers <maintainers@lcclass.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "land cover maps from satellite images, with honest accuracy")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"lcclass turns satellite bands and labelled polygons into a land cover map:
it stacks the bands of Sentinel-2 and Landsat products, burns polygons, draws
samples, trains a random forest, maps, explains, and judges the map by a
reference sample.
.
Accuracy is estimated by random and by spatial cross-validation side by side,
with intervals. What could make pixels silently wrong is an error. The same
inputs give the same bytes on any number of threads.")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS fonts-dejavu-core) # of the legends in pictures of maps
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_STRIP_FILES ON)
# Debian wants manual pages compressed.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/compress_manual.cmake @ONLY CONTENT [=[
file(GLOB pages ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/man/man1/*.1)
execute_process(COMMAND @LCCLASS_GZIP@ -9n ${pages} COMMAND_ERROR_IS_FATAL ANY)
]=])
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_BINARY_DIR}/compress_manual.cmake)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
