# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Counts single tests in what a test program printed. Each function reads a log and the exit status of its program and
# prints "PASSED FAILED SKIPPED"; a program that fails without naming a failed test counts as one failed test.

counts_settle() { # PASSED FAILED SKIPPED STATUS
    local passed=$1 failed=$2
    if [ "$4" != 0 ] && [ "$failed" = 0 ]; then
        failed=1
    fi
    if [ "$4" = 0 ] && [ $((passed + failed + $3)) = 0 ]; then
        failed=1 # it ran nothing: that is no success
    fi
    echo "$passed $failed $3"
}

counts_cmocka() { # LOG STATUS
    local sums
    sums=$(awk '/^\[  PASSED  \] [0-9]+ test/ { p += $4 } /^\[  FAILED  \] [0-9]+ test/ { f += $4 }
        /^\[  SKIPPED \] [0-9]+ test/ { s += $4 } END { print p + 0, f + 0, s + 0 }' "$1")
    # shellcheck disable=SC2086
    counts_settle $sums "$2"
}

# "Ran 5 tests in 1.2s", then "OK (skipped=1)" or "FAILED (failures=1, errors=2, skipped=1)".
counts_unittest() { # LOG STATUS
    local sums
    sums=$(awk 'function number(name) { return match($0, name "=[0-9]+") ? substr($0, RSTART + length(name) + 1, RLENGTH - length(name) - 1) : 0 }
        /^Ran [0-9]+ test/ { ran += $2 }
        /^(OK|FAILED)( \(|$)/ { f += number("failures") + number("errors") + number("unexpected successes"); s += number("skipped") }
        END { p = ran - f - s; print p < 0 ? 0 : p, f + 0, s + 0 }' "$1")
    # shellcheck disable=SC2086
    counts_settle $sums "$2"
}

# The last line of a tier's own script: "N passed, N failed, N skipped".
counts_script() { # LOG STATUS
    local sums
    sums=$(sed -n -E 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$1" | tail -n 1)
    # shellcheck disable=SC2086
    counts_settle ${sums:-$([ "$2" = 0 ] && echo 1 || echo 0) 0 0} "$2"
}

# "ok NAME" and "FAIL NAME".
counts_lint() { # LOG STATUS
    counts_settle "$(grep -c '^ok ' "$1" || true)" "$(grep -c '^FAIL ' "$1" || true)" 0 "$2"
}
