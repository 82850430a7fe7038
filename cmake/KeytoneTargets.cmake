# SPDX-License-Identifier: MIT
# The project's own targets are made here, so that every one gets the same language level, warnings and include root.

set(KEYTONE_ROOT ${PROJECT_SOURCE_DIR})

# Include root of the headers by their installed names: <keytone/dsp/…>.
set(KEYTONE_INCLUDE ${PROJECT_BINARY_DIR}/include)
file(MAKE_DIRECTORY ${KEYTONE_INCLUDE}/keytone)
foreach(folder dsp engine)
    file(CREATE_LINK ${KEYTONE_ROOT}/${folder} ${KEYTONE_INCLUDE}/keytone/${folder} SYMBOLIC)
endforeach()

# keytone_target_defaults(TARGET): C++20, the repository as include root, strict warnings, optimised. Targets
# of other projects include <keytone/…>; the tree itself comes after all of their own include folders.
function(keytone_target_defaults target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    target_include_directories(${target} PRIVATE ${KEYTONE_ROOT} INTERFACE $<BUILD_INTERFACE:${KEYTONE_INCLUDE}>)
    target_compile_options(${target} INTERFACE $<BUILD_INTERFACE:-idirafter${KEYTONE_ROOT}>)
    # A project without a build type gets optimised code.
    target_compile_options(${target} PRIVATE $<$<CONFIG:>:-O2>)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
        -Woverloaded-virtual -Wdouble-promotion -Wformat=2 -Wundef
        # Where several sources are one, a name of one may stand in another as well, and a type of a source
        # looks like one of a header.
        $<$<NOT:$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wshadow>
        $<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>
        # g++ 12 falsely reports an overlap in `"literal" + std::string` (GCC bug 105651).
        $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
        $<$<BOOL:${KEYTONE_WARNINGS_ARE_ERRORS}>:-Werror>)
endfunction()

# keytone_hidden(TARGET): can be linked into a shared library, which does not export it.
function(keytone_hidden target)
    set_target_properties(${target} PROPERTIES
        POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()

# keytone_library(NAME SOURCES…): static library `keytone_NAME`, used as `keytone::NAME`.
function(keytone_library name)
    add_library(keytone_${name} STATIC ${ARGN})
    add_library(keytone::${name} ALIAS keytone_${name})
    keytone_target_defaults(keytone_${name})
    keytone_hidden(keytone_${name})
endfunction()

# keytone_strict_c(TARGET): C99 and nothing else.
function(keytone_strict_c target)
    set_target_properties(${target} PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wstrict-prototypes $<$<BOOL:${KEYTONE_WARNINGS_ARE_ERRORS}>:-Werror>)
endfunction()

# keytone_example(SOURCE LINK TARGETS…): the program examples/STEM of the build folder, from examples/SOURCE in C++ or C.
# tests/examples/STEM_test.cpp runs it. Call it from examples/CMakeLists.txt.
function(keytone_example source)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
    cmake_path(GET source STEM stem)
    add_executable(example_${stem} ${source})
    target_link_libraries(example_${stem} PRIVATE ${arg_LINK})
    if(source MATCHES "\\.c$")
        keytone_strict_c(example_${stem})
    else()
        keytone_target_defaults(example_${stem})
    endif()
    set_target_properties(example_${stem} PROPERTIES
        OUTPUT_NAME ${stem} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
endfunction()

# The code under test is optimised; for the tests, optimising takes longer than running.
function(keytone_test_options target)
    keytone_target_defaults(${target})
    target_compile_options(${target} PRIVATE -O0)
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF) # A test's sources may share names.
    target_link_libraries(${target} PRIVATE GTest::gmock GTest::gtest_main)
endfunction()

# keytone_test_headers(): precompiles the headers that every test includes. Call it before the first
# keytone_test().
function(keytone_test_headers)
    file(CONFIGURE OUTPUT test_headers.cpp CONTENT "")
    add_library(keytone_test_headers OBJECT ${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp)
    keytone_test_options(keytone_test_headers)
    target_precompile_headers(keytone_test_headers PRIVATE
        <algorithm> <array> <map> <optional> <string> <variant> <vector> <gmock/gmock.h> <gtest/gtest.h>)
endfunction()

# keytone_test_library(NAME SOURCES…): what several tests share and none of them measures, compiled as tests
# are; `keytone::NAME`.
function(keytone_test_library name)
    add_library(keytone_${name} STATIC ${ARGN})
    add_library(keytone::${name} ALIAS keytone_${name})
    keytone_test_options(keytone_${name})
    target_precompile_headers(keytone_${name} REUSE_FROM keytone_test_headers)
endfunction()

# keytone_test(STEM LINK TARGETS…): builds tests/STEM_test.cpp against GoogleTest, or tests/STEM_test.c with a C compiler
# and nothing else, and registers it with CTest as STEM_test.
# The one way to add a test. Call it from tests/CMakeLists.txt, which fails the configuration when a source is left out.
#   SOURCES  further sources
#   LABELS   CTest labels
#   TIMEOUT  seconds, 120 by default
function(keytone_test stem)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LINK;SOURCES;LABELS;DEFINITIONS")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    string(REPLACE "/" "_" target ${stem}_test)
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${stem}_test.c)
        set(source ${stem}_test.c)
    else()
        set(source ${stem}_test.cpp)
    endif()
    add_executable(${target} ${source} ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE ${arg_LINK})
    target_compile_definitions(${target} PRIVATE ${arg_DEFINITIONS})
    if(source MATCHES "\\.c$")
        keytone_strict_c(${target})
    else()
        keytone_test_options(${target})
        target_precompile_headers(${target} REUSE_FROM keytone_test_headers)
    endif()
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    add_test(NAME ${stem}_test COMMAND ${target})
    # Programs write what they keep in the user's home to a folder of the build instead.
    set(home ${PROJECT_BINARY_DIR}/tests/home)
    file(MAKE_DIRECTORY ${home}/run)
    set_tests_properties(${stem}_test PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}" ENVIRONMENT
        "HOME=${home};XDG_CACHE_HOME=${home}/.cache;XDG_CONFIG_HOME=${home}/.config;XDG_DATA_HOME=${home}/.local/share;XDG_RUNTIME_DIR=${home}/run")
    set_property(GLOBAL APPEND PROPERTY KEYTONE_TEST_SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/${source})
