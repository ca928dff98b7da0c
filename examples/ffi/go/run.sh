#!/bin/sh
# Builds the scenario with Go and runs it; --version says with which.
set -eu
if [ "${1:-}" = --version ]; then
    go env GOVERSION
    exit
fi
. "$(dirname "$0")/../setup.sh"
# No module is fetched: go.mod names none.
export GOTOOLCHAIN=local
go vet ./...
go build -o "$OUT/scenario" .
exec "$OUT/scenario"
