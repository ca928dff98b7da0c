#!/usr/bin/env bash
# lib/api.json, for those who generate bindings, is what scripts/api.py reads out of the headers, and what it says of
# the functions is true: the compiler and the library are asked.
. tests/house/lib.bash

check "lib/api.json is what scripts/api.py prints (make abi-record writes it)" same lib/api.json <(python3 scripts/api.py)

python3 - lib/api.json >"$work/again.c" <<'PY'
import json, sys
api = json.load(open(sys.argv[1], encoding="utf-8"))
print('#include "afina.h"\n#include "afina_mlp.h"\n#include "afina_experimental.h"')
for f in api["functions"]:
    print(f["c"])
for n, a in enumerate((f["name"], i, a) for f in api["functions"] for i, a in enumerate(f["arguments"])):
    print(f"extern {a[2]['type']} *argument_{n};")
for c in api["constants"]:
    print(f"_Static_assert({c['name']} == {c['value']}, \"{c['name']}\");")
for c in api["callbacks"]:
    print(c["c"])
PY
check "its declarations and numbers are those of the headers" $CC -std=c11 -Iinclude -Werror -fsyntax-only "$work/again.c"
sed 's/AFINA_E_RANGE == -2/AFINA_E_RANGE == -3/' "$work/again.c" >"$work/other.c"
check "another number is seen" sh -c "! $CC -std=c11 -Iinclude -fsyntax-only '$work/other.c'"

library=$(realpath "$LIB/libafina.so")
check "pointers may be NULL where it says so, and nowhere else" python3 tests/house/api_pointers.py lib/api.json "$library"
sed 's/"name": "reason",/"name": "reason_",/' lib/api.json | python3 -c '
import json, sys
api = json.load(sys.stdin)
for f in api["functions"]:
    for a in f["arguments"]:
        if a["name"] == "reason_":
            a["nullable"] = False
json.dump(api, sys.stdout)' >"$work/wrong.json"
check "a pointer that may be NULL although it says not is seen" sh -c \
    "! python3 tests/house/api_pointers.py '$work/wrong.json' '$library' >/dev/null"

# A comment that does not say how long an array is, is an error of the script.
mkdir "$work/include"
cp include/*.h "$work/include"
sed -i 's/Shapes: features/Sizes: features/' "$work/include/afina_mlp.h"
unsaid() { ! python3 scripts/api.py "$work/include" >"$work/api.out" 2>&1 && grep -q 'how long is features' "$work/api.out"; }
check "an array without a length is refused" unsaid
finish