endfunction()

# keytone_check_every_test_is_registered(): stops when a *_test.cpp or *_test.c below this folder was not
# passed to keytone_test().
function(keytone_check_every_test_is_registered)
    get_property(registered GLOBAL PROPERTY KEYTONE_TEST_SOURCES)
    file(GLOB_RECURSE present CONFIGURE_DEPENDS
        ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*_test.c)
    foreach(source IN LISTS present)
        if(NOT source IN_LIST registered)
            message(FATAL_ERROR "${source} is registered by no keytone_test(): add it to tests/CMakeLists.txt")
        endif()
    endforeach()
endfunction()

# keytone_document_samples(DOCUMENTS…): extracts their samples in C++ and in C, for
# tests/docs/samples_test.cpp and samples_c_test.c, to the folder KEYTONE_SAMPLES, by the target
# keytone_samples.
function(keytone_document_samples)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/samples)
    file(MAKE_DIRECTORY ${folder})
    set(script ${CMAKE_CURRENT_SOURCE_DIR}/docs/extract-samples)
    list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE documents)
    set(outputs ${folder}/samples_cpp.inc ${folder}/samples_c.inc)
    add_custom_command(OUTPUT ${outputs}
        COMMAND Python3::Interpreter ${script} ${outputs} ${documents} DEPENDS ${script} ${documents} VERBATIM)
    add_custom_target(keytone_samples DEPENDS ${outputs})
    set(KEYTONE_SAMPLES ${folder} PARENT_SCOPE)
endfunction()

# keytone_fuzzer(STEM LINK TARGETS…): tests/fuzz/STEM_fuzz.cpp, which defines LLVMFuzzerTestOneInput. Its seeds,
# tests/fuzz/seeds/STEM/*, are replayed by the test fuzz/STEM_replay, with any compiler; with KEYTONE_BUILD_FUZZERS (clang
# only) the program fuzz/STEM_fuzz looks for more. Call it from tests/CMakeLists.txt.
function(keytone_fuzzer stem)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
    set(seeds ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/seeds/${stem})
    set(programs fuzz_${stem}_replay)
    add_executable(fuzz_${stem}_replay fuzz/${stem}_fuzz.cpp fuzz/replay.cpp)
    if(KEYTONE_BUILD_FUZZERS)
        add_executable(fuzz_${stem}_fuzz fuzz/${stem}_fuzz.cpp)
        # libFuzzer's main and search; the preset instruments all code for it.
        target_link_options(fuzz_${stem}_fuzz PRIVATE -fsanitize=fuzzer)
        list(APPEND programs fuzz_${stem}_fuzz)
    endif()
    foreach(program IN LISTS programs)
        keytone_target_defaults(${program})
        target_link_libraries(${program} PRIVATE ${arg_LINK})
        set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    endforeach()
    add_test(NAME fuzz/${stem}_replay COMMAND fuzz_${stem}_replay ${seeds})
    set_tests_properties(fuzz/${stem}_replay PROPERTIES TIMEOUT 120)
endfunction()
