#!/usr/bin/env bash
# Builds the k6 that go.mod names, checked against go.sum, into .data/bin/k6 (or the file that is given). Needs Go 1.25 or newer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
to=${1:-$(cd ../../.. && pwd)/.data/bin/k6}
wanted=$(sed -nE 's|^[[:space:]]*go\.k6\.io/k6 (v[0-9.]+).*|\1|p' go.mod)
if [ -x "$to" ] && "$to" version | grep -q " $wanted "; then
  echo "k6 $wanted is there: $to"
  exit 0
fi
command -v go >/dev/null || { echo 'Go is not here: https://go.dev/doc/install, or take another way to k6 (loadtests/README.md)' >&2; exit 1; }
mkdir -p "$(dirname "$to")"
echo "… k6 $wanted (two to three minutes)"
CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags '-s -w' -o "$to" go.k6.io/k6
echo "✓ $("$to" version)"
