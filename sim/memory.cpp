#include "sim/memory.hpp"

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

namespace channelcast::sim {

void keep_freed_memory() {
#ifdef M_TRIM_THRESHOLD
  constexpr int kMegabyte = 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, 8 * kMegabyte);
  mallopt(M_TRIM_THRESHOLD, 64 * kMegabyte);
  mallopt(M_TOP_PAD, kMegabyte);
#endif
}

}  // namespace channelcast::sim
