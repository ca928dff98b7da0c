#!/usr/bin/env bash
# What `make install` leaves can be used from C and C++, through pkg-config and
# CMake, and `make uninstall` takes all of it away again.
. tests/house/lib.bash

cat >"$work/host.c" <<'END'
#include <afina.h>
#include <stdio.h>

int main(void)
{
    afina_space *space = NULL;
    if (afina_space_new(&space) != AFINA_OK || afina_space_add_real(space, "rate", 1e-5, 1e-1, AFINA_SCALE_LOG) != AFINA_OK)
        return 1;
    printf("%s %d\n", afina_version(), (int)afina_space_parameter_count(space));
    afina_space_free(space);
    return 0;
}
END
cp "$work/host.c" "$work/host.cpp"
cat >"$work/wrapped.cpp" <<'END'
#include <afina.hpp>
#include <iostream>

int main()
{
    afina::space space;
    space.add_real("rate", 1e-5, 1e-1, afina::scale::log);
    std::cout << afina::version() << ' ' << space.parameters().size() << '\n';
}
END

stage=$work/stage
prefix=/opt/afina
check "make install" make -s install PREFIX=$prefix DESTDIR="$stage"
root=$stage$prefix
export PKG_CONFIG_PATH=$root/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$stage
export LD_LIBRARY_PATH=$root/lib
echo "$VERSION 1" >"$work/want"

check "pkg-config knows the version" test "$(pkg-config --modversion afina)" = "$VERSION"
runs() { "$@" >"$work/got" && same "$work/want" "$work/got"; }

strict="-Wall -Wextra -Wpedantic -Werror"
check "C, shared" $CC -std=c99 $strict -o "$work/c" "$work/host.c" $(pkg-config --cflags --libs afina)
check "C, shared: runs" runs "$work/c"
check "C++, shared" g++ -std=c++11 $strict -o "$work/cpp" "$work/host.cpp" $(pkg-config --cflags --libs afina)
check "C++, shared: runs" runs "$work/cpp"
check "afina.hpp, shared" g++ -std=c++17 $strict -o "$work/wrapped" "$work/wrapped.cpp" $(pkg-config --cflags --libs afina)
check "afina.hpp, shared: runs" runs "$work/wrapped"

mkdir "$work/only"
ln -s "$root/lib/libafina.a" "$work/only/"
check "C, static" $CC -std=c99 $strict -o "$work/cs" "$work/host.c" -L"$work/only" $(pkg-config --static --cflags --libs afina)
check "C, static: runs without the shared library" env LD_LIBRARY_PATH= bash -c "'$work/cs' | diff '$work/want' -"

# Names of a host's own may be those of our insides.
cat "$work/host.c" - >"$work/clash.c" <<'END'
int fail(void);
int fail(void) { return 1; }
void *mem_new(void);
void *mem_new(void) { return 0; }
END
check "C, static, beside equal names of the host" $CC -std=c99 $strict -o "$work/clash" "$work/clash.c" \
    -L"$work/only" $(pkg-config --static --cflags --libs afina)
check "C, static, beside equal names: runs" runs "$work/clash"

if command -v cmake >/dev/null; then
    mkdir "$work/cmake"
    cat >"$work/cmake/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.18)
project(host C CXX)
find_package(afina 0.1 REQUIRED)
add_executable(shared ../host.c)
target_link_libraries(shared afina::afina)
add_executable(static ../host.c)
target_link_libraries(static afina::afina-static)
add_executable(wrapped ../wrapped.cpp)
target_compile_features(wrapped PRIVATE cxx_std_17)
target_link_libraries(wrapped afina::afina)
END
    check "CMake configures" cmake -S "$work/cmake" -B "$work/cmake/build" -DCMAKE_PREFIX_PATH="$root"
    check "CMake builds" cmake --build "$work/cmake/build"
    check "CMake, shared: runs" runs "$work/cmake/build/shared"
    check "CMake, static: runs" runs "$work/cmake/build/static"
    check "CMake, afina.hpp: runs" runs "$work/cmake/build/wrapped"
    finds() { # words of find_package
        mkdir -p "$work/found"
        printf 'cmake_minimum_required(VERSION 3.18)\nproject(host C)\nfind_package(afina %s)\n' "$1" >"$work/found/CMakeLists.txt"
        rm -rf "$work/found/build"
        cmake -S "$work/found" -B "$work/found/build" -DCMAKE_PREFIX_PATH="$root"
    }
    refuses() { # words of find_package, what it says
        ! finds "$1" >"$work/refused" 2>&1 && tr -s ' \n' '  ' <"$work/refused" | grep -F "$2"
    }
    check "CMake finds both components" finds '0.1 REQUIRED COMPONENTS shared static'
    check "CMake refuses another component by its name" refuses '0.1 REQUIRED COMPONENTS python' 'there is no component python'
    check "and takes it as optional" finds '0.1 REQUIRED COMPONENTS shared OPTIONAL_COMPONENTS python'
    mv "$root/lib/libafina.a" "$work/aside.a"
    check "without the static library CMake finds the shared one" finds '0.1 REQUIRED COMPONENTS shared'
    check "and refuses the static one" refuses '0.1 REQUIRED COMPONENTS static' 'there is no component static'
    mv "$work/aside.a" "$root/lib/libafina.a"
    sed -i 's/afina 0.1/afina 9.0/' "$work/cmake/CMakeLists.txt"
    check "CMake refuses another version" sh -c "! cmake -S '$work/cmake' -B '$work/cmake/other' -DCMAKE_PREFIX_PATH='$root'"
fi

check "make uninstall" make -s uninstall PREFIX=$prefix DESTDIR="$stage"
check "uninstall leaves nothing behind" test ! -e "$stage"
finish
