// Which instruction sets Highway generates code for; to be included before hwy/foreach_target.h. All source files
// that dispatch must agree, for their per-target code is shared.
#pragma once

// Every attainable target down to plain C++, so that tests can force each, whatever the compiler's baseline.
#define HWY_COMPILE_ALL_ATTAINABLE
// The plain C++ target is SCALAR for every compiler: EMU128 is miscompiled by GCC before 12.3
// (https://gcc.gnu.org/bugzilla/show_bug.cgi?id=106322), and one name for it suits benchmarks and messages.
#define HWY_BROKEN_EMU128 1
// SSSE3 without SSE4 is extinct; AVX3_DL offers nothing here over AVX3 and, as the baseline of -march=native, breaks
// Highway 1.0.3's own choice of targets; the scalable targets forbid the arrays of vectors that the searches use.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
