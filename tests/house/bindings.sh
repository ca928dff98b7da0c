#!/usr/bin/env bash
# cblas_* of GSL's slow copy must not answer for the BLAS: the dynamic linker is
# asked which library each such name is bound to.
. tests/house/lib.bash

cat >"$work/host.c" <<'END'
#include <afina.h>
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    afina_space *space = NULL;
    if (afina_space_new(&space) != AFINA_OK)
        return 1;
    afina_space_free(space);
    puts(afina_version());
    return 0;
}
END

stage=$work/stage
make -s install PREFIX="$stage" >/dev/null || exit 1
export PKG_CONFIG_PATH=$stage/lib/pkgconfig

# names FILE...: the cblas_* names the objects ask for.
nm -u -D "$LIB/libafina.so" | awk '$2 ~ /^cblas_/ { sub(/@.*/, "", $2); print $2 }' | sort -u >"$work/asked"

# bound PROGRAM: "name library" of every binding that involves cblas_*. Binding
# at once shows the names that this run does not reach, too.
bound() {
    LD_BIND_NOW=1 LD_DEBUG=bindings LD_LIBRARY_PATH="$stage/lib" "$@" 2>&1 >/dev/null |
        sed -nE 's/.*binding file [^ ]+ \[[0-9]+\] to ([^ ]+) \[[0-9]+\]:.*symbol .(cblas_[a-z0-9_]+).*/\2 \1/p' | sort -u
}


for kind in shared static; do
    if [ $kind = shared ]; then
        check "a program links with pkg-config --libs" $CC -o "$work/shared" "$work/host.c" $(pkg-config --cflags --libs afina)
    else
        mkdir -p "$work/only"
        ln -sf "$stage/lib/libafina.a" "$work/only/"
        check "a program links with pkg-config --static" $CC -o "$work/static" "$work/host.c" \
            -L"$work/only" $(pkg-config --static --cflags --libs afina)
        check "the static program needs no libafina.so" sh -c "! readelf -d '$work/static' | grep libafina"
    fi
    check "the $kind program runs" env LD_LIBRARY_PATH="$stage/lib" "$work/$kind"
    bound "$work/$kind" >"$work/bound.$kind"
    check "$kind: no cblas_* name is bound to libgslcblas" empty grep gslcblas "$work/bound.$kind"
    check "$kind: GSL's own cblas_* calls reach the BLAS" grep -E '^cblas_[a-z0-9]+ .*(blas)' "$work/bound.$kind"
    if [ -s "$work/asked" ]; then
        cut -d' ' -f1 "$work/bound.$kind" | sort -u >"$work/names"
        check "$kind: each name the library asks for is bound" empty comm -23 "$work/asked" "$work/names"
    fi
done

check "the pkg-config file never names gslcblas" empty sh -c "pkg-config --static --libs afina | grep gslcblas"
finish
