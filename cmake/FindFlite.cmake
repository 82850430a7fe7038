# SPDX-License-Identifier: MIT
# Finds flite, which brings neither a .pc file nor a CMake package.
#
#   Flite::kal   the library with its voice kal, 8 kHz
#   Flite_FOUND, Flite_VERSION

find_path(Flite_INCLUDE_DIR flite/flite.h)
set(Flite_LIBRARIES)
set(Flite_REQUIRED)
# In the order for linking: each uses the ones after it.
foreach(part flite_cmu_us_kal flite_usenglish flite_cmulex flite)
    find_library(Flite_${part}_LIBRARY ${part})
    list(APPEND Flite_LIBRARIES ${Flite_${part}_LIBRARY})
    list(APPEND Flite_REQUIRED Flite_${part}_LIBRARY)
endforeach()

if(Flite_INCLUDE_DIR AND EXISTS ${Flite_INCLUDE_DIR}/flite/flite_version.h)
    file(STRINGS ${Flite_INCLUDE_DIR}/flite/flite_version.h version REGEX "FLITE_PROJECT_VERSION")
    string(REGEX MATCH "[0-9]+\\.[0-9.]+" Flite_VERSION "${version}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Flite
    REQUIRED_VARS Flite_INCLUDE_DIR ${Flite_REQUIRED}
    VERSION_VAR Flite_VERSION)

if(Flite_FOUND AND NOT TARGET Flite::kal)
    add_library(Flite::kal INTERFACE IMPORTED)
    set_target_properties(Flite::kal PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES ${Flite_INCLUDE_DIR}
        INTERFACE_LINK_LIBRARIES "${Flite_LIBRARIES};m")
endif()
mark_as_advanced(Flite_INCLUDE_DIR ${Flite_REQUIRED})
