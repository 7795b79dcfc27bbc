#!/bin/sh
# penstock bench goals, its load driver before everybody else on the processors.
#
#   benchmarks/goals.sh [ARGUMENTS OF penstock bench goals]
#
# On two cores the driver shares them with what it measures, and a driver that is late makes a round invalid. Linux lets root say that
# a thread goes first: the driver's (load-…) get priority -15 as they appear. Without root this is the plain command.
# PENSTOCK names the command (default: ./penstock of these sources). DRIVER=realtime gives the driver's threads a real-time priority
# instead, for p99s under a moderate load (batch-p99, swap, publish-reads, warmup); not for saturation, where Linux stops a real-time
# thread that never sleeps, and so not for hit-p99, which looks for the rate to measure at.
set -eu

first() {
    case ${DRIVER:-} in
        realtime) chrt --fifo -p 5 "$1" ;;
        *) renice -n -15 -p "$1" ;;
    esac >/dev/null 2>&1 || true
}

penstock=${PENSTOCK:-$(dirname "$0")/../penstock}
"$penstock" bench goals "$@" & driver=$!
trap 'kill $driver 2>/dev/null' INT TERM HUP
seen=" "
while kill -0 $driver 2>/dev/null; do
    for comm in $(grep -l '^load-' /proc/$driver/task/*/comm 2>/dev/null); do
        thread=$(basename "$(dirname "$comm")")
        case "$seen" in
            *" $thread "*) ;;
            *) first "$thread"; seen="$seen$thread " ;;
        esac
    done
    sleep 0.4
done
wait $driver
