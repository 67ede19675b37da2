#!/usr/bin/env bash
# The long form of the statistical tests: compares the engine with the lead-by-lead reference on every scenario of
# tests/reference/scenarios with many seeds and trials, and counts over many seeds how often stated intervals cover the
# truth. Puts what comes out into docs/validation.md: scripts/sweep.sh [SEEDS [FOLDER]]. Builds the ci preset unless
# CHANNELCAST_BUILD names a build folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seeds="${1:-5}"
build="${CHANNELCAST_BUILD:-build/ci}"
folder="$(realpath -m "${2:-$build/validation}")"
if [[ -z "${CHANNELCAST_BUILD:-}" ]]; then cmake --preset ci; fi
cmake --build "$build" --target reference_tests --target property_tests --parallel "$(nproc)"
mkdir -p "$folder"
export CHANNELCAST_SWEEP="$seeds"
export CHANNELCAST_SWEEP_REPORT="$folder/agreement.md" CHANNELCAST_COVERAGE_REPORT="$folder/coverage.md"
"$build/tests/property_tests" --gtest_filter='Sweep.*'
"$build/tests/reference_tests" --gtest_filter='Sweep.*'
scripts/put_generated.py docs/validation.md scripts/sweep.sh coverage "$CHANNELCAST_COVERAGE_REPORT"
scripts/put_generated.py docs/validation.md scripts/sweep.sh agreement "$CHANNELCAST_SWEEP_REPORT"
