# Finds flite, which brings neither a .pc file nor a CMake package.
#
#   Flite::kal   the library with its voice kal, 8 kHz
#   Flite::slt   the voice slt, 16 kHz; only where it is installed
#   Flite_FOUND, Flite_VERSION

find_path(Flite_INCLUDE_DIR flite/flite.h)
set(Flite_LIBRARIES)
set(Flite_REQUIRED)
# In the order of the link: each uses those behind it.
foreach(part flite_cmu_us_kal flite_usenglish flite_cmulex flite)
    find_library(Flite_${part}_LIBRARY ${part})
    list(APPEND Flite_LIBRARIES ${Flite_${part}_LIBRARY})
    list(APPEND Flite_REQUIRED Flite_${part}_LIBRARY)
endforeach()
find_library(Flite_flite_cmu_us_slt_LIBRARY flite_cmu_us_slt)

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
    if(Flite_flite_cmu_us_slt_LIBRARY)
        add_library(Flite::slt INTERFACE IMPORTED)
        set_target_properties(Flite::slt PROPERTIES
            INTERFACE_LINK_LIBRARIES "${Flite_flite_cmu_us_slt_LIBRARY};Flite::kal")
    endif()
endif()
mark_as_advanced(Flite_INCLUDE_DIR ${Flite_REQUIRED} Flite_flite_cmu_us_slt_LIBRARY)
