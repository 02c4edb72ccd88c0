/*
 * Lets something happen at the n-th file-system call of a program, by standing between it and the C library (LD_PRELOAD).
 * Node's own calls pass through here, those of SQLite, which is linked into it, and those of native modules; what libuv asks of the
 * kernel directly (statx, copy_file_range) goes through the C library's syscall() and so passes too.
 *
 * LOCKSTEP_NTH_CALL_PAGE   a file of 4096 bytes, shared with the test: see `struct page`
 * LOCKSTEP_NTH_CALL_WITHIN directories, by colons: only what lies in one of them counts. Logs and sockets never do.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* What happens at the n-th call; the same numbers stand in nth-call.ts. */
enum mode { OFF, COUNT, KILL, FAIL, STOP, TEAR };
enum kind { CHANGE_NAME, OPEN, WRITE, FLUSH, CHANGE_FACTS, READ, LOOK, KINDS };
#define CALLS 40

struct page {
  _Atomic long long mode, n, counted, error, kinds, hits;
  char hit[464];
  _Atomic long long by_call[CALLS];
  char names[CALLS][24];
};

static struct page *page;
static char within[8][PATH_MAX];
static int within_count;
#define MAX_FD 65536
/* 0: not looked at yet, 1: counts, 2: does not. */
static _Atomic char fd_counts[MAX_FD];

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}
#define REAL(name) \
  static __typeof__(&name) real_##name; \
  if (real_##name == NULL) real_##name = (__typeof__(&name))real(#name)

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("LOCKSTEP_NTH_CALL_PAGE");
  const char *places = getenv("LOCKSTEP_NTH_CALL_WITHIN");
  if (file == NULL || places == NULL) return;
  char copy[8 * PATH_MAX], *rest = copy, *one;
  snprintf(copy, sizeof copy, "%s", places);
  while ((one = strsep(&rest, ":")) != NULL && within_count < 8)
    snprintf(within[within_count++], PATH_MAX, "%s", one);
  int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at != MAP_FAILED) page = at;
}

static int path_counts(const char *path) {
  if (page == NULL || path == NULL || path[0] != '/') return 0;
  if (strstr(path, "/logs/") != NULL || strstr(path, ".sock") != NULL) return 0;
  for (int i = 0; i < within_count; i += 1) {
    size_t length = strlen(within[i]);
    if (strncmp(path, within[i], length) == 0 && (path[length] == '/' || path[length] == 0)) return 1;
  }
  return 0;
}

static int fd_in_scope(int fd) {
  if (page == NULL || page->mode == OFF || fd < 0 || fd >= MAX_FD) return 0;
  char known = fd_counts[fd];
  if (known != 0) return known == 1;
  char name[32], path[PATH_MAX];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, name, path, sizeof path - 1);
  path[length < 0 ? 0 : length] = 0;
  int counts = path_counts(path);
  fd_counts[fd] = counts ? 1 : 2;
  return counts;
}

/* Counts a call. Returns 0 if it shall be made, the error it shall fail with, or -1 if it shall be made by half and be the last. */
static int step(enum kind kind, const char *call, const char *path, int fd) {
  if (page == NULL || page->mode == OFF || ((page->kinds >> kind) & 1) == 0) return 0;
  if (path != NULL ? !path_counts(path) : !fd_in_scope(fd)) return 0;
  for (int i = 0; i < CALLS; i += 1) {
    if (page->names[i][0] == 0) snprintf(page->names[i], sizeof page->names[i], "%s", call);
    if (strcmp(page->names[i], call) == 0) {
      page->by_call[i] += 1;
      break;
    }
  }
  if (atomic_fetch_add(&page->counted, 1) + 1 != page->n) return 0;
  char name[32], target[PATH_MAX] = "";
  if (path == NULL) {
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    syscall(SYS_readlinkat, AT_FDCWD, name, target, sizeof target - 1);
  }
  snprintf(page->hit, sizeof page->hit, "%s %.400s", call, path == NULL ? target : path);
  page->hits += 1;
  switch ((enum mode)page->mode) {
    case KILL:
      kill(getpid(), SIGKILL);
      for (;;) pause();
    case STOP:
      kill(getpid(), SIGSTOP);
      return 0;
    case FAIL:
      return (int)page->error;
    case TEAR:
      return -1;
    default:
      return 0;
  }
}

