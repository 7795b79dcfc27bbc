#!/bin/sh
# What does each store give? Publishing and reading, beside the bare echo of the same bytes in the same run.
#
#   benchmarks/stores.sh [ROWS [STORE...]]      default: 1000000 rows; lmdb redis
#
# A store is lmdb (in a folder), redis (one that is started), or a URL such as
# 'cassandra://127.0.0.1/bench?dc=datacenter1&replication=1', which has to be empty; what is written there stays.
# Each gets ROWS rows of 200 bytes and is then served by one event loop without a near cache, for uniform keys:
# single look-ups and batches of 100, at a fixed rate (open loop, latency from the moment a call was due) and as many as go
# (closed loop). Needs python3, curl, and redis-server for Redis. Starts what it measures and ends it by process id.
# PENSTOCK names the command (default: ./penstock of these sources); TMPDIR the place for LMDB; PORT the first of five ports
# (default: 17400); SECONDS_EACH how long each figure is measured, three times (default: 5).
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
penstock=${PENSTOCK:-$here/../penstock}
rows=${1:-1000000}
[ $# -eq 0 ] || shift
case $rows in *[!0-9]* | '') echo "stores.sh: ROWS: $rows (expected: a number)" >&2; exit 2 ;; esac
port=${PORT:-17400}
seconds=${SECONDS_EACH:-5}
for tool in python3 curl redis-server redis-cli; do
    command -v $tool >/dev/null || { echo "stores.sh: $tool is not on the PATH" >&2; exit 2; }
done
"$penstock" --version >/dev/null # builds it, if that is needed

# As root the driver goes first on the processors, so that its clock is not late.
first=
[ "$(id -u)" -ne 0 ] || first="nice -n -15"

tmp=$(mktemp -d)
pids=
stop() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    for pid in $pids; do wait "$pid" 2>/dev/null || true; done
    pids=
}
end() {
    trap - EXIT
    stop
    rm -rf "$tmp"
}
trap end EXIT
trap 'exit 130' INT TERM HUP PIPE
fail() { echo "stores.sh: $1: $(tail -n 20 "$2")" >&2; exit 5; }

server=127.0.0.1:$((port + 1)); pages=127.0.0.1:$((port + 2))
keys=0..$((rows - 1))
service=penstock.serving.v1.ServingService

echo_of() { # method body: starts an echo of the server's answer, its address in $echo_at
    "$penstock" bench echo --event-loops 1 --method "$service/$1" --response-of $server --body "$2" --json >"$tmp/echo.$1" 2>&1 &
    pids="$pids $!"
    tries=0
    until echo_at=$(grep -o '127\.0\.0\.1:[0-9]*' "$tmp/echo.$1" | head -n 1) && [ -n "$echo_at" ]; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || fail "the echo did not start" "$tmp/echo.$1"
        sleep 0.2
    done
}
compare() { # name echo options: the comparison's JSON in $tmp/name
    name=$1; peer=$2; shift 2
    $first "$penstock" bench load items.v1 --server $server --peer "echo=$peer" --keys "$keys" --distribution uniform --rounds 3 \
        --warm-up 3s --duration "${seconds}s" --waiting sleep --json "$@" >"$tmp/$name" 2>"$tmp/problems" || cat "$tmp/problems" >&2
}

