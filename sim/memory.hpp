// How the program's memory is managed.
#pragma once

namespace channelcast::sim {

/// Lets the C library keep memory that was freed, up to 64 MiB a thread, for what is asked for next. A block's arrays
/// are freed when it ends and asked for again when the next one begins; given back in between, every page would have
/// to be mapped and cleared anew by the operating system. To be called once, before the first thread is started.
/// Does nothing where the C library is not GNU's.
void keep_freed_memory();

}  // namespace channelcast::sim
