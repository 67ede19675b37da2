// Read by the leak sanitizer: what HDF5 loses when it stumbles over a damaged file is not ours to find.
extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5\n"; }
