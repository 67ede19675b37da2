#!/usr/bin/env bash
# Builds the program and runs the telecom example; arguments are passed on to "channelcast run".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install_dependencies.sh
cmake --preset release
cmake --build --preset release --parallel "$(nproc)"
build/release/channelcast run scenarios/library/b2b_telecom.toml -o build/b2b_telecom.h5 "$@"
