#!/usr/bin/env bash
# A host may load and close the library as often as it likes, and its names do not meet ours: whatever functions a
# program defines, those of the library are its own.
. tests/house/lib.bash
export OPENBLAS_NUM_THREADS=1 LD_LIBRARY_PATH=$LIB

times=1000
[ -z "${AFINA_TEST_LONG:-}" ] || times=10000
check "a host that loads the library compiles" \
    $CC -std=c11 -O1 -Wall -Wextra -Werror -o "$work/loading" tests/guest/loading.c -ldl -lpthread
check "it loads, uses and closes it again and again" sh -c "'$work/loading' '$(realpath "$LIB/libafina.so")' $times >'$work/more'"
check "which costs no thread, no file and no thread-local key" grep -q '^0 threads, 0 files, 0 keys, ' "$work/more"
check "nor memory" awk '{ print; exit !($7 <= 256) }' "$work/more"

# A host that has a function of its own for every inner name of the library: each ends the process.
nm "${B}"/src/*/*.o "${B}"/src/*/*/*.o | awk '$2 == "T" && $3 !~ /^afina_/ { print $3 }' | sort -u >"$work/names"
check "there are inner names" test "$(wc -l <"$work/names")" -gt 300
{
    echo '#include <stdlib.h>'
    sed 's/.*/void &(void);\nvoid &(void)\n{\n    abort();\n}/' "$work/names"
} >"$work/same_names.c"
cat >"$work/host.c" <<'END_OF_HOST'
#include <afina.h>
#include <stdio.h>

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double x;
    (void)user;
    if (afina_point_get_real(afina_trial_point(trial), "x", &x))
        return AFINA_E_CALLBACK;
    values[0] = (x - 0.3) * (x - 0.3);
    return AFINA_OK;
}

int main(void)
{
    afina_space *space;
    afina_optimizer *optimizer;
    int64_t number;
    int bad = afina_space_new(&space) || afina_space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR) ||
              afina_optimizer_new(&optimizer, space, "auto") || afina_optimize(optimizer, objective, NULL, 15) ||
              afina_optimizer_replay(optimizer, &number);
    if (bad)
        fprintf(stderr, "%s\n", afina_last_error());
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return bad;
}
END_OF_HOST
libs=$(sed -n 's/^BLAS_LIBS ?= //p' Makefile)
$CC -std=c11 -O1 -fno-builtin -w -c -o "$work/same_names.o" "$work/same_names.c"
check "a program with functions of all these names links the static library" $CC -std=c11 -Iinclude -o "$work/static" \
    "$work/host.c" "$work/same_names.o" "$LIB/libafina.a" $libs -lgsl -lsqlite3 -lz -lm -lpthread
check "and runs" "$work/static"
check "a program that exports functions of all these names links the shared library" $CC -std=c11 -Iinclude -rdynamic \
    -o "$work/shared" "$work/host.c" "$work/same_names.o" -L"$LIB" -lafina
check "and runs as well" "$work/shared"

# A host with a static GSL and a static BLAS of its own, which it uses beside the library.
cat >"$work/own.c" <<'END_OF_HOST'
#include <afina.h>
#include <cblas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <stdio.h>

static int errors;

static void count(const char *reason, const char *file, int line, int code)
{
    (void)reason, (void)file, (void)line, (void)code;
    errors++;
}

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    double x[2] = {0, 1};
    (void)user;
    if (afina_point_get_real(afina_trial_point(trial), "x", x))
        return AFINA_E_CALLBACK;
    values[0] = cblas_ddot(2, x, 1, x, 1);
    return AFINA_OK;
}

int main(void)
{
    afina_space *space;
    afina_optimizer *optimizer;
    gsl_set_error_handler(count);
    int bad = afina_space_new(&space) || afina_space_add_real(space, "x", -1, 1, AFINA_SCALE_LINEAR) ||
              afina_optimizer_new(&optimizer, space, "gp") || afina_optimize(optimizer, objective, NULL, 15);
    int before = errors;
    gsl_sf_gamma(1000);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return bad || before != 0 || errors < 1 || gsl_set_error_handler(NULL) != count;
}
END_OF_HOST
static_gsl=$($CC -print-file-name=libgsl.a)
if [ -f "$static_gsl" ]; then
    check "a host with a static GSL of its own links the shared library" $CC -std=c11 -Iinclude -o "$work/own" "$work/own.c" \
        -L"$LIB" -lafina "$static_gsl" $libs -lm
    check "and each keeps to its own: the handler of the host hears of the errors of the host alone" "$work/own"
fi
finish
