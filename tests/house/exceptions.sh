#!/usr/bin/env bash
# A C++ exception thrown by a function of the host passes through the library, which gives back its locks and its
# memory. A C++ program is the host, once as it would be built and once counting what is lost.
. tests/house/lib.bash
export OPENBLAS_NUM_THREADS=1 LD_LIBRARY_PATH=$LIB

build() { # program flag...
    local program=$1
    shift
    ${CXX:-g++} -std=c++17 -Wall -Werror -Wno-unused-function "$@" -Iinclude -Itests -o "$program" tests/guest/exceptions.cpp \
        "$LIB/libafina.so" -lpthread
}

check "a host in C++ compiles" build "$work/host" -O2
check "its exceptions pass through every function of the library that calls one" sh -c "'$work/host' >'$work/ways'"
check "every way was gone" test "$(wc -l <"$work/ways")" = 18
check "the host compiles with a count of its memory" build "$work/counting" -O1 -g -fsanitize=address
check "nothing is lost on the way" env ASAN_OPTIONS=detect_leaks=1 "$work/counting"
finish
