# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Building: incremental, into build/ (SLIPWAY_BUILD names another directory).

BUILD=${SLIPWAY_BUILD:-$ROOT/build}
BIN=$BUILD/bin

# build_configure DIR CMAKE-OPTION...: once; a directory that is configured already keeps its options.
build_configure() {
    local dir=$1
    shift
    [ -f "$dir/build.ninja" ] && return
    quietly "$dir/configure.log" "cmake" cmake -S "$ROOT" -B "$dir" -G Ninja "$@"
}

# The programs and libraries, but no tests, also in a directory that is configured with them.
build_programs() {
    build_configure "$BUILD" -DSLIPWAY_TESTS=OFF
    step "building (the first time takes a minute or two)"
    quietly "$BUILD/build.log" "the build" cmake --build "$BUILD" --parallel "$(nproc)" --target programs
}

# build_all DIR CMAKE-OPTION...: everything, tests included.
build_all() {
    local dir=$1
    build_configure "$@"
    if grep -q '^SLIPWAY_TESTS:BOOL=OFF' "$dir/CMakeCache.txt"; then
        quietly "$dir/configure.log" "cmake" cmake -S "$ROOT" -B "$dir" -DSLIPWAY_TESTS=ON
    fi
    quietly "$dir/build.log" "the build in $dir" cmake --build "$dir" --parallel "$(nproc)"
}
