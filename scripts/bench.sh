#!/usr/bin/env bash
# Compares the engine's speed with the numpy baseline, its samplers with numpy's and Boost.Random's, and both with the
# lead-by-lead simulator of the tests; shows where the time goes, how it grows and what a run takes besides; and puts the
# tables into docs/performance.md. Arguments are passed on to bench/baselines/compare.py, e.g. scripts/bench.sh
# --rounds 3. CHANNELCAST_BUILD names another build folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build="${CHANNELCAST_BUILD:-build/bench}"
python=/usr/bin/python3 # the one that sees the distribution's numpy
[[ -x "$python" ]] || python=python3

scripts/install_dependencies.sh --tests --bench
cmake --preset bench -B "$build"
cmake --build "$build" --parallel "$(nproc)" --target bench_throughput --target bench_chain \
  --target bench_lead_by_lead --target bench_breakdown --target channelcast
PYTHONDONTWRITEBYTECODE=1 "$python" bench/baselines/compare.py "$build/bench/bench_throughput" \
  --document docs/performance.md "$@"
PYTHONDONTWRITEBYTECODE=1 "$python" bench/baselines/compare_chain.py "$build/bench/bench_chain" | tee "$build/chain.md"
scripts/put_generated.py docs/performance.md scripts/bench.sh chain "$build/chain.md"
"$build/bench/bench_lead_by_lead" scenarios/library/b2b_telecom.toml bench/scenarios/three_partners.toml |
  tee "$build/lead_by_lead.md"
scripts/put_generated.py docs/performance.md scripts/bench.sh lead_by_lead "$build/lead_by_lead.md"
{
  echo 'The telecom scenario:'
  echo
  "$build/bench/bench_breakdown" scenarios/library/b2b_telecom.toml
  echo
  echo 'Three plain partners:'
  echo
  "$build/bench/bench_breakdown" bench/scenarios/three_partners.toml
} | tee "$build/breakdown.md"
scripts/put_generated.py docs/performance.md scripts/bench.sh breakdown "$build/breakdown.md"
for part in growth processes uncertain running; do
  PYTHONDONTWRITEBYTECODE=1 "$python" bench/scaling.py "$build/bench/bench_throughput" "$build/channelcast" "$part" |
    tee "$build/$part.md"
  scripts/put_generated.py docs/performance.md scripts/bench.sh "$part" "$build/$part.md"
done
