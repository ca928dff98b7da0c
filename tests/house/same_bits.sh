#!/usr/bin/env bash
# Logs of every method and of every scheduler come out the same, to the bit, whatever the machine: with the kernels that
# OpenBLAS has for other processors, with the reference BLAS, with a C library that is told of a processor without AVX2
# and FMA, and without optimisation. With AFINA_TEST_BITS=all (make check-bits) also compiled by clang, for the
# processor at hand, and in qemu on a processor without AVX2 and on aarch64, where what is needed is installed.
#
# gp has far fewer results here than the 512 from which on it leaves its matrices to the BLAS.
. tests/house/lib.bash

export OPENBLAS_NUM_THREADS=1
program=$work/replay_logs
flags="-std=c11 -Wall -Wextra -Werror -ffp-contract=off -Iinclude"

# core KERNEL: the name of the kernels that OpenBLAS takes when it is told to take these. Nothing with another BLAS.
core() { OPENBLAS_VERBOSE=2 OPENBLAS_CORETYPE=$1 LD_LIBRARY_PATH=$LIB "$program" list 2>&1 >/dev/null | sed -n 's/^Core: //p'; }

# can_run KERNEL: the processor has the instructions. OpenBLAS itself looks for those of SkylakeX only.
can_run() {
    case $1 in
    SkylakeX) grep -qw avx512f /proc/cpuinfo ;;
    Haswell | Zen) grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo ;;
    Nehalem) grep -qw sse4_2 /proc/cpuinfo ;;
    Prescott) grep -qw pni /proc/cpuinfo ;;
    esac
}

# replays TEXT COMMAND...: the program, run by the command, derives all logs again.
replays() {
    check "the logs come out the same $1" "${@:2}" replay "$work/logs" $names
}

# built NAME COMPILER FLAGS...: the program with the whole library in it, so compiled.
built() {
    local name=$1 compiler=$2
    shift 2
    make -s VARIANT=debug BUILD="$work/$name" CC="$compiler" CFLAGS="$*" "$work/$name/debug/libafina-internal.a" >/dev/null &&
        $compiler $flags "$@" -o "$work/$name.run" tests/house/replay_logs.c $(find "$work/$name" -name '*.o') \
            -llapacke -lblas -lsqlite3 -lz -lm -lpthread
}

check "the program that makes logs compiles" $CC $flags -o "$program" tests/house/replay_logs.c "$LIB/libafina.so" -lm
names=$(LD_LIBRARY_PATH=$LIB "$program" list)
mkdir "$work/logs"
check "every method and every scheduler writes logs" \
    env LD_LIBRARY_PATH=$LIB OPENBLAS_CORETYPE=Prescott "$program" make "$work/logs" $names

for kernel in Prescott Nehalem Haswell Zen SkylakeX; do
    if ! can_run $kernel; then
        echo "skipped: this processor cannot run the kernels of $kernel"
    elif [ "$(core $kernel)" != $kernel ]; then
        echo "skipped: the BLAS at hand has no kernels of $kernel"
    else
        replays "with the kernels of $kernel" env LD_LIBRARY_PATH=$LIB OPENBLAS_CORETYPE=$kernel "$program"
    fi
done

reference=$(ldconfig -p | awk '/libblas\.so\.3 .*x86-64|libblas\.so\.3 \(libc6\)/ { print $NF; exit }')
reference=${reference%/*}
if [ -e "$reference/blas/libblas.so.3" ] && [ -e "$reference/lapack/liblapack.so.3" ]; then
    replays "with the reference BLAS" env LD_LIBRARY_PATH="$LIB:$reference/blas:$reference/lapack" "$program"
else
    echo "skipped: the reference BLAS is not installed"
fi

replays "with a C library without AVX2 and FMA" \
    env LD_LIBRARY_PATH=$LIB GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-FMA,-FMA_Usable,-FMA4 "$program"
check "the library compiles without optimisation" built plain "$CC" -O0
replays "without optimisation" "$work/plain.run"

# compiled TEXT NAME COMPILER FLAGS...: the same for one more way to compile, where the compiler is there.
compiled() {
    if command -v "$3" >/dev/null; then
        check "the library compiles $1" built "${@:2}"
        replays "$1" "$work/$2.run"
    else
        echo "skipped: $3 is not installed"
    fi
}

[ "${AFINA_TEST_BITS:-}" = all ] || finish
compiled "by clang without optimisation" clang0 clang-14 -O0
compiled "by clang with optimisation" clang3 clang-14 -O3
compiled "by gcc for the processor at hand" native gcc -O3 -march=native
if command -v qemu-x86_64 >/dev/null; then
    # Without AVX2 the matrices of gp and its kernel take another way through the library.
    replays "on a processor without AVX2" env OPENBLAS_CORETYPE=Prescott qemu-x86_64 -cpu Nehalem "$work/clang3.run"
else
    echo "skipped: qemu-x86_64 is not installed"
fi
if command -v qemu-aarch64 >/dev/null && command -v aarch64-linux-gnu-gcc >/dev/null; then
    check "the library compiles for aarch64" built aarch64 aarch64-linux-gnu-gcc -O3
    replays "on aarch64" qemu-aarch64 "$work/aarch64.run"
else
    echo "skipped: qemu-aarch64 or the compiler for it is not installed"
fi
finish
