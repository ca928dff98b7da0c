#!/usr/bin/env bash
# The recipe of the Debian packages says what the Makefile and the version script say. `make deb` builds them.
. tests/house/lib.bash

soname=$(readelf -d "$LIB/libafina.so" | sed -nE 's/.*SONAME.*\[(.*)\]/\1/p')
package=libafina${soname##*.}
check "the version of the package is that of the library" sh -c "sed -n '1s/.*(\(.*\)-[0-9.]*).*/\1/p' debian/changelog | grep -qx '$VERSION'"
check "the package of the library has the number of the soname" grep -qx "Package: $package" debian/control
check "each package says what is in it" empty sh -c "
    sed -n 's/^Package: //p' debian/control | while read -r name; do [ -s debian/\$name.install ] || echo \$name; done"
check "its symbols are those of the soname" grep -qx "$soname $package #MINVER#" "debian/$package.symbols"
sed -n 's/^\(AFINA_[A-Z0-9_]*\) {.*/\1/p' lib/afina.map | sort >"$work/nodes"
sed -n 's/^ (symver)\(AFINA_[A-Z0-9_]*\) .*/\1/p' "debian/$package.symbols" | sort >"$work/symbols"
check "and have every node of the version script" same "$work/nodes" "$work/symbols"
maintainer=$(sed -n 's/^Maintainer: //p' debian/control)
check "control and changelog name the same maintainer" grep -qF " -- $maintainer  " debian/changelog
reached() { [[ $maintainer != *@example.org\> ]] || grep -q 'example\.org' debian/README.source; }
check "an address that reaches nobody is said to be one" reached
check "the program of the smoke test is a script that parses" sh -n debian/tests/first-program
finish
