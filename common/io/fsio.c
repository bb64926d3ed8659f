/* SPDX-License-Identifier: Apache-2.0 */
#include "common/io/fsio.h"

#include "common/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct sw_status io_error(const char *verb, const char *path)
{
    enum sw_code code = errno == ENOENT ? SW_CODE_NOT_FOUND : SW_CODE_IO;
    return sw_fail(code, "cannot %s \"%s\": %s", verb, path, strerror(errno));
}

/* Reads at most `size` bytes from the descriptor's position. */
static struct sw_status read_all(int fd, const char *path, size_t size, char **ret_text, size_t *ret_length)
{
    char *text = malloc(size + 1);
    size_t length = 0;
    if (!text)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    while (length < size) {
        ssize_t got = read(fd, text + length, size - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(text);
            return io_error("read", path);
        }
        if (got == 0)
            break;
        length += (size_t)got;
    }
    text[length] = '\0';
    *ret_text = text;
    *ret_length = length;
    return sw_ok();
}

static struct sw_status open_sized(int dir_fd, const char *path, int *ret_fd, size_t *ret_size)
{
    struct stat info;
    int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error("open", path);
    if (fstat(fd, &info) != 0) {
        struct sw_status status = io_error("look at", path);
        close(fd);
        return status;
    }
    *ret_fd = fd;
    *ret_size = (size_t)info.st_size;
    return sw_ok();
}

struct sw_status fsio_read(int dir_fd, const char *path, size_t max_bytes, char **ret_text, size_t *ret_length)
{
    int fd;
    size_t size;
    SW_TRY(open_sized(dir_fd, path, &fd, &size));
    struct sw_status status = size > max_bytes ? sw_fail(SW_CODE_TOO_LARGE, "\"%s\" is over %zu bytes", path, max_bytes)
                                               : read_all(fd, path, max_bytes, ret_text, ret_length);
    close(fd);
    return status;
}

struct sw_status fsio_read_tail(int dir_fd, const char *path, size_t max_bytes, char **ret_text, size_t *ret_length)
{
    int fd;
    size_t size;
    SW_TRY(open_sized(dir_fd, path, &fd, &size));
    if (size > max_bytes && lseek(fd, (off_t)(size - max_bytes), SEEK_SET) < 0) {
        struct sw_status status = io_error("seek in", path);
        close(fd);
        return status;
    }
    struct sw_status status = read_all(fd, path, max_bytes, ret_text, ret_length);
    close(fd);
    return status;
}

static bool write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            data += written;
            length -= (size_t)written;
        }
    }
    return true;
}

struct fsio_text {
    const char *data;
    size_t length;
};

/* A rename is durable once the directory is. */
static bool sync_parent(int dir_fd, const char *path)
{
    char parent[PATH_MAX];
    if (!sw_copy(parent, sizeof parent, path))
        return false;
    char *slash = strrchr(parent, '/');
    if (slash == parent)
        slash[1] = '\0';
    else if (slash)
        *slash = '\0';
    int fd = openat(dir_fd, slash ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

static struct sw_status write_renamed(int dir_fd, const char *path, mode_t mode, const struct fsio_text *text)
{
    char temporary[PATH_MAX];
    (void)snprintf(temporary, sizeof temporary, "%s.%d.tmp", path, (int)getpid());
    int fd = openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return io_error("create", temporary);
    bool done = write_all(fd, text->data, text->length) && fsync(fd) == 0;
    done = close(fd) == 0 && done;
    if (done && renameat(dir_fd, temporary, dir_fd, path) == 0)
        return sw_ok();
    struct sw_status status = io_error("write", path);
    (void)unlinkat(dir_fd, temporary, 0); /* already gone when the rename was done */
    return status;
}

struct sw_status fsio_write_durable(int dir_fd, const char *path, mode_t mode, const void *data, size_t length)
{
    SW_TRY(write_renamed(dir_fd, path, mode, &(struct fsio_text){ data, length }));
    return sync_parent(dir_fd, path) ? sw_ok() : io_error("write", path);
}

struct sw_status fsio_sync(int dir_fd, const char *path)
{
    int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done && sync_parent(dir_fd, path) ? sw_ok() : io_error("sync", path);
}

struct sw_status fsio_mkdirs(const char *path, mode_t mode)
{
    char partial[PATH_MAX];
    if (!sw_copy(partial, sizeof partial, path))
        return sw_fail(SW_CODE_INVALID, "path too long");
    for (char *at = partial + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char kept = *at;
        *at = '\0';
        if (mkdir(partial, mode) != 0 && errno != EEXIST)
            return io_error("create", partial);
        *at = kept;
        if (kept == '\0')
            return sw_ok();
    }
}

static struct sw_status remove_entries(DIR *directory)
{
    struct dirent *entry;
    while ((entry = readdir(directory)))
        if (!sw_equal(entry->d_name, ".") && !sw_equal(entry->d_name, ".."))
            SW_TRY(fsio_remove_tree(dirfd(directory), entry->d_name));
    return sw_ok();
}

struct sw_status fsio_remove_tree(int dir_fd, const char *path)
{
    if (unlinkat(dir_fd, path, 0) == 0 || errno == ENOENT)
        return sw_ok();
    if (errno != EISDIR && errno != EPERM)
        return io_error("remove", path);
    int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
    if (!directory)
        return fd < 0 && errno == ENOENT ? sw_ok() : io_error("open", path);
    struct sw_status status = remove_entries(directory);
    closedir(directory);
    if (!sw_failed(status) && unlinkat(dir_fd, path, AT_REMOVEDIR) != 0 && errno != ENOENT)
        status = io_error("remove", path);
    return status;
}
