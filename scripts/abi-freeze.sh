#!/bin/sh
# abi-freeze.sh LIBRARY INCLUDE FOLDER: what a program is built on today, for tests/house/abi_consumers.sh of all later
# releases: the headers without comments, and each exported function with its node. Done once for a release; what stands
# in the node AFINA_EXPERIMENTAL is not kept.
set -eu
library=$1 include=$2 folder=$3
export LC_ALL=C
mkdir -p "$folder"
for header in afina afina_mlp; do
    ${CC:-cc} -fpreprocessed -dD -E -P "$include/$header.h" >"$folder/$header.h"
done
nm -D --defined-only --with-symbol-versions "$library" | sed -n 's/^.* T \([^@]*\)@@*\(.*\)$/\1 \2/p' |
    grep -v ' AFINA_EXPERIMENTAL$' | sort >"$folder/symbols"
