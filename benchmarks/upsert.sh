#!/bin/sh
# What does an upsert of a few rows into many cost?
#
#   benchmarks/upsert.sh [CHANGED [ROWS]]      default: 10000 random rows into 10000000
#
# For LMDB (rows of about 100 bytes) and Redis (rows of a key and a number), each: publishes ROWS rows, then an upsert of CHANGED
# rows whose values are new, and prints what the upsert wrote and read, how long it took, and the most memory its process had.
# Redis counts the blobs that are read; LMDB counts nothing, so there only what is written is printed. Needs python3, and
# redis-server for the second half. Starts what it measures and ends it by process id. PENSTOCK names the command (default:
# ./penstock of these sources); TMPDIR the place for stores and spilled rows; PORT Redis' port (default: 17360).
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
penstock=${PENSTOCK:-$here/../penstock}
changed=${1:-10000}
rows=${2:-10000000}
port=${PORT:-17360}
case $changed$rows in *[!0-9]*) echo "upsert.sh: CHANGED ROWS: $* (expected: numbers)" >&2; exit 2 ;; esac
for tool in python3 redis-server; do
    command -v $tool >/dev/null || { echo "upsert.sh: $tool is not on the PATH" >&2; exit 2; }
done
"$penstock" --version >/dev/null # builds it, if that is needed

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

cat >"$tmp/row.proto" <<'PROTO'
syntax = "proto3";
package bench.upsert.v1;
import "penstock/contract/v1/contract.proto";
message Row {
  option (penstock.contract.v1.data_product) = { name: "upsert" owner: "benchmarks" description: "A row." };
  int64 id = 1 [(penstock.contract.v1.field) = { key: true }];
  int64 number = 2;
  string text = 3;
}
PROTO
publication() { # name mode query
    cat >"$tmp/$1.yaml" <<YAML
contract: row.proto
message: bench.upsert.v1.Row
mode: $2
source:
  sql: "$3"
YAML
}
# The rows differ from their stored values in the number alone; hash() spreads them over all buckets, and some meet.
ids="select distinct (hash(range) % $rows)::bigint as id from range($changed)"

# Runs a publication and prints the peak of its process's resident memory in KiB; the report is in $tmp/report.
publish() { # file store
    "$penstock" publish "$tmp/$1.yaml" --store "$2" --report "$tmp/report" >"$tmp/out" 2>&1 & pid=$!
    pids="$pids $pid"
    peak=0
    while kill -0 "$pid" 2>/dev/null; do
        seen=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null || true)
        [ -z "$seen" ] || peak=$seen
        sleep 0.05
    done
    wait "$pid" || { echo "upsert.sh: $1 into $2: $(cat "$tmp/out")" >&2; exit 1; }
    echo "$peak"
}
reads() { redis-cli -p "$port" info stats | tr -d '\r' | awk -F: '/^keyspace_hits/ { print $2 }'; }

measure() { # what store text
    publication all snapshot "select range as id, range % 1000 as number, $3 as text from range($rows)"
    publication some upsert "select id, 1000 + id % 1000 as number, $(echo "$3" | sed 's/range/id/') as text from ($ids)"
    publish all "$2" >"$tmp/peak.all"
    before=0
    [ "$1" = LMDB ] || before=$(reads)
    publish some "$2" >"$tmp/peak.some"
    blobs=
    [ "$1" = LMDB ] || blobs=$(($(reads) - before))
    python3 - "$tmp/report" "$1" "$(cat "$tmp/peak.all")" "$(cat "$tmp/peak.some")" "$blobs" <<'PYTHON'
import json, sys
path, store, peak_all, peak_some, read = sys.argv[1:]
report = json.load(open(path))
rows, buckets, size = report["rows"], report["buckets"], report["bytes"]
print(f'| {store} | {rows["total"]} | {rows["updated"]} | {buckets["written"]} of {buckets["total"]} '
      f'| {read or "not counted"} | {size["written"]} of {size["total"]} | {sum(report["duration_ms"].values()) / 1000:.1f} '
      f'| {int(peak_some) // 1024} | {int(peak_all) // 1024} |')
PYTHON
}

echo "# An upsert of $changed rows into $rows"
echo
echo "- date: $(date -u +%Y-%m-%dT%H:%MZ), commit $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown), $(nproc) processors"
echo "- a chunk of 8,192 buckets has three blobs beside them (table, digests, intent), and a version a manifest"
echo
echo "| store | rows | changed | buckets written | blobs read | bytes written | seconds | peak MiB, upsert | peak MiB, snapshot |"
echo "|---|---|---|---|---|---|---|---|---|"
measure LMDB "lmdb:$tmp/store" "repeat(md5(range::varchar), 3)"
rm -rf "$tmp/store"
redis-server --port "$port" --bind 127.0.0.1 --save '' --maxmemory-policy noeviction --dir "$tmp" >"$tmp/redis" & pids="$pids $!"
until redis-cli -p "$port" ping >/dev/null 2>&1; do sleep 0.1; done
measure Redis "redis://127.0.0.1:$port" "''"
