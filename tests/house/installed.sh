#!/usr/bin/env bash
# What `make install` leaves besides the libraries: a manual that man finds, documents whose links
# lead somewhere in the installed tree; and `make uninstall` takes away what it made, folders too.
. tests/house/lib.bash

stage=$work/stage
check "make install" make -s install PREFIX=/opt/afina DESTDIR="$stage"
root=$stage/opt/afina
documents=$root/share/doc/afina

check "man finds the page of a function" sh -c "MANPATH='$root/share/man' MANPAGER=cat man afina_ask | grep -q 'int32_t afina_ask(afina_optimizer'"
check "and that of one with others on its page" sh -c "MANPATH='$root/share/man' MANPAGER=cat man afina_space_add_ordinal | grep -q 'afina_space_add_ordinal(afina_space'"

# Targets of Markdown links that are not there, and of pictures in HTML.
dead() {
    local document target
    find "$documents" -name '*.md' | sort | while read -r document; do
        { grep -oE '\]\([^) ]+\)' "$document" | sed -E 's/^\]\(//; s/\)$//'
            grep -oE '(src|href)="[^"]+"' "$document" | sed -E 's/^[a-z]+="//; s/"$//'; } | sort -u | while read -r target; do
            case $target in *://* | mailto:* | '#'*) continue ;; esac
            [ -e "$(dirname "$document")/${target%%#*}" ] || echo "${document#"$documents"/}: $target"
        done
    done
}
check "there are documents" test -f "$documents/README.md" -a -f "$documents/docs/methods/gp.md" -a -f "$documents/examples/quickstart.c"
check "no link of an installed document is dead" empty dead
check "a link to the header leads to the installed one" sh -c "
    cd '$documents/docs' && test -f \"\$(grep -oE '[./a-z]+/include/afina.h' README.md | head -n 1)\""
echo '[gone](gone.md)' >>"$documents/docs/README.md"
check "this test sees a dead link" sh -c "! ( [ -z \"\$($(declare -f dead); documents='$documents'; dead)\" ] )"

# Everything is readable to all, whatever the umask of who installs.
check "make install with a strict umask" sh -c "umask 077 && make -s install PREFIX=/opt/strict DESTDIR='$stage'"
check "all files are readable to everybody" empty find "$stage/opt/strict" ! -type l ! -perm -o+r
check "all folders can be entered by everybody" empty find "$stage/opt/strict" -type d ! -perm -o+x

make -s uninstall PREFIX=/opt/strict DESTDIR="$stage"
check "make uninstall" make -s uninstall PREFIX=/opt/afina DESTDIR="$stage"
check "uninstall leaves nothing behind, no folder either" test ! -e "$stage"

# Where folders were there before, they stay.
mkdir -p "$stage/usr/local/lib" "$stage/usr/local/include" "$stage/usr/local/share/doc/other"
find "$stage" | sort >"$work/before"
make -s install DESTDIR="$stage" && make -s install DESTDIR="$stage"
check "uninstall after two installations" make -s uninstall DESTDIR="$stage"
find "$stage" | sort >"$work/after"
check "leaves the folders that were there before" same "$work/before" "$work/after"

# Without DESTDIR, where a packager or a user says; what a program needs there is said, and suffices.
own=$work/own
places=(PREFIX="$own/p" LIBDIR="$own/lib64" INCLUDEDIR="$own/h" MANDIR="$own/m" DOCDIR="$own/d")
check "make install, each kind of file in a folder of its own" sh -c '"$@" >"$0"' "$work/said" make -s install "${places[@]}"
check "the libraries, headers, pages and documents are there" test -f "$own/lib64/libafina.so" -a -f "$own/h/afina.h" \
    -a -f "$own/m/man3/afina_ask.3" -a -f "$own/d/docs/README.md"
check "and the prefix stays empty" test ! -e "$own/p"
printf '#include <afina.h>\nint main(void) { return afina_version_number() < 100; }\n' >"$work/program.c"
sed -n 's/^    //p' "$work/said" >"$work/recipe"
check "what make install says to do builds a program that finds the library" sh -eu -c '
    cd "$1" && test "$(wc -l <recipe)" = 2 && . ./recipe && ./a.out' sh "$work"
check "make uninstall" make -s uninstall "${places[@]}"
check "leaves nothing behind" test ! -e "$own"
finish