static int failed(int error) {
  errno = error;
  return -1;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static const char *at_path(int dir, const char *path) { return dir == AT_FDCWD || path[0] == '/' ? path : NULL; }

static int opened(int fd, const char *path) {
  if (fd >= 0 && fd < MAX_FD) fd_counts[fd] = path_counts(path) ? 1 : 2;
  return fd;
}

/* An open that makes or empties a file is a change of names; any other only looks. */
static enum kind open_kind(int flags) { return (flags & (O_CREAT | O_TRUNC)) != 0 ? CHANGE_NAME : OPEN; }

#define OPEN_LIKE(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    int error = step(open_kind(flags), "open", path, -1); \
    if (error > 0) return failed(error); \
    return opened(real_##name(path, flags, mode), path); \
  }
OPEN_LIKE(open)
OPEN_LIKE(open64)

#define OPENAT_LIKE(name) \
  int name(int dir, const char *path, int flags, ...) { \
    REAL(name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    const char *place = at_path(dir, path); \
    int error = place == NULL ? 0 : step(open_kind(flags), "open", place, -1); \
    if (error > 0) return failed(error); \
    int fd = real_##name(dir, path, flags, mode); \
    if (place != NULL) return opened(fd, place); \
    if (fd >= 0 && fd < MAX_FD) fd_counts[fd] = 0; \
    return fd; \
  }
OPENAT_LIKE(openat)
OPENAT_LIKE(openat64)

int close(int fd) {
  REAL(close);
  if (fd >= 0 && fd < MAX_FD) fd_counts[fd] = 0;
  return real_close(fd);
}

#define WRITE_LIKE(name, params, args, half) \
  ssize_t name params { \
    REAL(name); \
    int error = step(WRITE, #name, NULL, fd); \
    if (error > 0) return failed(error); \
    if (error < 0) { \
      half; \
      die(); \
    } \
    return real_##name args; \
  }
WRITE_LIKE(write, (int fd, const void *bytes, size_t count), (fd, bytes, count), real_write(fd, bytes, count / 2))
WRITE_LIKE(pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at),
           real_pwrite64(fd, bytes, count / 2, at))
WRITE_LIKE(pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at),
           real_pwrite(fd, bytes, count / 2, at))
WRITE_LIKE(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), real_writev(fd, parts, count / 2))

#define BY_FD(kind, type, name, params, args) \
  type name params { \
    REAL(name); \
    int error = step(kind, #name, NULL, fd); \
    if (error > 0) return failed(error); \
    if (error < 0) die(); \
    return real_##name args; \
  }
BY_FD(FLUSH, int, fsync, (int fd), (fd))
BY_FD(FLUSH, int, fdatasync, (int fd), (fd))
BY_FD(WRITE, int, ftruncate, (int fd, off_t length), (fd, length))
BY_FD(WRITE, int, ftruncate64, (int fd, off64_t length), (fd, length))
BY_FD(CHANGE_FACTS, int, fchmod, (int fd, mode_t mode), (fd, mode))
BY_FD(CHANGE_FACTS, int, futimens, (int fd, const struct timespec times[2]), (fd, times))
BY_FD(READ, ssize_t, read, (int fd, void *into, size_t count), (fd, into, count))
BY_FD(READ, ssize_t, pread, (int fd, void *into, size_t count, off_t at), (fd, into, count, at))
BY_FD(READ, ssize_t, pread64, (int fd, void *into, size_t count, off64_t at), (fd, into, count, at))

#define BY_PATH(kind, type, name, params, place, args) \
  type name params { \
    REAL(name); \
    const char *path_of_call = place; \
    int error = path_of_call == NULL ? 0 : step(kind, #name, path_of_call, -1); \
    if (error > 0) return failed(error); \
    if (error < 0) die(); \
    return real_##name args; \
  }
BY_PATH(CHANGE_NAME, int, rename, (const char *from, const char *to), from, (from, to))
BY_PATH(CHANGE_NAME, int, renameat2, (int from_dir, const char *from, int to_dir, const char *to, unsigned flags),
        at_path(from_dir, from), (from_dir, from, to_dir, to, flags))
BY_PATH(CHANGE_NAME, int, link, (const char *from, const char *to), from, (from, to))
BY_PATH(CHANGE_NAME, int, symlink, (const char *target, const char *path), path, (target, path))
BY_PATH(CHANGE_NAME, int, unlink, (const char *path), path, (path))
BY_PATH(CHANGE_NAME, int, mkdir, (const char *path, mode_t mode), path, (path, mode))
BY_PATH(CHANGE_NAME, int, rmdir, (const char *path), path, (path))
BY_PATH(WRITE, int, truncate, (const char *path, off_t length), path, (path, length))
BY_PATH(CHANGE_FACTS, int, chmod, (const char *path, mode_t mode), path, (path, mode))
BY_PATH(CHANGE_FACTS, int, fchmodat, (int dir, const char *path, mode_t mode, int flags), at_path(dir, path),
        (dir, path, mode, flags))
BY_PATH(CHANGE_FACTS, int, utimensat, (int dir, const char *path, const struct timespec times[2], int flags),
        at_path(dir, path), (dir, path, times, flags))
BY_PATH(LOOK, ssize_t, readlink, (const char *path, char *into, size_t size), path, (path, into, size))
BY_PATH(LOOK, int, scandir64,
        (const char *path, struct dirent64 ***list, int (*select)(const struct dirent64 *),
         int (*compare)(const struct dirent64 **, const struct dirent64 **)),
        path, (path, list, select, compare))

long syscall(long number, ...) {
  static long (*real_syscall)(long, ...);
  va_list rest;
  va_start(rest, number);
  long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long);
  long d = va_arg(rest, long), e = va_arg(rest, long), f = va_arg(rest, long);
  va_end(rest);
  if (real_syscall == NULL) real_syscall = (long (*)(long, ...))real("syscall");
  int error = 0;
  if (number == SYS_close && a >= 0 && a < MAX_FD) fd_counts[a] = 0;
  if (number == SYS_statx) {
    const char *path = (const char *)b;
    if (path != NULL && path[0] != 0) error = at_path((int)a, path) == NULL ? 0 : step(LOOK, "statx", path, -1);
    else error = step(LOOK, "statx", NULL, (int)a);
  } else if (number == SYS_copy_file_range) error = step(WRITE, "copy_file_range", NULL, (int)c);
  if (error > 0) return failed(error);
  if (error < 0) die();
  return real_syscall(number, a, b, c, d, e, f);
}
