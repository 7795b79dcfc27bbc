#!/bin/sh
# The goals "hit" and "miss" seen from outside: h2load, a load generator in C that shares no code with Penstock, against a
# server that has all rows in its near cache, one without a near cache on Redis, and the bare echo of the same bytes.
#
#   benchmarks/h2load.sh [ROUNDS [SECONDS [FILE]]]      default: 5 rounds of 4 s; the results go to standard output, or to FILE
#
# Every call asks for another row of 100,000 (h2load/vary_key.c, preloaded into h2load, also when it drives the echo), one event loop a
# server, 8 connections with 16 calls each. Rounds alternate: echo, hit, echo, miss. h2load does not see gRPC's status, so the
# servers' own counters are read around each run: what they did not answer with FOUND is shown.
# Needs h2load (nghttp2-client), cc, redis-server and curl. Starts what it measures and ends it by process id.
# PENSTOCK names the command (default: ./penstock of these sources); PORT the first of five ports (default: 17300).
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
penstock=${PENSTOCK:-$here/../penstock}
rounds=${1:-5}
seconds=${2:-4}
port=${PORT:-17300}
warm=${WARM_UP:-20}
[ $# -lt 3 ] || exec >"$3"

for tool in h2load cc redis-server curl; do
    command -v $tool >/dev/null || { echo "h2load.sh: $tool is not on the PATH" >&2; exit 2; }
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

store=redis://127.0.0.1:$port
hit=127.0.0.1:$((port + 1)); hit_pages=127.0.0.1:$((port + 2))
miss=127.0.0.1:$((port + 3)); miss_pages=127.0.0.1:$((port + 4))

cc -O2 -shared -fPIC -o "$tmp/vary_key.so" "$here/h2load/vary_key.c"
redis-server --port "$port" --bind 127.0.0.1 --save '' --maxmemory-policy noeviction --dir "$tmp" >"$tmp/redis" & pids="$pids $!"
sleep 1
"$penstock" bench data --store "$store" --rows 200000 --value-bytes 200 --json >"$tmp/data"
serve() {
    PENSTOCK_EVENT_LOOPS=1 PENSTOCK_SHUTDOWN_LAME_DUCK=0s PENSTOCK_CACHE_MAX_BYTES=$1 exec "$penstock" serve --store "$store" \
        --listen "$2" --http "$3" --json
}
serve 1GiB $hit $hit_pages >"$tmp/hit" 2>&1 & pids="$pids $!"
serve 0 $miss $miss_pages >"$tmp/miss" 2>&1 & pids="$pids $!"
ready() {
    tries=0
    until curl -sf "http://$1/readyz" >/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { echo "h2load.sh: the server at $1 did not get ready: $(cat "$tmp/hit" "$tmp/miss")" >&2; exit 5; }
        sleep 0.2
    done
}
ready $hit_pages
ready $miss_pages
"$penstock" bench load items.v1 --server $hit --keys 100000..199999 --in-flight 1 --save-body "$tmp/body"
"$penstock" bench echo --event-loops 1 --response-of $hit --body "$tmp/body" --json >"$tmp/echo" 2>&1 & pids="$pids $!"
tries=0
until echo_at=$(grep -o '127\.0\.0\.1:[0-9]*' "$tmp/echo" | head -n 1) && [ -n "$echo_at" ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "h2load.sh: the echo did not start: $(cat "$tmp/echo")" >&2; exit 5; }
    sleep 0.2
done

ticks() { awk '/^cpu / { print $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9, $9 }' /proc/stat; }
# drive SERVER SECONDS WARM-UP: requests a second
drive() {
    VARY_DIGITS=6 LD_PRELOAD=$tmp/vary_key.so h2load -c8 -m16 -t1 -D "$2" --warm-up-time "$3" -d "$tmp/body" \
        -H 'content-type: application/grpc' -H 'te: trailers' \
        "http://$1/penstock.serving.v1.ServingService/Get" >"$tmp/h2load"
    sed -n 's/^finished in .*, \([0-9.]*\) req\/s.*/\1/p' "$tmp/h2load"
}
# A counter of a server, summed over labels. FOUND = look-ups answered with a row, ALL = all of them
count() {
    curl -s "http://$1/metrics" | awk -v what="$2" '
        /^penstock_requests_seconds_count/ && (what == "ALL" || index($0, "outcome=\"FOUND\"")) { sum += $NF }
        what == "HITS" && /^penstock_cache_hits_total/ { hits += $NF }
        what == "MISSES" && /^penstock_cache_misses_total/ { hits += $NF }
        END { printf "%.0f\n", what == "HITS" || what == "MISSES" ? hits : sum }'
}
# measured NAME SERVER PAGES: drives and says what was answered; sets $rate and $odd
measured() {
    all=$(count "$3" ALL); found=$(count "$3" FOUND); hits=$(count "$3" HITS); misses=$(count "$3" MISSES)
    rate=$(drive "$2" "$seconds" 1)
    all=$(($(count "$3" ALL) - all)); found=$(($(count "$3" FOUND) - found))
    hits=$(($(count "$3" HITS) - hits)); misses=$(($(count "$3" MISSES) - misses))
    odd="$((all - found)) of $all not FOUND; near cache $hits hits, $misses misses"
}

echo "# h2load: hit, miss and echo"
echo
echo "- date: $(date -u +%Y-%m-%dT%H:%MZ), commit $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)"
echo "- machine: $(uname -sr), $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1); servers, Redis and h2load share them"
echo "- java: $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1), flags of the launcher ${PENSTOCK_JAVA_OPTS:-}"
echo "- $(redis-server --version | cut -d ' ' -f 1-3), no persistence; $(h2load --version)"
echo "- 200,000 rows of 200 bytes, uniform keys over 100,000 of them; $rounds rounds of $seconds s after $warm s of warm-up each"
echo "- each run: h2load -c8 -m16 -t1 -D $seconds --warm-up-time 1 -d body -H 'content-type: application/grpc' -H 'te: trailers' http://…/penstock.serving.v1.ServingService/Get"
echo
"$penstock" bench load items.v1 --server $hit --keys 100000..199999 --distribution uniform --batch 200 --in-flight 16 \
    --warm-up 1s --duration 10s >"$tmp/fill" # every row is asked for, and cached, long before the rounds
for server in "$echo_at" $hit $miss; do drive "$server" "$warm" 1 >/dev/null; done

echo "| round | echo, req/s | hit, req/s | hit ÷ echo | echo, req/s | miss, req/s | miss ÷ echo | |"
echo "|---|---|---|---|---|---|---|---|"
: >"$tmp/ratios"
round=1
before=$(ticks)
while [ "$round" -le "$rounds" ]; do
    echo1=$(drive "$echo_at" "$seconds" 1)
    measured hit $hit $hit_pages
    hit_rate=$rate; hit_odd=$odd
    echo2=$(drive "$echo_at" "$seconds" 1)
    measured miss $miss $miss_pages
    awk -v n="$round" -v e1="$echo1" -v h="$hit_rate" -v e2="$echo2" -v m="$rate" -v why="hit: $hit_odd; miss: $odd" \
        'BEGIN { printf "| %d | %.0f | %.0f | %.3f | %.0f | %.0f | %.3f | %s |\n", n, e1, h, h / e1, e2, m, m / e2, why }'
    awk -v e1="$echo1" -v h="$hit_rate" -v e2="$echo2" -v m="$rate" 'BEGIN { print h / e1, m / e2 }' >>"$tmp/ratios"
    round=$((round + 1))
done
median() {
    cut -d ' ' -f "$1" "$tmp/ratios" | sort -n | awk '{ v[NR] = $1 }
        END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; printf "%.2f [%.2f–%.2f]\n", m, v[1], v[NR] }'
}
echo
echo "- meanwhile the machine's host took $(echo "$before $(ticks)" | awk '{ printf "%.1f", 100 * ($4 - $2) / ($3 - $1) }') % of the processors' time away"
echo "- hit ÷ echo, median [range]: $(median 1) (goal ≥ 0.90)"
echo "- miss ÷ echo, median [range]: $(median 2) (goal ≥ 0.75)"
