#!/usr/bin/env bash
# The first programs of the documents, exactly as a reader meets them: the page's
# first ```c and ```python blocks are saved in a folder that looks like a clone, its
# ```console blocks are run, and each prints at last what the next ```text block shows.
#
# This happens in a mount namespace of its own, with an empty /usr/local and a
# copy of /etc, so that `make install` and `ldconfig` are what they are on a clean
# machine and leave nothing on this one. Where namespaces are not allowed, only
# the blocks with a PREFIX of their own are run.
. tests/house/lib.bash

for how in "unshare --user --map-root-user --mount" "unshare --mount" ""; do
    [ -z "$how" ] || { $how true 2>/dev/null && break; }
done

# The n-th block of a tag in a document.
block() { # document tag n
    awk -v tag="$2" -v n="$3" '
        /^```/ { inside = !inside; shown = inside && $0 == "```" tag && ++seen == n; next }
        shown' "$1"
}

# The first ```text block after the n-th ```console block.
expected() { # document n
    awk -v n="$2" '
        /^```console$/ { armed = ++seen >= n && !done }
        /^```/ { inside = !inside; shown = inside && armed && !done && $0 == "```text"; if (!inside && was) done = 1; was = shown; next }
        shown' "$1"
}

cat >"$work/root" <<'END'
set -eu
root=$1 block=$2
if [ -n "${NAMESPACE:-}" ]; then
    mount --bind "$root/local" /usr/local
    mount --bind "$root/etc" /etc
    [ ! -d /var/cache/ldconfig ] || mount -t tmpfs none /var/cache/ldconfig
fi
cd "$root/clone"
export HOME="$root/home" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec env -u LD_LIBRARY_PATH -u PKG_CONFIG_PATH -u PKG_CONFIG_SYSROOT_DIR -u CPATH -u LIBRARY_PATH bash -eu "$block"
END

# A machine on which afina never was.
clean() { # root
    mkdir -p "$1/local" "$1/etc" "$1/home" "$1/clone"
    [ -z "$how" ] || cp -a /etc/. "$1/etc" 2>/dev/null || true
    ln -s "$PWD"/* "$1/clone/"
}

prints() { # root block expected
    NAMESPACE=$how $how bash "$work/root" "$1" "$2" >"$work/printed" && tail -n "$(wc -l <"$3")" "$work/printed" | same "$3" -
}

for document in README.md docs/embedding.md; do
    name=$(basename "${document%.md}")
    for n in 1 2 3 4; do
        block "$document" console $n >"$work/$name.$n"
        [ -s "$work/$name.$n" ] || break
        [ -n "$how" ] || ! grep -q '^make install$' "$work/$name.$n" || continue
        expected "$document" $n >"$work/$name.expected$n"
        check "$document: it shows what block $n of commands prints" test -s "$work/$name.expected$n"
        root=$work/$name.root$n
        clean "$root"
        block "$document" c 1 >"$root/clone/first.c"
        block "$document" python 1 >"$root/clone/first.py"
        check "$document: block $n of commands, on a clean machine" prints "$root" "$work/$name.$n" "$work/$name.expected$n"
    done
    check "$document: it has commands" test -s "$work/$name.1"
done
finish
