#!/usr/bin/env bash
# A checkout in a folder with a space in its name builds, runs its tests and installs.
. tests/house/lib.bash

copy="$work/two words/afina"
mkdir -p "$copy"
cp -r Makefile LICENSE README.md CHANGELOG.md BENCHMARKS.md docs include src lib pkgconfig examples scripts tests bench "$copy"
rm -f "$copy"/lib/libafina.*
cd "$copy" || exit 1

# As fast as it can be compiled; what it links and where it looks is the same.
export BUILD=build CFLAGS='-O0 -U_FORTIFY_SOURCE'
check "the library and an example are built" make -s lib build/release/examples/quickstart
check "the example finds the library" build/release/examples/quickstart
check "tests are built and run" make -s check-built T='core/test_order house/exports examples/quickstart'
check "it is installed" make -s install PREFIX=/usr DESTDIR="$PWD/to here"
check "all files are there" test -f "to here/usr/include/afina.h" -a -f "to here/usr/lib/pkgconfig/afina.pc" \
    -a -f "to here/usr/lib/cmake/afina/afinaConfig.cmake" -a -L "to here/usr/lib/libafina.so" \
    -a -f "to here/usr/share/man/man3/afina_ask.3" -a -f "to here/usr/share/doc/afina/docs/embedding.md"
check "and taken away" make -s uninstall PREFIX=/usr DESTDIR="$PWD/to here"
check "uninstall leaves nothing behind" test ! -e "to here"
finish
