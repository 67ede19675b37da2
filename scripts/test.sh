#!/usr/bin/env bash
# Builds the program, its tests and benchmarks with warnings as errors, and runs every test; arguments are
# passed on to ctest, e.g. scripts/test.sh -R '^sim'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install_dependencies.sh --tests --bench
cmake --preset ci
cmake --build --preset ci --parallel "$(nproc)"
ctest --preset ci --parallel "$(nproc)" "$@"
