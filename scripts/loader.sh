#!/bin/sh
# loader.sh LIBDIR: after an installation, makes the shared library known to the loader where it
# looks into that folder, and says what a program needs where it does not.
set -eu
PATH=$PATH:/usr/sbin:/sbin
libdir=$1

# The folders that the loader searches.
searched() { ldconfig -v -N -X 2>/dev/null | sed -n 's|^\(/[^:]*\):.*|\1|p' | while read -r folder; do realpath -m "$folder"; done; }

if searched | grep -qxF "$(realpath -m "$libdir")"; then
    if [ "$(id -u)" = 0 ]; then
        ldconfig
    else
        echo "Installed. Run ldconfig as root: then the loader knows the library in $libdir."
    fi
else
    echo "Installed where neither pkg-config nor the loader looks. A program is built with"
    echo "    export PKG_CONFIG_PATH=\"$libdir/pkgconfig\""
    echo "    cc program.c \$(pkg-config --cflags --libs afina) -Wl,-rpath,\"$libdir\""
fi
