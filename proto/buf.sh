#!/bin/sh
# Runs buf with these arguments in this directory: `buf.sh lint` checks the .proto files. Without Node, or without a way to
# fetch buf, it is skipped and says so; with CI=true it fails instead.
set -eu
cd "$(dirname "$0")"

skip() {
    if [ "${CI:-}" = true ]; then
        echo "buf: $1 (required because CI=true)" >&2
        exit 1
    fi
    echo "buf: SKIPPED, $1" >&2
    exit 0
}

command -v node >/dev/null 2>&1 || skip "node is not installed"
command -v npm >/dev/null 2>&1 || skip "npm is not installed"

work=target/lint
buf=$work/node_modules/.bin/buf
if [ ! -x "$buf" ] || ! cmp -s package-lock.json "$work/package-lock.json"; then
    mkdir -p "$work"
    cp package.json "$work/"
    (cp package-lock.json "$work/" && cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 || {
        rm -f "$work/package-lock.json"
        skip "npm could not install buf"
    }
fi
exec "$buf" "$@"
