#!/bin/sh
# install-deps.sh GROUP: makes sure that the Debian packages are there which a
# group of targets needs (build, check, valgrind, coverage, lint, abi, wheel, ffi). Looks
# first; installs only what is missing, as root or through sudo; without either
# it prints the command to run and fails.
set -eu

group=${1:-build}
missing=

want() { # package, test command...
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

have() { command -v "$1"; }

# Through the compiler, so that a header in a place of its own counts too.
header() { echo "#include <$1>" | cc -E ${CPPFLAGS:-} ${2:-} -; }

# What the programs of examples/ffi need; the variable FFI may name some of their languages.
want_for() { # language package test...
    case " ${FFI:-$1} " in *" $1 "*) ;; *) return 0 ;; esac
    shift
    want "$@"
}

languages() {
    want pkg-config have pkg-config
    want_for csharp mono-mcs have mcs
    want_for csharp mono-runtime have mono
    want_for csharp libmono-system-core4.0-cil test -e /usr/lib/mono/4.5/System.Core.dll
    want_for fortran gfortran have gfortran
    want_for go golang-go have go
    want_for java default-jdk-headless have javac
    want_for java libjna-java test -e /usr/share/java/jna.jar
    want_for lua luajit have luajit
    want_for node nodejs have node
    want_for node npm have npm
    want_for octave octave-dev have mkoctfile
    want_for r r-base-core have R
    want_for ruby ruby ruby -r fiddle -e 1
    want_for rust cargo have cargo
    want_for rust bindgen have bindgen
}

probe() {
    missing=
    want gcc have cc
    want libc6-dev header stdio.h
    want libgsl-dev header gsl/gsl_rng.h
    want liblapacke-dev header lapacke.h
    want libopenblas-dev header cblas.h
    want libsqlite3-dev header sqlite3.h
    want zlib1g-dev header zlib.h
    [ "$group" != build ] || return 0
    [ "$group" != ffi ] || {
        languages
        return 0
    }

    want libcmocka-dev header cmocka.h "-include stdarg.h -include stddef.h -include stdint.h -include setjmp.h"
    want g++ have g++
    want pkg-config have pkg-config
    want python3 have python3
    want man-db have man
    want mandoc have mandoc
    want patchelf have patchelf
    want python3-venv /usr/bin/python3 -c 'import venv, ensurepip'
    want groff-base have groff
    want locales test -e /usr/share/i18n/charmaps/ANSI_X3.4-1968.gz # for localedef
    case $group in
    valgrind)
        want valgrind have valgrind
        ;;
    bits) # for aarch64 also its libraries, which have to be asked for: docs/decisions/same-bits.md
        want clang-14 have clang-14
        want qemu-user have qemu-x86_64
        ;;
    coverage)
        want gcovr have gcovr
        ;;
    lint)
        want clang-14 have clang-14
        want clang-format-14 have clang-format-14
        want clang-tidy-14 have clang-tidy-14
        ;;
    deb)
        want dpkg-dev have dpkg-buildpackage
        want debhelper have dh
        want dh-python have dh_python3
        want lintian have lintian
        ;;
    abi)
        want abigail-tools have abidw
        ;;
    wheel)
        want patchelf have patchelf
        ;;
    ci)
        want valgrind have valgrind
        want gcovr have gcovr
        want clang-14 have clang-14
        want clang-format-14 have clang-format-14
        want clang-tidy-14 have clang-tidy-14
        want abigail-tools have abidw
        want cmake have cmake
        want patchelf have patchelf
        want python3-venv python3 -c 'import venv, ensurepip'
        want python3-pycparser python3 -c 'import pycparser'
        want python3-cffi python3 -c 'import cffi'
        want luajit have luajit
        want bindgen have bindgen
        languages
        ;;
    esac
}

probe
[ -n "$missing" ] || exit 0

command="apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$missing"
if ! have apt-get >/dev/null; then
    echo "Missing (names of the Debian packages):$missing" >&2
    exit 1
elif [ "$(id -u)" = 0 ]; then
    run="sh -c"
elif have sudo >/dev/null && sudo -n true 2>/dev/null; then
    run="sudo -n sh -c"
else
    echo "Missing packages. As root, run:" >&2
    echo "    $command" >&2
    exit 1
fi

echo "Installing:$missing"
$run "$command" >/tmp/afina-apt.$$ 2>&1 || {
    cat /tmp/afina-apt.$$ >&2
    rm -f /tmp/afina-apt.$$
    echo "This failed: $command" >&2
    exit 1
}
rm -f /tmp/afina-apt.$$

probe
if [ -n "$missing" ]; then
    echo "Still missing after the installation:$missing" >&2
    exit 1
fi
