# SPDX-License-Identifier: MIT
# What is installed: the C++ libraries as components of the CMake package `keytone`, each with a pkg-config
# file of its own. packaging/ adds what they have in common.

# keytone_component(NAME DESCRIPTION TEXT HEADERS …): the library keytone_NAME is for users outside the tree, as
# keytone::NAME and keytone-NAME.pc.
#   HEADERS   what its users include, and whatever those include: <keytone/dsp/…> by where they lie in the tree
#   REQUIRES  pkg-config modules that it is linked with
#   LIBS      further libraries, as linker options
# packaging/keytone-config.cmake.in finds what a component needs again, for its users.
function(keytone_component name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION" "HEADERS;REQUIRES;LIBS")
    set_target_properties(keytone_${name} PROPERTIES EXPORT_NAME ${name})
    target_include_directories(keytone_${name} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    # The include names from before 0.2, "dsp/…" and "engine/…", are found after all of the user's own.
    target_compile_options(keytone_${name} INTERFACE
        $<INSTALL_INTERFACE:-idirafter$<INSTALL_PREFIX>/${CMAKE_INSTALL_INCLUDEDIR}/keytone>)
    if(NOT KEYTONE_INSTALL)
        return()
    endif()
    install(TARGETS keytone_${name} EXPORT keytone-${name} COMPONENT development
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    keytone_install_headers(${arg_HEADERS})
    keytone_install_export(${name})
    list(JOIN arg_REQUIRES ", " requires)
    list(JOIN arg_LIBS " " libs)
    # The libraries are static: whoever links one needs everything that it needs, and links with a C++
    # compiler.
    keytone_install_pkg_config(keytone-${name} DESCRIPTION ${arg_DESCRIPTION} REQUIRES ${requires}
        CFLAGS "-idirafter\${includedir}/keytone" LIBS "-lkeytone_${name} ${libs}")
endfunction()

# keytone_install_headers(HEADERS…): installs headers below include/keytone, with their paths in the tree.
# Installed headers include each other by the names that their users include them by.
function(keytone_install_headers)
    set(destination "\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}/keytone")
    list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    install(CODE "
        set(headers \"${ARGN}\")
        foreach(header IN LISTS headers)
            cmake_path(RELATIVE_PATH header BASE_DIRECTORY [[${KEYTONE_ROOT}]] OUTPUT_VARIABLE name)
            file(READ \"\${header}\" text)
            string(REGEX REPLACE \"#include \\\"(dsp|engine)/\" \"#include \\\"keytone/\\\\1/\" text \"\${text}\")
            set(installed \"${destination}/\${name}\")
            file(WRITE \"\${installed}\" \"\${text}\")
            list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${installed}\")
        endforeach()" COMPONENT development)
endfunction()

# keytone_install_export(NAME): the targets of the export set keytone-NAME, for the CMake package.
function(keytone_install_export name)
    install(EXPORT keytone-${name} NAMESPACE keytone:: FILE keytone-${name}.cmake COMPONENT development
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/keytone)
endfunction()

# keytone_install_pkg_config(NAME DESCRIPTION TEXT LIBS OPTIONS [REQUIRES MODULES] [CFLAGS OPTIONS]): NAME.pc.
# It computes its prefix from its own location, wherever that is.
function(keytone_install_pkg_config name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION;LIBS;REQUIRES;CFLAGS" "")
    string(STRIP "${arg_LIBS}" arg_LIBS)
    file(RELATIVE_PATH prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
    string(REGEX REPLACE "/$" "" prefix "${prefix}")
    configure_file(${PROJECT_SOURCE_DIR}/packaging/pkg-config.pc.in ${PROJECT_BINARY_DIR}/packaging/${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/packaging/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endfunction()
