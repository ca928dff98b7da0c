#!/usr/bin/env bash
# The page of gp lists its proposers as src/method/gp.c does: the same names in the same order.
. tests/house/lib.bash

sed -nE 's/^    \{"([a-z ]+)", [a-z_]+(_due)?, propose_[a-z_]+\},$/\1/p; s/^    \{"([a-z ]+)", NULL, propose_[a-z_]+\},$/\1/p' \
    src/method/gp.c >"$work/table"
sed -n '/^| proposer /,/^$/p' docs/methods/gp.md | sed -nE '3,$s/^\| ([a-z ]+) \|.*/\1/p' >"$work/page"
check "gp.c has a table of proposers" [ -s "$work/table" ]
check "docs/methods/gp.md lists them in their order" same "$work/table" "$work/page"
finish
