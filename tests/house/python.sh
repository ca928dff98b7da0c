#!/usr/bin/env bash
# The Python package: laid out as a wheel has it, with the library beside it, and tested so.
. tests/house/lib.bash

mkdir -p "$work/python"
cp -r lib/python/afina "$work/python/"
mkdir -p "$work/python/afina/_libs"
ln -s "$(realpath "$LIB/libafina.so")" "$work/python/afina/_libs/libafina.so.0"
export PYTHONPATH=$work/python PYTHONDONTWRITEBYTECODE=1

python3 tests/python/run.py
failures=$((failures + ($? != 0)))
check "the package in the tree finds the library of the tree" env PYTHONPATH=lib/python python3 -c 'import afina; afina.Space()'
finish
