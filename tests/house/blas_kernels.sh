#!/usr/bin/env bash
# Logs of methods without a model come out the same whatever the BLAS: OpenBLAS with the kernels of other
# processors, and the reference BLAS. A model hands its linear algebra to the BLAS.
. tests/house/lib.bash

export OPENBLAS_NUM_THREADS=1 LD_LIBRARY_PATH=$LIB
program=$work/replay_logs

# core KERNEL: the name of the kernels that OpenBLAS takes when it is told to take these. Nothing with another BLAS.
core() { OPENBLAS_VERBOSE=2 OPENBLAS_CORETYPE=$1 "$program" list 2>&1 >/dev/null | sed -n 's/^Core: //p'; }

# can_run KERNEL: the processor has the instructions. OpenBLAS itself looks for those of SkylakeX only.
can_run() {
    case $1 in
    SkylakeX) grep -qw avx512f /proc/cpuinfo ;;
    Haswell | Zen) grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo ;;
    Nehalem) grep -qw sse4_2 /proc/cpuinfo ;;
    Prescott) grep -qw pni /proc/cpuinfo ;;
    esac
}

check "the program that replays logs compiles" \
    $CC -std=c11 -Wall -Wextra -Werror -Iinclude -o "$program" tests/house/replay_logs.c "$LIB/libafina.so" -lm
methods=$("$program" list)
mkdir "$work/logs"
check "every method without a model writes logs" env OPENBLAS_CORETYPE=Prescott "$program" make "$work/logs" $methods

for kernel in Prescott Nehalem Haswell Zen SkylakeX; do
    if ! can_run $kernel; then
        echo "skipped: this processor cannot run the kernels of $kernel"
    elif [ "$(core $kernel)" != $kernel ]; then
        echo "skipped: the BLAS at hand has no kernels of $kernel"
    else
        check "the logs come out the same with the kernels of $kernel" \
            env OPENBLAS_CORETYPE=$kernel "$program" replay "$work/logs" $methods
    fi
done

reference=$(ldconfig -p | awk '/libblas\.so\.3 / { print $NF; exit }')
reference=${reference%/*}
if [ -e "$reference/blas/libblas.so.3" ] && [ -e "$reference/lapack/liblapack.so.3" ]; then
    check "the logs come out the same with the reference BLAS" \
        env LD_LIBRARY_PATH="$LIB:$reference/blas:$reference/lapack" "$program" replay "$work/logs" $methods
else
    echo "skipped: the reference BLAS is not installed"
fi
finish
