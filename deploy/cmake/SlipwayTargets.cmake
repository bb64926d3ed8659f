# SPDX-License-Identifier: Apache-2.0
# Compiler settings for every target, and the three verbs the project's CMakeLists.txt use:
#   slipway_library(NAME FILES glob... LINKS target...)   a static library; skipped while it has no source file
#   slipway_program(NAME FILES glob... LINKS target...)   an executable in build/bin
#   slipway_tests(DIR LINKS target...)                    one executable for each test_*.c below DIR
# The target "programs" is what the first two make: all but the tests.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
foreach(package rdkafka libmicrohttpd jansson libcurl libpq libcrypto yaml-0.1 libwebsockets)
    string(MAKE_C_IDENTIFIER ${package} prefix)
    pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET ${package})
endforeach()

add_custom_target(programs)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# Asserts stay in release builds: they state what must be true of our own code.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")

add_library(slipway_flags INTERFACE)
# Cutting a text to its field is a decision that each call states; the warning cannot tell it from an accident.
target_compile_options(slipway_flags INTERFACE -Wall -Wextra -Werror -Wshadow -Wconversion -Wswitch-enum
    -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wno-format-truncation -fno-common -fstack-protector-strong)
target_compile_definitions(slipway_flags INTERFACE _GNU_SOURCE SLIPWAY_VERSION="${PROJECT_VERSION}")
target_include_directories(slipway_flags INTERFACE ${CMAKE_SOURCE_DIR})
# Symbols are bound at the start, then never written again; a supervisor that waits has it behind itself.
target_link_options(slipway_flags INTERFACE -Wl,-z,relro,-z,now)
if(SLIPWAY_SANITIZE)
    target_compile_options(slipway_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
        -fno-omit-frame-pointer -U_FORTIFY_SOURCE)
    target_link_options(slipway_flags INTERFACE -fsanitize=address,undefined)
else()
    target_compile_definitions(slipway_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()

function(slipway_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES;LINKS")
    file(GLOB sources CONFIGURE_DEPENDS ${arg_FILES})
    if(NOT sources)
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE slipway_flags ${arg_LINKS})
        return()
    endif()
    add_library(${name} STATIC ${sources})
    add_dependencies(programs ${name})
    target_link_libraries(${name} PUBLIC slipway_flags ${arg_LINKS})
endfunction()

function(slipway_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES;LINKS")
    file(GLOB sources CONFIGURE_DEPENDS ${arg_FILES})
    if(NOT sources)
        return()
    endif()
    add_executable(${name} ${sources})
    add_dependencies(programs ${name})
    target_link_libraries(${name} PRIVATE slipway_flags ${arg_LINKS})
endfunction()

function(slipway_tests dir tier)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LINKS")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/test_*.c)
    foreach(source ${sources})
        file(RELATIVE_PATH relative ${CMAKE_CURRENT_SOURCE_DIR} ${source})
        string(REGEX REPLACE "\\.c$" "" name ${relative})
        string(REPLACE "/" "_" name ${name})
        add_executable(${name} ${source})
        set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
        target_link_libraries(${name} PRIVATE slipway_flags ${arg_LINKS} cmocka)
        add_test(NAME ${relative} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
        set_tests_properties(${relative} PROPERTIES LABELS ${tier} TIMEOUT 240)
    endforeach()
endfunction()
