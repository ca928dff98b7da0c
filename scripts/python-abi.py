#!/usr/bin/env python3
"""Writes lib/python/afina/_abi.py: the functions and numbers of the headers, as Python calls them.

    python3 scripts/python-abi.py >lib/python/afina/_abi.py

That file is never edited; a test writes it again and compares.
"""
import os
import sys

import header

INCLUDE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "include")
HEADERS = ("afina.h", "afina_mlp.h")

# C type -> its name in lib/python/afina/_library.py.
NUMBERS = {"int32_t": "Int32", "int64_t": "Int64", "uint64_t": "UInt64", "size_t": "Size", "double": "Double"}
RESULTS = {
    "int32_t": "number",
    "int64_t": "long_number",
    "size_t": "size",
    "const char *": "text",
    "const afina_point *": "pointer",
    "void": "nothing",
}


def type_name(c_type, callbacks):
    if c_type in NUMBERS:
        return NUMBERS[c_type]
    if c_type in callbacks:
        return "Handle"
    base = c_type.replace("const", "").replace("*", "").strip()
    stars = c_type.count("*")
    if base == "char":
        return "Text" if stars == 1 else "Texts"
    if base in NUMBERS and stars == 1:
        return NUMBERS[base] + "s"
    return "Handle" if stars == 1 else "Handles"


def call(head, items):
    line = head + "(" + ", ".join(items) + ")\n"
    if len(line) <= 100:
        return line
    return head + "(\n    " + ",\n    ".join(items) + ",\n)\n"


def write(out):
    groups = [group for name in HEADERS for group in header.read(os.path.join(INCLUDE, name)).groups]
    constants = [constant for group in groups for constant in group.constants]
    declared = [declaration for group in groups for declaration in group.declarations]
    callbacks = [d for d in declared if d.kind == "callback"]
    functions = [d for d in declared if d.kind == "function"]
    names = {d.name for d in callbacks}

    def types(declaration):
        return [type_name(parameter.type, names) for parameter in declaration.parameters]

    lines = []
    for d in callbacks:
        result = "None" if d.result == "void" else NUMBERS[d.result]
        lines.append(call(f"{d.name[6:].replace('_function', '')}_callback = callback", [result, *types(d)]))
    for d in functions:
        lines.append(call(f"{d.name[6:]} = {RESULTS[d.result]}", [f'"{d.name}"', *types(d)]))
    body = "".join(lines)
    used = ["Double", "Handle", "Int32", "Int64", "Size", "Text", "UInt64"]
    used = sorted(used + [name + "s" for name in used]) + ["callback"] + sorted(RESULTS.values())
    out.write('"""The C API of afina. Written by scripts/python-abi.py from the headers; not to be edited."""\n\n')
    out.write(call("from ._library import ", [name for name in used if name in body]) + "\n")
    for constant in constants:
        out.write(f"{constant.name[6:]} = {constant.value}\n")
    out.write("\n" + body)


if __name__ == "__main__":
    write(sys.stdout)
