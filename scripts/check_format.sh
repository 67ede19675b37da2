#!/usr/bin/env bash
# Fails and names the places if a C++ file is not formatted; scripts/format.sh puts it right.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/sources.sh

if ! list_sources | xargs -0 --no-run-if-empty "$clang_format" --dry-run --Werror; then
  echo "Some files are not formatted: run scripts/format.sh" >&2
  exit 1
fi
echo "$(list_sources | tr -cd '\0' | wc -c) C++ files are formatted."
