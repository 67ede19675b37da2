// Plain loops over lanes, compiled for several instruction sets.
#pragma once

// Before a function's definition: the compiler makes it for newer instruction sets too, and the machine's best version
// is taken when the program starts. Only the compiler's own vectors become wider. Every operation is rounded once
// whatever their width (IEEE 754, -ffp-contract=off), and sums keep their order, so the results are the same bits.
// Only GCC does it: Clang 19 leaves out inline functions that nothing but such versions call, so that a program cannot
// be linked (with Clang the loops have the vectors of the base architecture). Sanitizers do not get along with the
// choice at the start.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__) && defined(__OPTIMIZE__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CHANNELCAST_LANE_LOOP __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CHANNELCAST_LANE_LOOP
#endif

// Before a loop: no lane reads what another one writes, and nothing is summed over lanes. Without it the compiler
// compares the places of all arrays before it dares to use vectors, and gives up where there are more than a few.
#if defined(__clang__)
#define CHANNELCAST_EACH_LANE _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define CHANNELCAST_EACH_LANE _Pragma("GCC ivdep")
#else
#define CHANNELCAST_EACH_LANE
#endif
