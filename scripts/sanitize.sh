#!/usr/bin/env bash
# Builds everything with a sanitizer and runs the tests under it.
#   scripts/sanitize.sh [address|thread] [ctest arguments]
# address: also undefined behaviour. thread: with clang, and what runs in several threads. CHANNELCAST_BUILD names another
# build folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kind="${1:-address}"
(($# == 0)) || shift
scripts/install_dependencies.sh --tests
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}"
case "$kind" in
  address) preset=asan ;;
  thread)
    preset=tsan
    scripts/install_dependencies.sh --fuzz
    export CC="${CC:-clang-19}" CXX="${CXX:-clang++-19}"
    # Where threads meet: the scheduler, the writer, the accumulators.
    (($# > 0)) || set -- -R 'Scheduler|RunBlocks|Engine|^output\.|property\.(Everything|Threads|files|shards)|cli\.Run'
    ;;
  *)
    echo "there is no sanitizer $kind: address, thread" >&2
    exit 2
    ;;
esac
build="${CHANNELCAST_BUILD:-build/$preset}"
cmake --preset "$preset" -B "$build"
cmake --build "$build" --parallel "$(nproc)"
ctest --preset "$preset" --test-dir "$build" --parallel "$(nproc)" "$@"
