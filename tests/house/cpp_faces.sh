#!/usr/bin/env bash
# Every public function has a face in afina.hpp or afina_mlp.hpp, or a reason why not in cpp_faces.py, and the tests in
# tests/cpp call each of them.
. tests/house/lib.bash
export LC_ALL=C

faces="python3 tests/house/cpp_faces.py"
headers="include/afina.hpp include/afina_mlp.hpp"
check "every function and constant is in the C++ headers, or has a reason" $faces lib/api.json $headers

# What the objects of the tests ask for is what they call: a member that nobody calls is not compiled.
objects=$(printf '%s\n' tests/cpp/test_*.cpp | sed "s|.*|$B/&|; s|cpp\$|o|")
check "the tests are compiled" make -s VARIANT="${B##*/}" $objects
$faces --used lib/api.json $headers | sort >"$work/used"
nm -u $objects | grep -oE '\bafina_\w+' | sort -u >"$work/called"
check "the headers call functions" test "$(wc -l <"$work/used")" -gt 200
check "tests/cpp calls every function that the headers call" empty comm -23 "$work/used" "$work/called"

# A gap is seen: of a face that is gone, of one that a comment alone names, of a new function, of a reason that is old.
finds() { # text API HEADER...
    local text=$1
    shift
    ! $faces "$@" >"$work/said" && cat "$work/said" && grep -qF "$text" "$work/said"
}
sed 's/afina_winner_rows/&_/' include/afina.hpp >"$work/afina.hpp"
check "a face that is gone is missed" finds 'afina_winner_rows() has no face' lib/api.json "$work/afina.hpp" \
    include/afina_mlp.hpp
sed 's/return afina_version();/return 0;/' include/afina.hpp >"$work/afina.hpp"
echo '/* afina_version() */ // afina_version()' >>"$work/afina.hpp"
check "a comment is no face" finds 'afina_version() has no face' lib/api.json "$work/afina.hpp" include/afina_mlp.hpp
sed 's/"name": "afina_ask"/"name": "afina_beg"/; s/"name": "AFINA_TASK_REGRESSION"/"name": "AFINA_TASK_RANKING"/' \
    lib/api.json >"$work/api.json"
check "a new function is missed" finds 'afina_beg() has no face' "$work/api.json" $headers
check "a new constant is missed" finds 'AFINA_TASK_RANKING has no name' "$work/api.json" $headers
echo 'inline void f() { afina_constant_count(); }' >"$work/more.hpp"
check "an old reason is seen" finds 'afina_constant_count() has a face' lib/api.json $headers "$work/more.hpp"
sed 's/"name": "afina_constant_value"/"name": "afina_beg"/' lib/api.json >"$work/api.json"
check "a reason for what is gone is seen" finds 'afina_constant_value(), which has a reason' "$work/api.json" $headers
finish
