#!/usr/bin/env bash
# Builds the fuzz targets with clang and runs them one after the other; what is new in coverage joins the saved corpus.
#   scripts/fuzz.sh [SECONDS] [TARGET...]
# SECONDS are for each target (1200); without targets: all. Ends with 1 if there is a finding. CHANNELCAST_BUILD names
# another build folder; what was found stays in its corpus/ and findings/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=1200
if [[ "${1:-}" =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
fi
targets=("$@")
((${#targets[@]} > 0)) || targets=(scenario override draws run_file merge)
build="${CHANNELCAST_BUILD:-build/fuzz}"

programs=()
for target in "${targets[@]}"; do
  if [[ ! -f "tests/fuzz/${target}_target.cpp" ]]; then
    echo "there is no target $target (tests/fuzz/${target}_target.cpp)" >&2
    exit 2
  fi
  programs+=("fuzz_$target")
done

scripts/install_dependencies.sh --fuzz
cmake --preset fuzz -B "$build"
cmake --build "$build" --parallel "$(nproc)" --target fuzz_dictionary "${programs[@]}"
"$build/fuzz_dictionary" >"$build/scenario.dict"

# Files of the targets are made in memory where there is such a folder.
memory=/dev/shm
[[ -w "$memory" ]] || memory="${TMPDIR:-/tmp}"
TMPDIR="$(mktemp -d "$memory/channelcast-fuzz-XXXXXX")"
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
export ASAN_SYMBOLIZER_PATH="${ASAN_SYMBOLIZER_PATH:-/usr/bin/llvm-symbolizer-19}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"

# Runs one target until its time is over, starting again after each finding.
fuzz() {
  local target=$1 began=$SECONDS left seeds
  local log="$build/findings/$target.log"
  read -r -a seeds <"$build/fuzz_$target.seeds" || true
  mkdir -p "$build/corpus/$target" "$build/findings/$target"
  : >"$log"
  while left=$((seconds - (SECONDS - began))) && ((left > 0)); do
    "$build/fuzz_$target" -max_total_time="$left" -timeout=20 -rss_limit_mb=2048 -max_len=16384 \
      -dict="$build/scenario.dict" -print_final_stats=1 -artifact_prefix="$build/findings/$target/" \
      "$build/corpus/$target" "tests/fuzz/corpus/$target" "${seeds[@]}" >>"$log" 2>&1 </dev/null || true
    find "$TMPDIR" -mindepth 1 -delete
  done
}

# Adds to the saved corpus what reaches code that neither it nor the seeds reach.
keep() {
  local target=$1 all file seeds
  read -r -a seeds <"$build/fuzz_$target.seeds" || true
  all="$(mktemp -d)"
  find "tests/fuzz/corpus/$target" "${seeds[@]}" -maxdepth 1 -type f -exec cp -t "$all" {} +
  "$build/fuzz_$target" -merge=1 -use_counters=0 -timeout=20 -rss_limit_mb=2048 "$all" "$build/corpus/$target" \
    >>"$build/findings/$target.log" 2>&1 </dev/null || true
  for file in "$all"/*; do
    # libFuzzer names files by their hash; the others were there before.
    [[ ! "${file##*/}" =~ ^[0-9a-f]{40}$ ]] || cp -n "$file" "tests/fuzz/corpus/$target/"
  done
  rm -rf "$all"
}

status=0
printf '%-10s %12s %8s %8s %8s %9s\n' target executions seconds exec/s edges findings
for target in "${targets[@]}"; do
  marker="$build/$target.began"
  touch "$marker"
  began=$SECONDS
  fuzz "$target"
  log="$build/findings/$target.log"
  took=$((SECONDS - began))
  executions=$(awk '/^stat::number_of_executed_units:/ { n += $2 } END { print n + 0 }' "$log")
  edges=$(sed -n 's/^#.* cov: \([0-9]*\).*/\1/p' "$log" | sort -n | tail -1)
  findings=$(find "$build/findings/$target" -type f -newer "$marker" | wc -l)
  printf '%-10s %12d %8d %8d %8d %9d\n' "$target" "$executions" "$took" $((executions / (took > 0 ? took : 1))) \
    "${edges:-0}" "$findings"
  ((findings == 0)) || status=1
  keep "$target"
done
((status == 0)) || echo "see $build/findings/; $build/fuzz_TARGET FILE shows one again" >&2
exit $status
