#!/usr/bin/env bash
# deb.sh FOLDER VERSION: builds the Debian packages in FOLDER from what git tracks (or all there is, in a
# tree without git), has lintian look at them, and tries them out as debian/tests does: installed
# by dpkg into a system that a namespace keeps apart from this one, run, and removed again.
set -euo pipefail
folder=$(realpath -m "$1") version=$2 top=$PWD
tree=$folder/afina-$version

rm -rf "$folder"
mkdir -p "$tree"
{ git ls-files -z --cached --others --exclude-standard 2>/dev/null || find . -path ./build -prune -o -type f -print0; } |
    while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
    tar --null --files-from=- --create --file=- | tar -x -C "$tree" -f -
export PATH=/usr/sbin:/usr/bin:/sbin:/bin # a Python of the user's own is none of the packages
date=$(dpkg-parsechangelog -l debian/changelog -S Timestamp)
tar --sort=name --mtime="@$date" --owner=0 --group=0 --numeric-owner --exclude=./debian \
    --transform="s|^\.|afina-$version|" -C "$tree" -czf "$folder/afina_$version.orig.tar.gz" .

cd "$tree"
if ! env -u CI -u MAKEFLAGS -u MFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc "-j${JOBS:-2}" >"$folder/build.log" 2>&1; then
    tail -n 60 "$folder/build.log"
    exit 1
fi
cd "$folder"
ls -1 ./*.deb
lintian --fail-on error --tag-display-limit 0 ./*.changes

# Without a namespace that may lay a layer over /usr, the packages are unpacked into a folder.
program=$tree/debian/tests/first-program
mapfile -t packages < <(printf '%s\n' ./*.deb | grep -v dbgsym)
for isolated in "unshare --mount" "unshare --user --map-root-user --mount" ""; do
    [ -z "$isolated" ] || { $isolated bash "$top/scripts/deb-try.sh" true 2>/dev/null && break; }
done
if [ -n "$isolated" ]; then
    $isolated bash "$top/scripts/deb-try.sh" "$program" "${packages[@]}"
else
    for package in "${packages[@]}"; do dpkg -x "$package" "$folder/root"; done
    libdir=$(dirname "$folder"/root/usr/lib/*/libafina.a)
    PKG_CONFIG_SYSROOT_DIR=$folder/root PKG_CONFIG_PATH=$libdir/pkgconfig PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
        PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 LD_LIBRARY_PATH=$libdir PYTHONPATH=$folder/root/usr/lib/python3/dist-packages \
        "$program"
    echo "unpacked and run; no namespace is allowed here to install them in"
fi
