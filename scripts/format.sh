#!/usr/bin/env bash
# Formats every C++ file in place.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/sources.sh

list_sources | xargs -0 --no-run-if-empty "$clang_format" -i
