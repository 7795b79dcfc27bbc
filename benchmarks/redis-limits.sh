#!/bin/sh
# What Redis itself takes, without Penstock: the limit of the goals "batch-p99" and "scale".
#
#   benchmarks/redis-limits.sh [LARGE [FILE]]      default: 6000000 values in the large Redis; the results go to standard output, or to FILE
#
# Two Redis servers hold values as large as sealed buckets (1,300 bytes): one so few that they stay in the processor's caches, one as many as
# 10⁸ rows of the benchmark "scale" have buckets. redis-benchmark (part of Redis) asks for random ones: GET of one and MGET of 100, one
# at a time and many at a time, five rounds by turns. Needs redis-server, redis-benchmark and, for the default, 9 GB of memory. Starts what it
# measures and ends it by process id. PORT: the first of two ports (default: 17400).
set -eu

large=${1:-6000000}
small=2000
bytes=1300
port=${PORT:-17400}
[ $# -lt 2 ] || exec >"$2"

for tool in redis-server redis-benchmark; do
    command -v $tool >/dev/null || { echo "redis-limits.sh: $tool is not on the PATH" >&2; exit 2; }
done

tmp=$(mktemp -d)
pids=
end() {
    trap - EXIT
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    for pid in $pids; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$tmp"
}
trap end EXIT
trap 'exit 130' INT TERM HUP PIPE

# PORT COUNT: holds about 86 % of COUNT names; the others are answered nil, equally many in both.
hold() {
    redis-server --port "$1" --bind 127.0.0.1 --save '' --maxmemory-policy noeviction --dir "$tmp" >"$tmp/$1" & pids="$pids $!"
    until redis-cli -p "$1" ping >/dev/null 2>&1; do sleep 0.1; done
    redis-benchmark -p "$1" -r "$2" -n $((2 * $2)) -P 64 -c 8 -d $bytes -t set -q >/dev/null
}
hold "$port" $small
hold $((port + 1)) "$large"

hundred=
for i in $(seq 100); do hundred="$hundred key:__rand_int__"; done

# PORT COUNT CLIENTS PIPELINE CALLS COMMAND...: calls a second, p50 and p99 in ms
ask() {
    redis-benchmark -p "$1" -r "$2" -c "$3" -P "$4" -n "$5" --csv ${6+"$6"} ${7+$7} | awk -F'"' 'NR == 2 { print $4, $10, $14 }'
}
echo "redis      $(redis-server --version | cut -d' ' -f3), $(nproc) processors, $(date -u +%Y-%m-%dT%H:%M:%SZ)"
echo "held       $(redis-cli -p "$port" dbsize) and $(redis-cli -p $((port + 1)) dbsize) values of $bytes bytes"
echo "columns    calls/s, p50 ms, p99 ms"
for round in 1 2 3 4 5; do
    for place in "$port $small" "$((port + 1)) $large"; do
        set -- $place
        echo "round $round, of $2: GET alone $(ask "$1" "$2" 1 1 30000 GET key:__rand_int__)"
        echo "round $round, of $2: MGET-100 alone $(ask "$1" "$2" 1 1 6000 MGET "$hundred")"
        echo "round $round, of $2: GET 16 x 8 $(ask "$1" "$2" 8 16 1000000 GET key:__rand_int__)"
    done
done
