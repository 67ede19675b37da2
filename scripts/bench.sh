#!/usr/bin/env bash
# Compares the engine's speed with the numpy baseline and puts the table into docs/performance.md; arguments are passed
# on to bench/baselines/compare.py, e.g. scripts/bench.sh --rounds 3. CHANNELCAST_BUILD names another build folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build="${CHANNELCAST_BUILD:-build/bench}"
python=/usr/bin/python3 # the one that sees the distribution's numpy
[[ -x "$python" ]] || python=python3

scripts/install_dependencies.sh --tests --bench
cmake --preset bench -B "$build"
cmake --build "$build" --parallel "$(nproc)" --target bench_throughput
PYTHONDONTWRITEBYTECODE=1 "$python" bench/baselines/compare.py "$build/bench/bench_throughput" \
  --document docs/performance.md "$@"
