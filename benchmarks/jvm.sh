#!/bin/sh
# Which collector, allocator and JDK? One server after the other with all rows in its near cache, each beside the same echo.
#
#   benchmarks/jvm.sh [ROUNDS [SECONDS]]      default: 3 rounds of 4 s for each figure
#
# 200,000 rows of 200 bytes on the embedded store, Zipf keys, one event loop; the echo runs with JAVA_HOME's JDK and the launcher's flags.
# JAVA_25 names the home of a JDK 25 (default: /usr/lib/jvm/temurin-25-jdk-amd64); without one its lines are left out. Needs python3
# and curl. Starts what it measures and ends it by process id. PENSTOCK names the command (default: ./penstock of these
# sources); PORT the first of two ports (default: 17500).
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
penstock=${PENSTOCK:-$here/../penstock}
rounds=${1:-3}
seconds=${2:-4}
port=${PORT:-17500}
java25=${JAVA_25:-/usr/lib/jvm/temurin-25-jdk-amd64}
case $rounds$seconds in *[!0-9]*) echo "jvm.sh: ROUNDS SECONDS: $* (expected: numbers)" >&2; exit 2 ;; esac
for tool in python3 curl; do
    command -v $tool >/dev/null || { echo "jvm.sh: $tool is not on the PATH" >&2; exit 2; }
done
"$penstock" --version >/dev/null # builds it, if that is needed

# As root the driver goes first on the processors, so that its clock is not late.
first=
[ "$(id -u)" -ne 0 ] || first="nice -n -15"

tmp=$(mktemp -d)
echo_pid=
serve_pid=
stop() { [ -z "$1" ] || { kill "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; }; }
end() {
    trap - EXIT
    stop "$serve_pid"
    stop "$echo_pid"
    rm -rf "$tmp"
}
trap end EXIT
trap 'exit 130' INT TERM HUP PIPE

server=127.0.0.1:$port; pages=127.0.0.1:$((port + 1))
await() { # what file command...: until the command succeeds
    what=$1; log=$2; shift 2
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { echo "jvm.sh: $what did not start: $(tail -n 20 "$log")" >&2; exit 5; }
        sleep 0.2
    done
}
serve() { # java options [home]
    (
        [ -z "${2:-}" ] || export JAVA_HOME="$2"
        export PENSTOCK_JAVA_OPTS="$1" PENSTOCK_EVENT_LOOPS=1 PENSTOCK_SHUTDOWN_LAME_DUCK=0s PENSTOCK_CACHE_MAX_BYTES=256MiB
        exec "$penstock" serve --store "lmdb:$tmp/store" --listen $server --http $pages --json
    ) >"$tmp/serve" 2>&1 & serve_pid=$!
    await "the server" "$tmp/serve" curl -sf "http://$pages/readyz"
}
load() { # file options...
    file=$1; shift
    $first "$penstock" bench load items.v1 --server $server --keys 0..199999 --warm-up 3s --duration "${seconds}s" --json "$@" \
        >"$tmp/$file" 2>"$tmp/problems" || cat "$tmp/problems" >&2
}
measure() { # name options [home]
    serve "$2" "${3:-}"
    load fill --distribution uniform --batch 200 --in-flight 16
    load calls --in-flight 128 --peer "echo=$echo_at" --rounds "$rounds"
    load latency --rate 5000 --waiting sleep --peer "echo=$echo_at" --rounds "$rounds"
    rss=$(awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$serve_pid/status")
    stop "$serve_pid"; serve_pid=
    python3 - "$tmp" "$1" "$rss" <<'PYTHON'
import json, sys
tmp, name, rss = sys.argv[1:]
def rows(file):
    document = json.load(open(f"{tmp}/{file}"))
    return document["rows"], " *" if document["problems"] else ""
(server, echo), late = rows("calls")
calls = [row["calls_per_second"]["median"] for row in (server, echo)]
(server, echo), late = rows("latency")
micros = [f'{server[p]["median"]:,.0f} ({server[p]["median"] / echo[p]["median"]:.2f})' for p in ("p50_micros", "p99_micros")]
longest = max(run["answered"]["max_micros"] for run in server["runs"]) / 1000
print(f"| {name} | {calls[0]:,.0f} ({calls[0] / calls[1]:.2f}) | {', '.join(micros)}{late} | {longest:,.1f} | {rss} |", flush=True)
PYTHON
}

"$penstock" bench data --store "lmdb:$tmp/store" --rows 200000 --value-bytes 200 --json >"$tmp/data"
serve ""
"$penstock" bench load items.v1 --server $server --keys 0..199999 --in-flight 1 --save-body "$tmp/body"
"$penstock" bench echo --event-loops 1 --response-of $server --body "$tmp/body" --json >"$tmp/echo" 2>&1 & echo_pid=$!
await "the echo" "$tmp/echo" grep -q '127\.0\.0\.1:[0-9]' "$tmp/echo"
echo_at=$(grep -o '127\.0\.0\.1:[0-9]*' "$tmp/echo" | head -n 1)
stop "$serve_pid"; serve_pid=

echo "# Collectors, allocators, JDKs"
echo
echo "- date: $(date -u +%Y-%m-%dT%H:%MZ), commit $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)"
echo "- machine: $(uname -sr), $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1); server, echo and driver share them"
echo "- java: $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1); $rounds rounds of $seconds s by turns with the echo, medians; in brackets ÷ echo"
echo "- hits: 200,000 rows of 200 bytes in the near cache, Zipf keys, one event loop; 128 in flight, then 5,000 a second in an open loop; * the driver was late"
echo
echo "| JVM | Get/s | p50, p99 µs | longest ms | peak MiB |"
echo "|---|---|---|---|---|"
measure "G1 (as it starts)" ""
measure "Parallel" "-XX:+UseParallelGC"
measure "ZGC" "-XX:+UseZGC"
measure "G1, gRPC's pooled allocator" "-Dio.grpc.netty.useCustomAllocator=true"
if [ -x "$java25/bin/java" ]; then
    measure "25: G1 (as it starts)" "" "$java25"
    measure "25: ZGC" "-XX:+UseZGC" "$java25"
fi
