#!/usr/bin/env bash
# Ctrl-C on `make check` ends everything that it started: the signal goes to the
# process group of the terminal, as here to that of make.
. tests/house/lib.bash

# Two tests that would run for ever, each with a process of its own in the background.
for name in first second; do
    cat >"$work/$name" <<END
#!/bin/sh
sleep 10000 &
echo \$! \$\$ >"$work/$name.pids"
sleep 10001
END
    chmod +x "$work/$name"
done

# A shell without job control starts its background processes with SIGINT ignored.
env --default-signal=INT,QUIT setsid make -s check-built B="$work/build" JOBS=2 TEST_BIN="$work/first $work/second" \
    EXAMPLE_BIN= HOUSE_TESTS= >"$work/out" 2>&1 &
make=$!
until [ -s "$work/first.pids" ] && [ -s "$work/second.pids" ] || ! kill -0 $make 2>/dev/null; do sleep 0.1; done
check "two tests are running" test -s "$work/second.pids"
kill -INT -- -$make
wait $make
check "make ends with an error" test $? != 0

alive() { [ -d "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
survivors() {
    local pid
    for pid in $(cat "$work"/*.pids) $(ps -eo pgid=,pid= | awk -v group="$make" '$1 == group { print $2 }'); do
        ! alive "$pid" || echo "$pid $(tr '\0' ' ' <"/proc/$pid/cmdline")"
    done
}
for _ in $(seq 50); do
    [ -n "$(survivors)" ] || break
    sleep 0.2
done
check "nothing of it is left" empty survivors
kill -KILL $(survivors | cut -d' ' -f1) 2>/dev/null
finish
