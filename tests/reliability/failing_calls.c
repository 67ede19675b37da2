// Preloaded into the program under test (LD_PRELOAD): kills it at its N-th change of a file, or lets that call fail.
//
//   FAULT_AT     number of the call, from 1
//   FAULT_DOES   kill: ends the process before the call; ENOSPC, EIO: the call fails; tear: ends the process when a
//                write over the end of a page is done up to there, as a kill in the middle of it may
//   FAULT_GOES_ON  1: every later call that takes room fails too, as on a disk that stays full
//   FAULT_LOG    file that gets a line for each call
//   FAULT_CLOCK  the monotonic clock runs this many times faster, so that checkpoints are as many times closer
//
// Counted are calls that change files, on files that the program opened for writing.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 4096, PAGE = 4096 };

static long at;
static int error_number;  // 0: kill
static int tears;
static int goes_on;
static int log_file = -1;
static double clock_factor = 1.0;
static atomic_long calls;
static atomic_char ours[MOST_DESCRIPTORS];

__attribute__((constructor)) static void read_environment(void) {
  const char* text = getenv("FAULT_AT");
  at = text ? atol(text) : 0;
  text = getenv("FAULT_DOES");
  if (text) {
    tears = strcmp(text, "tear") == 0;
    if (strcmp(text, "ENOSPC") == 0) error_number = ENOSPC;
    if (strcmp(text, "EIO") == 0) error_number = EIO;
  }
  goes_on = getenv("FAULT_GOES_ON") != NULL;
  text = getenv("FAULT_CLOCK");
  if (text) clock_factor = atof(text);
  text = getenv("FAULT_LOG");
  if (text) log_file = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

static void end_process(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

static void note(const char* name) {
  char line[64];
  const int length = snprintf(line, sizeof line, "%s\n", name);
  if (log_file >= 0) syscall(SYS_write, log_file, line, length);
}

typedef enum { TAKES_ROOM, TAKES_NONE } Room;

/// Counts a call; whether it is to fail. `torn` says that it is to be done in part and the process to end then.
static int fails(const char* name, Room room, int* torn) {
  const long number = atomic_fetch_add(&calls, 1) + 1;
  note(name);
  if (at == 0 || number < at) return 0;
  if (number == at && error_number == 0) {
    if (!tears || torn == NULL) end_process();
    *torn = 1;
    return 0;
  }
  if (error_number == 0 || (number > at && !(goes_on && room == TAKES_ROOM))) return 0;
  errno = error_number;
  return 1;
}

static int is_ours(int file) { return file >= 0 && file < MOST_DESCRIPTORS && ours[file]; }

#define REAL(type, name, ...)                                            \
  static type (*real)(__VA_ARGS__) = NULL;                               \
  if (real == NULL) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static int open_any(const char* path, int flags, mode_t mode) {
  const int writes = (flags & O_ACCMODE) != O_RDONLY;
  if (writes && fails(flags & O_CREAT ? "make" : "open", flags & O_CREAT ? TAKES_ROOM : TAKES_NONE, NULL)) return -1;
  const int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (file >= 0 && file < MOST_DESCRIPTORS) ours[file] = (char)writes;
  return file;
}

#define OPEN(name)                                \
  int name(const char* path, int flags, ...) {    \
    mode_t mode = 0;                              \
    if (flags & O_CREAT) {                        \
      va_list rest;                               \
      va_start(rest, flags);                      \
      mode = va_arg(rest, mode_t);                \
      va_end(rest);                               \
    }                                             \
    return open_any(path, flags, mode);           \
  }
OPEN(open)
OPEN(open64)

int close(int file) {
  if (file >= 0 && file < MOST_DESCRIPTORS) ours[file] = 0;
  return (int)syscall(SYS_close, file);
}

/// The part of a write that lies in its first page; all of it, if it needs no other.
static size_t first_part(size_t size, off_t offset) {
  const size_t part = (size_t)(PAGE - offset % PAGE);
  return part < size ? part : size;
}

ssize_t write(int file, const void* data, size_t size) {
  int torn = 0;
  const size_t part = is_ours(file) ? first_part(size, lseek(file, 0, SEEK_CUR)) : size;
  const int tearable = part < size;
  if (is_ours(file) && fails(tearable ? "long-write" : "write", TAKES_ROOM, tearable ? &torn : NULL)) return -1;
  const ssize_t done = syscall(SYS_write, file, data, torn ? part : size);
  if (torn) end_process();
  return done;
}

static ssize_t pwrite_any(int file, const void* data, size_t size, off_t offset) {
  int torn = 0;
  const size_t part = first_part(size, offset);
  const int tearable = part < size;
  if (is_ours(file) && fails(tearable ? "long-write" : "write", TAKES_ROOM, tearable ? &torn : NULL)) return -1;
  const ssize_t done = syscall(SYS_pwrite64, file, data, torn ? part : size, offset);
  if (torn) end_process();
  return done;
}
ssize_t pwrite(int file, const void* data, size_t size, off_t offset) { return pwrite_any(file, data, size, offset); }
ssize_t pwrite64(int file, const void* data, size_t size, off64_t offset) {
  return pwrite_any(file, data, size, offset);
}

static int truncate_any(int file, off_t size) {
  if (is_ours(file) && fails("resize", TAKES_ROOM, NULL)) return -1;
  return (int)syscall(SYS_ftruncate, file, size);
}
int ftruncate(int file, off_t size) { return truncate_any(file, size); }
int ftruncate64(int file, off64_t size) { return truncate_any(file, size); }

int fsync(int file) {
  if (is_ours(file) && fails("sync", TAKES_ROOM, NULL)) return -1;
  return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
  if (is_ours(file) && fails("sync", TAKES_ROOM, NULL)) return -1;
  return (int)syscall(SYS_fdatasync, file);
}

int rename(const char* from, const char* to) {
  if (fails("rename", TAKES_NONE, NULL)) return -1;
  REAL(int, rename, const char*, const char*);
  return real(from, to);
}

int unlink(const char* path) {
  if (fails("remove", TAKES_NONE, NULL)) return -1;
  REAL(int, unlink, const char*);
  return real(path);
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result != 0 || clock != CLOCK_MONOTONIC || clock_factor == 1.0) return result;
  const double fast = clock_factor * ((double)now->tv_sec + 1e-9 * (double)now->tv_nsec);
  now->tv_sec = (time_t)fast;
  now->tv_nsec = (long)(1e9 * (fast - (double)now->tv_sec));
  return 0;
}
