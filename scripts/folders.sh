#!/bin/sh
# The folders of an installation. `make install` may have to make some, and `make uninstall` takes
# away these and no others: an empty /usr/local/include that was there before stays.
#
#     folders.sh make DESTDIR RECORD FOLDER...    makes them and writes down which were new
#     folders.sh remove DESTDIR RECORD            removes those that are empty, and the record
set -eu
export LC_ALL=C
umask 022

action=$1 destdir=$2 record=$2$3
shift 3

# The folder and those that it is in, as far as they are not there.
missing() { # folder
    at=$1
    while [ -n "$destdir$at" ] && [ ! -d "$destdir$at" ]; do
        printf '%s\n' "${at:-/}"
        [ -n "$at" ] || break
        at=${at%/*}
    done
}

case $action in
make)
    new=$(for folder; do missing "$folder"; done)
    for folder; do mkdir -p "$destdir$folder"; done
    # Reversed, a folder comes before the one that it is in.
    { cat "$record" 2>/dev/null || true; printf '%s\n' "$new"; } | grep . | sort -ur >"$record.new" || true
    mv "$record.new" "$record"
    ;;
remove)
    [ -f "$record" ] || exit 0
    folders=$(cat "$record")
    rm -f "$record"
    printf '%s\n' "$folders" | while IFS= read -r folder; do
        [ ! -d "$destdir$folder" ] || rmdir --ignore-fail-on-non-empty "$destdir$folder"
    done
    ;;
*)
    echo "folders.sh: make or remove, not $action" >&2
    exit 2
    ;;
esac
