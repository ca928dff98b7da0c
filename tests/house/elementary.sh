#!/usr/bin/env bash
# What the library computes does not depend on the C library: src calls none of its functions whose last bits are its
# own affair, nor those of GSL, which call them. Seen from the symbols and from the source, where a compiler may have
# computed a constant.
. tests/house/lib.bash

inexact='exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|sin|cos|tan|sincos|asin|acos|atan|atan2|sinh|cosh|tanh'
inexact="$inexact|asinh|acosh|atanh|cbrt|hypot|erf|erfc|lgamma|lgamma_r|tgamma|gamma|j0|j1|jn|y0|y1|yn|fma"
inexact="($inexact)[fl]?"

symbols() {
    find "$B/src" -name '*.o' ! -path "$B/src/cli/*" | while read -r object; do # whose source is still there
        source=${object#"$B"/}
        [ ! -f "${source%.o}.c" ] || nm -Au "$object"
    done | grep -E " (__)?($inexact)(_finite)?$| gsl_(cdf|sf|ran|poly|stats|linalg|integration)_"
}

# Without comments and strings.
calls() {
    for file in src/*/*.[ch] src/*/*/*.[ch]; do
        grep -qE "(^|[^a-zA-Z_0-9.>])$inexact *\(" "$file" || continue
        $CC -fpreprocessed -dD -E -P -xc "$file" 2>/dev/null | sed 's/"[^"]*"//g' |
            grep -E "(^|[^a-zA-Z_0-9.>])$inexact *\(" | sed "s|^|$file: |"
    done
}

check "objects were found" test -n "$(find "$B/src" -name '*.o' -print -quit)"
check "no object asks for a function whose last bits differ between C libraries" empty symbols
check "no source calls one" empty calls
finish
