# SPDX-License-Identifier: Apache-2.0
# slipway_embed_sql(OUT DIR): writes a C file with the numbered migrations DIR/NNNN_name.sql as SCHEMA_MIGRATIONS and
# puts its path into OUT. At configure time, because the text is small; a changed file makes CMake run again.
function(slipway_embed_sql out dir)
    file(GLOB files CONFIGURE_DEPENDS ${dir}/*.sql)
    list(SORT files)
    set(rows "")
    foreach(file ${files})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        get_filename_component(base ${file} NAME_WE)
        string(REGEX REPLACE "^0*([0-9]+)_.*$" "\\1" number "${base}")
        string(REGEX REPLACE "^[0-9]+_" "" name "${base}")
        file(READ ${file} text)
        string(REPLACE "\\" "\\\\" text "${text}")
        string(REPLACE "\"" "\\\"" text "${text}")
        string(REPLACE "\n" "\\n\"\n      \"" text "${text}")
        string(APPEND rows "    { ${number}, \"${name}\",\n      \"${text}\" },\n")
    endforeach()
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/schema_migrations.c)
    file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT "/* generated from adapters/sql */
#include \"orchestrator/adapters/schema.h\"

const struct pg_migration SCHEMA_MIGRATIONS[] = {
@rows@};
const size_t SCHEMA_MIGRATION_COUNT = sizeof SCHEMA_MIGRATIONS / sizeof *SCHEMA_MIGRATIONS;
")
    set(${out} ${generated} PARENT_SCOPE)
endfunction()