measure() { # name URL bytes: prints a line of the table; the last is a command that prints the bytes that the store takes
    "$penstock" bench data --store "$2" --rows "$rows" --value-bytes 200 --json >"$tmp/data" 2>"$tmp/out" || fail "publishing to $1" "$tmp/out"
    taken=$($3)
    PENSTOCK_EVENT_LOOPS=1 PENSTOCK_SHUTDOWN_LAME_DUCK=0s PENSTOCK_CACHE_MAX_BYTES=0 "$penstock" serve --store "$2" \
        --listen $server --http $pages --json >"$tmp/serve" 2>&1 & pids="$pids $!"
    tries=0
    until curl -sf "http://$pages/readyz" >/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || fail "the server on $1 did not get ready" "$tmp/serve"
        sleep 0.2
    done
    "$penstock" bench load items.v1 --server $server --keys "$keys" --in-flight 1 --save-body "$tmp/get"
    "$penstock" bench load items.v1 --server $server --keys "$keys" --batch 100 --in-flight 1 --save-body "$tmp/batch"
    echo_of Get "$tmp/get"; get_echo=$echo_at
    echo_of BatchGet "$tmp/batch"; batch_echo=$echo_at
    compare gets "$get_echo" --in-flight 128
    compare get "$get_echo" --rate 2000
    compare batches "$batch_echo" --batch 100 --in-flight 32
    compare batch "$batch_echo" --batch 100 --rate 100
    stop
    python3 - "$tmp" "$1" "$taken" <<'PYTHON'
import json, sys
tmp, store, taken = sys.argv[1:]
def load(name):
    return json.load(open(f"{tmp}/{name}"))
def figures(name):
    server, echo = load(name)["rows"]
    return server, echo
published = load("data")
gets, gets_echo = figures("gets")
get, get_echo = figures("get")
batches, batches_echo = figures("batches")
batch, batch_echo = figures("batch")
def calls(row):
    return row["calls_per_second"]["median"]
def micros(row, which):
    return row[which]["median"]
cells = [
    store,
    f'{published["rows"] / published["seconds_to_commit"]:,.0f}',
    f'{published["blob_bytes_written"] / published["rows"]:.0f}' + (f', {int(taken) / published["rows"]:.0f}' if taken else ""),
    f'{calls(gets):,.0f} ({calls(gets) / calls(gets_echo):.2f})',
]
for name, row, echo in (("get", get, get_echo), ("batch", batch, batch_echo)):
    problems = load(name)["problems"]
    cells.append(", ".join(
        f'{micros(row, which):,.0f} ({micros(row, which) / micros(echo, which):.2f})' for which in ("p50_micros", "p99_micros"))
        + (" *" if problems else ""))
outcomes = [run["outcomes"] for run in batches["runs"]]
found = sum(run.get("FOUND", 0) for run in outcomes) / sum(sum(run.values()) for run in outcomes)
cells.insert(5, f'{100 * calls(batches) * found:,.0f} ({calls(batches) * found / calls(batches_echo):.2f})')
odd = {}
for name in ("gets", "get", "batches", "batch"):
    for run in load(name)["rows"][0]["runs"]:
        for key, count in list(run["statuses"].items()) + list(run["outcomes"].items()):
            if key not in ("OK", "FOUND"):
                odd[key] = odd.get(key, 0) + count
cells.append(", ".join(f"{count} {key}" for key, count in odd.items()) or "none")
print("| " + " | ".join(cells) + " |", flush=True)
PYTHON
}

lmdb_bytes() { du -sk "$tmp/store" | awk '{ print $1 * 1024 }'; }
used() { redis-cli -p "$port" info memory | tr -d '\r' | sed -n 's/^used_memory://p'; }
redis_bytes() { echo $(($(used) - empty)); }
no_bytes() { :; }

echo "# What each store gives"
echo
echo "- date: $(date -u +%Y-%m-%dT%H:%MZ), commit $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)"
echo "- machine: $(uname -sr), $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1); store, server, echo and driver share them"
echo "- java: $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1), $(redis-server --version | cut -d ' ' -f 1-3)"
echo "- $rows rows of 200 bytes, uniform keys, one event loop, no near cache; medians of 3 turns of $seconds s, in brackets ÷ echo of the same bytes"
echo "- bytes a row: blobs as written, with their addresses; then what the store takes, where it tells"
echo "- Get/s: 128 in flight; rows/s in batches: rows found, 100 keys a batch, 32 in flight; latencies: 2,000 Gets and 100 batches a second; * the driver was late"
echo
echo "| store | rows/s published | bytes a row | Get/s | Get p50, p99 µs | rows/s in batches | batch p50, p99 µs | not OK or FOUND |"
echo "|---|---|---|---|---|---|---|---|"
[ $# -gt 0 ] || set -- lmdb redis
for store; do
    case $store in
        lmdb)
            measure LMDB "lmdb:$tmp/store" lmdb_bytes
            rm -rf "$tmp/store"
            ;;
        redis)
            redis-server --port "$port" --bind 127.0.0.1 --save '' --maxmemory-policy noeviction --dir "$tmp" >"$tmp/redis" & pids="$pids $!"
            until redis-cli -p "$port" ping >/dev/null 2>&1; do sleep 0.1; done
            empty=$(used)
            measure Redis "redis://127.0.0.1:$port" redis_bytes
            ;;
        *) measure "${store%%:*}" "$store" no_bytes ;;
    esac
done
