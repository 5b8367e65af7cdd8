/* A disk that is slow, or full, for whatever has this in LD_PRELOAD.
 *
 * DISK_SLOW: every wait for the disk takes so many microseconds more.
 * DISK_FULL and DISK_FOLDER: while the one file exists, nothing more fits into the other.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void wait_more(void) {
    const char *text = getenv("DISK_SLOW");
    long micro = text ? atol(text) : 0;
    struct timespec left = {micro / 1000000, micro % 1000000 * 1000};
    while (micro && nanosleep(&left, &left) && errno == EINTR) continue;
}

static int is_full(int file) {
    const char *flag = getenv("DISK_FULL"), *folder = getenv("DISK_FOLDER");
    char name[64], path[4096];
    if (!flag || !folder || access(flag, F_OK)) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    ssize_t size = readlink(name, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return !strncmp(path, folder, strlen(folder));
}

#define SLOW(name, parameters, arguments) \
    int name parameters { NEXT(name); wait_more(); return next arguments; }
#define FULL(type, name, parameters, arguments) \
    type name parameters { \
        NEXT(name); \
        if (is_full(file)) { errno = ENOSPC; return -1; } \
        return next arguments; \
    }

SLOW(fsync, (int file), (file))
SLOW(msync, (void *at, size_t size, int how), (at, size, how))
SLOW(sync_file_range, (int file, off64_t at, off64_t size, unsigned how), (file, at, size, how))

int fdatasync(int file) {
    NEXT(fdatasync);
    wait_more();
    if (is_full(file)) { errno = ENOSPC; return -1; }
    return next(file);
}

FULL(ssize_t, write, (int file, const void *from, size_t size), (file, from, size))
FULL(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), (file, from, size, at))
FULL(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), (file, from, size, at))
FULL(ssize_t, pwritev, (int file, const struct iovec *from, int count, off_t at), (file, from, count, at))
FULL(ssize_t, pwritev64, (int file, const struct iovec *from, int count, off64_t at), (file, from, count, at))
FULL(int, fallocate, (int file, int mode, off_t at, off_t size), (file, mode, at, size))
FULL(int, fallocate64, (int file, int mode, off64_t at, off64_t size), (file, mode, at, size))

int posix_fallocate(int file, off_t at, off_t size) {
    NEXT(posix_fallocate);
    return is_full(file) ? ENOSPC : next(file, at, size);
}

int posix_fallocate64(int file, off64_t at, off64_t size) {
    NEXT(posix_fallocate64);
    return is_full(file) ? ENOSPC : next(file, at, size);
}
