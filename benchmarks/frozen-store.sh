#!/bin/sh
# How long after their deadline does a server answer calls whose store has frozen? Seen by callers and by the server itself.
#
#   benchmarks/frozen-store.sh [RATE [DEADLINE_MS]]      default: 2000 calls a second, each with a deadline of 50 ms
#
# Redis, a server without near cache and the load driver are processes of their own. The driver calls at random moments, keeps
# no deadline of its own, and counts from the moment a call was due; after eight seconds Redis is stopped (SIGSTOP) for five.
# Needs redis-server and curl. Starts what it measures and ends it by process id. PENSTOCK names the command (default: ./penstock of
# these sources); PORT the first of three ports (default: 17350).
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
penstock=${PENSTOCK:-$here/../penstock}
rate=${1:-2000}
deadline=${2:-50}
port=${PORT:-17350}
for tool in redis-server curl; do
    command -v $tool >/dev/null || { echo "frozen-store.sh: $tool is not on the PATH" >&2; exit 2; }
done

tmp=$(mktemp -d)
pids=
redis=
end() {
    trap - EXIT
    [ -z "$redis" ] || kill -CONT "$redis" 2>/dev/null || true
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    for pid in $pids; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$tmp"
}
trap end EXIT
trap 'exit 130' INT TERM HUP PIPE

store=redis://127.0.0.1:$port
server=127.0.0.1:$((port + 1)); pages=127.0.0.1:$((port + 2))
redis-server --port "$port" --bind 127.0.0.1 --save '' --maxmemory-policy noeviction --dir "$tmp" >"$tmp/redis" & redis=$!
pids="$pids $redis"
sleep 1
"$penstock" bench data --store "$store" --rows 200000 --value-bytes 200 --json >"$tmp/data"
(PENSTOCK_EVENT_LOOPS=1 PENSTOCK_CACHE_MAX_BYTES=0 PENSTOCK_SHUTDOWN_LAME_DUCK=0s exec "$penstock" serve --store "$store" \
    --listen $server --http $pages --json) >"$tmp/serve" 2>&1 & pids="$pids $!"
tries=0
until curl -sf "http://$pages/readyz" >/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "frozen-store.sh: the server did not get ready: $(cat "$tmp/serve")" >&2; exit 5; }
    sleep 0.2
done
load() {
    "$penstock" bench load items.v1 --server $server --keys 0..199999 --distribution uniform --deadline "${deadline}ms" \
        --waiting sleep "$@"
}
load --in-flight 64 --warm-up 5s --duration 5s >/dev/null
load --rate "$rate" --warm-up 5s --duration 20s >"$tmp/load" 2>&1 & driver=$!
sleep 14
ticks() { awk '/^cpu / { print $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9, $9 }' /proc/stat; }
before=$(ticks)
kill -STOP "$redis"
sleep 5
kill -CONT "$redis"
stolen=$(echo "$before $(ticks)" | awk '{ printf "%.1f", 100 * ($4 - $2) / ($3 - $1) }')
wait $driver || true

echo "# A frozen store: calls past their deadline"
echo
echo "- date: $(date -u +%Y-%m-%dT%H:%MZ), commit $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)"
echo "- $rate calls/s, deadline $deadline ms, Redis stopped for 5 s of 20; what failed (µs) is to be compared with the deadline"
echo "- meanwhile the machine's host took $stolen % of the processors' time away"
echo
sed -n '/^machine/,$p' "$tmp/load" | sed 's/^/    /'
echo
echo "The server itself, calls by how late it ended them:"
echo
curl -s "http://$pages/metrics" | grep '^penstock_deadline_overrun_seconds' | sed 's/^/    /'
