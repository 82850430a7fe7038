# SPDX-License-Identifier: MIT
# Writes OUTPUT, the source behind page_files.hpp, from the files NAMES (separated by commas) in FOLDER.
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")

string(REPLACE "," ";" NAMES "${NAMES}")
set(rows "")
foreach(name IN LISTS NAMES)
    string(REGEX REPLACE ".*\\." "" ending "${name}")
    if(NOT DEFINED type_${ending})
        message(FATAL_ERROR "${name}: files that end so have no type yet: name one in embed.cmake")
    endif()
    file(READ "${FOLDER}/${name}" bytes HEX)
    file(SHA256 "${FOLDER}/${name}" tag)
    string(LENGTH "${bytes}" digits)
    math(EXPR size "${digits} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
    # Lines of 24 bytes: each is 4 characters.
    string(REPEAT "." 96 line)
    string(REGEX REPLACE "(${line})" "\\1\"\n        \"" bytes "${bytes}")
    string(APPEND rows "    {\"${name}\", \"${type_${ending}}\",\n     std::string_view(\"${bytes}\", ${size}),\n     \"${tag}\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made by embed.cmake.
#include \"server/page/page_files.hpp\"

namespace keytone::server {

namespace {

constexpr PageFile files[] = {
${rows}};

} // namespace

std::span<const PageFile> page_files() {
    return files;
}

} // namespace keytone::server
")
