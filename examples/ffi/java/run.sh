#!/bin/sh
# Compiles the scenario and runs it with JNA, whose jar JNA_JAR names; --version says with which Java.
set -eu
if [ "${1:-}" = --version ]; then
    java --version | sed -n '1s/^[a-z]* \([^ ]*\).*/\1/p'
    exit
fi
. "$(dirname "$0")/../setup.sh"
jar=${JNA_JAR:-/usr/share/java/jna.jar}
javac -Xlint:all -cp "$jar" -d "$OUT" afina/*.java Scenario.java
# Debian keeps the native half of JNA in a folder of its own.
exec java -Djna.library.path="$LIBDIR" -Djna.boot.library.path="$(echo /usr/lib/*/jni)" -cp "$jar:$OUT" Scenario
