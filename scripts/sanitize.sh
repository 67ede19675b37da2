#!/usr/bin/env bash
# Builds with sanitizers and runs the tests under them.
#   scripts/sanitize.sh [address|thread|short]
# address: also undefined behaviour; all tests in C++, which takes an hour. thread: with clang, what runs in several
# threads. short: address, the models, whole scenarios and the saved fuzzing corpus; .ci/run does this. CHANNELCAST_BUILD
# names another build folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kind="${1:-address}"
preset=asan
case "$kind" in
  address)
    targets=(sim_tests models_tests output_tests scenarios_tests golden_tests property_tests reference_tests all)
    tests=(-LE 'reliability|bench|cli|architecture')
    ;;
  short)
    targets=(models_tests golden_tests)
    for target in tests/fuzz/*_target.cpp; do
      name="${target##*/}"
      targets+=("fuzz_replay_${name%_target.cpp}")
    done
    tests=(-L '^(models|golden|fuzz)$')
    ;;
  thread)
    preset=tsan
    targets=(sim_tests output_tests property_tests channelcast)
    # Where threads meet: the scheduler, the writer, the accumulators.
    tests=(-R '^(sim\.(Scheduler|BlockAccumulator|BlockPlan|InputPlan|LogHistogram|Targets)|property\.(Scenarios/Everything|Precision)|output\.(Resume|Merge|RunFile)\.)')
    scripts/install_dependencies.sh --fuzz
    export CC="${CC:-clang-19}" CXX="${CXX:-clang++-19}"
    ;;
  *)
    echo "there is no form $kind: address, thread, short" >&2
    exit 2
    ;;
esac

scripts/install_dependencies.sh --tests --bench
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
export TSAN_OPTIONS="${TSAN_OPTIONS:-suppressions=$PWD/tests/support/tsan_suppressions.txt}"
build="${CHANNELCAST_BUILD:-build/$preset}"
cmake --preset "$preset" -B "$build"
cmake --build "$build" --parallel "$(nproc)" --target "${targets[@]}"
ctest --test-dir "$build" --output-on-failure --no-tests=error --parallel "$(nproc)" "${tests[@]}"
