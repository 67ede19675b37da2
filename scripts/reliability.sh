#!/usr/bin/env bash
# Kills, starves and damages runs at length, reaches the stated limits, and puts the figures into docs/reliability.md.
#   scripts/reliability.sh [faults|disk|damage|limits...]
# Without names all are done. It takes hours, and 62 GB of disk (in TMPDIR) for 100,000,000 trials; a part for which
# something is missing is left out, and the document says so. CHANNELCAST_BUILD names another build folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tests=("$@")
((${#tests[@]} > 0)) || tests=(faults disk damage limits)
build="${CHANNELCAST_BUILD:-build/ci}"
python=/usr/bin/python3 # the one that sees the distribution's packages
[[ -x "$python" ]] || python=python3

scripts/install_dependencies.sh --tests --bench
if [[ -z "${CHANNELCAST_BUILD:-}" ]]; then cmake --preset ci; fi
cmake --build "$build" --parallel "$(nproc)" --target channelcast

export CHANNELCAST_SOURCE_DIR="$PWD" PYTHONDONTWRITEBYTECODE=1 CHANNELCAST_RELIABILITY=long
CHANNELCAST_EXECUTABLE="$(realpath "$build/channelcast")"
CHANNELCAST_RELIABILITY_FIGURES="$(realpath -m "$build/reliability")"
export CHANNELCAST_EXECUTABLE CHANNELCAST_RELIABILITY_FIGURES
mkdir -p "$CHANNELCAST_RELIABILITY_FIGURES"
for test in "${tests[@]}"; do
  "$python" "tests/reliability/${test}_test.py" -v
done
"$python" tests/reliability/report.py "$CHANNELCAST_RELIABILITY_FIGURES" docs/reliability.md
