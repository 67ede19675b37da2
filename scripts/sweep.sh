#!/usr/bin/env bash
# Compares the engine with the lead-by-lead reference on every scenario of tests/reference/scenarios with many seeds and trials, and
# writes a report: scripts/sweep.sh [SEEDS [REPORT]]. Builds the ci preset unless CHANNELCAST_BUILD names a build folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seeds="${1:-5}"
build="${CHANNELCAST_BUILD:-build/ci}"
report="$(realpath -m "${2:-$build/validation/agreement.md}")"
if [[ -z "${CHANNELCAST_BUILD:-}" ]]; then cmake --preset ci; fi
cmake --build "$build" --target reference_tests --parallel "$(nproc)"
mkdir -p "$(dirname "$report")"
CHANNELCAST_SWEEP="$seeds" CHANNELCAST_SWEEP_REPORT="$report" "$build/tests/reference_tests" --gtest_filter='Sweep.*'
echo "$report"
