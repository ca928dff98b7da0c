# Shared by the house tests: they look at what is built, not at what it computes.
# Every fact is one call of `check`; the runner counts the "ok - " lines.
set -uo pipefail
: "${B:=build/release}" "${LIB:=lib}" "${VERSION:=0.1.0}" "${CC:=cc}"

# A test that calls make builds with the flags of the run, and installs only
# where it says.
unset MAKEFLAGS MFLAGS MAKELEVEL PREFIX LIBDIR INCLUDEDIR BINDIR DOCDIR DESTDIR T
export BUILD=${B%/*} CC

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# check TEXT COMMAND...: the command succeeds. Its output shows only when not.
check() {
    local text=$1
    shift
    if "$@" >"$work/check.out" 2>&1; then
        echo "ok - $text"
    else
        echo "not ok - $text"
        head -n 40 "$work/check.out" | sed 's/^/    /'
        failures=$((failures + 1))
    fi
}

# same WANT GOT: two files have the same lines; the difference is printed.
same() { diff -u "$1" "$2"; }

# empty COMMAND...: it prints nothing.
empty() {
    local out
    out=$("$@")
    [ -z "$out" ] || {
        printf '%s\n' "$out"
        return 1
    }
}

finish() { exit $((failures > 0)); }
