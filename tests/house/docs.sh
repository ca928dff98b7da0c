#!/usr/bin/env bash
# What the documents show is true. In README.md, CONTRIBUTING.md, BENCHMARKS.md and docs/**/*.md:
#
#     ```c    a whole program (it has a main) is compiled with warnings as errors
#             and run; a first line /* name.c */ keeps it for later blocks
#     ```cpp  the same in C++17; a first line // name.cpp
#     ```sh   is run, line by line stopping at the first failure
#
# in a scratch folder of the document, with examples/ at hand and afina installed
# for pkg-config. Other tags (```text, ```console, ```json) are not run. Links to
# files of the repository must lead somewhere.
. tests/house/lib.bash

stage=$work/stage
make -s install PREFIX="$stage" >/dev/null || exit 1
export PKG_CONFIG_PATH=$stage/lib/pkgconfig LD_LIBRARY_PATH=$stage/lib PATH=$stage/bin:$PATH
top=$PWD

# Writes each fenced block of $1 to $2/<line>.<tag>.
blocks() {
    awk -v out="$2" '
        /^ *```/ && !inside { tag = $0; sub(/^ *```/, "", tag); inside = 1; file = sprintf("%s/%05d.%s", out, NR, tag)
                              if (tag != "c" && tag != "cpp" && tag != "sh") file = ""; next }
        /^ *```/ && inside  { inside = 0; if (file) close(file); next }
        inside && file      { print >file }' "$1"
}

run_c() { # block name
    $CC -std=c11 -Wall -Wextra -Wpedantic -Werror -o "${2%.c}" "$1" $(pkg-config --cflags --libs afina) -lm && "./${2%.c}"
}

run_cpp() { # block
    g++ -std=c++17 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Werror -o "${1%.cpp}" "$1" \
        $(pkg-config --cflags --libs afina) -lpthread && "${1%.cpp}"
}

links() {
    local target
    grep -oE '\]\([^)#: ]+[^): ]*\)' "$1" | sed -E 's/^\]\(//; s/\)$//; s/#.*//' | sort -u | while read -r target; do
        [ -e "$(dirname "$1")/$target" ] || echo "$1: $target does not exist"
    done
}

for document in README.md CONTRIBUTING.md BENCHMARKS.md $(find docs -name '*.md' | sort); do
    [ -f "$document" ] || continue
    name=$(tr / - <<<"${document%.md}")
    mkdir -p "$work/$name.blocks" "$work/$name"
    blocks "$document" "$work/$name.blocks"
    ln -s "$top/examples" "$work/$name/examples"
    for block in "$work/$name.blocks"/*.*; do
        [ -f "$block" ] || continue
        line=$((10#$(basename "${block%.*}")))
        cd "$work/$name" || exit 1
        case $block in
        *.c)
            if grep -q '\bmain *(' "$block"; then
                program=$(sed -nE '1s|^/\* ([a-z0-9_]+\.c) \*/$|\1|p' "$block")
                program=${program:-block$line.c}
                cp "$block" "$program"
                check "$document:$line the program compiles and runs" run_c "$program" "$program"
            fi
            ;;
        *.cpp) check "$document:$line the program compiles and runs" run_cpp "$block" ;;
        *.sh) check "$document:$line the commands succeed" timeout 120 bash -eu "$block" ;;
        esac
        cd "$top" || exit 1
    done
    check "$document: links lead to files" empty links "$document"
done
# What the page on the architecture names: files and folders, and functions.
missing_files() {
    { grep -oE '`(src|include|lib|tests|docs)/[^` ]+`' "$1" | tr -d '`'
        grep -oE '(src|include)/[a-z_/.]+' "${1%.md}.svg"; } | sort -u | while read -r file; do
        [ -e "$file" ] || echo "$1: $file does not exist"
    done
}
missing_functions() {
    grep -oE '`[a-z_]+\(\)`' "$1" | tr -d '`()' | sort -u | while read -r name; do
        grep -rqwE "$name\(.*" include src || echo "$1: there is no $name()"
    done
}
check "docs/architecture.md: the files and folders exist" empty missing_files docs/architecture.md
check "docs/architecture.md: the functions exist" empty missing_functions docs/architecture.md
check "BENCHMARKS.md is one page" test "$(wc -l <BENCHMARKS.md)" -le 150
finish
