#!/usr/bin/env bash
# deb-try.sh PROGRAM PACKAGE...: in a mount namespace of its own, lays a writable layer over the system,
# installs the packages, runs the program, removes the packages, and compares what is there with
# what was there before.
set -euo pipefail
program=$1
shift

layers=$(mktemp -d)
mount -t tmpfs none "$layers"
for place in usr etc var; do
    mkdir -p "$layers/$place/up" "$layers/$place/work"
    mount -t overlay overlay -o "lowerdir=/$place,upperdir=$layers/$place/up,workdir=$layers/$place/work" "/$place"
done
[ $# -gt 0 ] || exec "$program"

# What the layers hold that was not there before, but for what dpkg and its triggers write for themselves.
left() {
    (cd "$layers" && find usr/up etc/up var/up \( -type f -o -type l \)) | sed 's|/up/|/|' |
        grep -vE '^(etc/ld\.so\.cache|var/(lib/dpkg|cache|log|lib/systemd)/)|__pycache__|/usr/share/info/dir' || true
    ls /var/lib/dpkg/info | grep -E '^(libafina|python3-afina|afina)' || true
}

export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
mapfile -t names < <(for package; do dpkg-deb --field "$package" Package; done)
dpkg --purge "${names[@]}" >/dev/null 2>&1 || true
dpkg --install "$@"
"$program"
man afina_ask | head -n 30 | grep -q 'int32_t afina_ask'
! find /usr/share/doc/afina -xtype l | grep .
dpkg --purge "${names[@]}"
left >"$layers/left"
[ ! -s "$layers/left" ] || { echo "left behind:"; cat "$layers/left"; exit 1; } >&2
echo "installed, run and removed: ${names[*]}"
