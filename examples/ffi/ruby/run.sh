#!/bin/sh
# Runs the scenario with Ruby; --version says with which.
set -eu
if [ "${1:-}" = --version ]; then
    ruby -e 'puts RUBY_VERSION'
    exit
fi
. "$(dirname "$0")/../setup.sh"
exec ruby -W scenario.rb
