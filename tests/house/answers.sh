#!/usr/bin/env bash
# Comments of the headers name every error: test programs are linked so that each answer of a public function is
# noted, and none may be one that lib/api.json, which is made of the comments, does not know. Slow programs are left out.
. tests/house/lib.bash

mkdir "$work/answers"
check "the functions are wrapped" python3 tests/house/answers.py wrap lib/api.json "$work"
check "the wrappers compile" $CC -Iinclude -c -o "$work/wrap.o" "$work/wrap.c"
support=$(ls "$B"/tests/support/*.o 2>/dev/null | grep -v mem_fault) || true
archive=$B/libafina-internal.a

noted() { # OBJECT
    local name
    name=$(basename "${1%.o}")
    $CC "@$work/flags" -o "$work/$name" "$1" "$work/wrap.o" $support "$archive" -llapacke -lblas -lgsl -lsqlite3 -lz -lm -lpthread \
        -lcmocka && AFINA_ANSWERS=$work/answers/$name AFINA_TEST_QUICK=1 "$work/$name" && rm "$work/$name"
}

for object in "$B"/tests/api/test_*.o; do
    [[ -f $object && -f $archive ]] || continue
    [[ $object =~ guest|model|compare|optimize|processes|trial_seconds|callback_threads ]] || check "$object runs" noted "$object"
done
files=("$work"/answers/*)
if [ -e "${files[0]}" ]; then
    check "every answer is one that its comment names" python3 tests/house/answers.py compare lib/api.json "${files[@]}"
fi

# That the comparison can fail.
echo "afina_space_new -14" >"$work/unknown"
refused() { ! python3 tests/house/answers.py compare lib/api.json "$work/unknown"; }
check "an answer that no comment names is found" refused
finish
