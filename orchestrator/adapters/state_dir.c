/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/state_dir.h"

#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/io/fsio.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void random_hex(char ret_text[33])
{
    uint8_t bytes[16];
    crypto_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        (void)snprintf(ret_text + 2 * i, 3, "%02x", bytes[i]);
}

static struct sw_status read_id(struct state_dir *dir)
{
    SW_AUTO_FREE char *text = NULL;
    size_t length = 0;
    struct sw_status status = fsio_read(dir->fd, "id", 64, &text, &length);
    if (status.code == SW_CODE_NOT_FOUND) {
        char fresh[33];
        random_hex(fresh);
        SW_TRY(fsio_write_durable(dir->fd, "id", 0644, fresh, strlen(fresh)));
        status = fsio_read(dir->fd, "id", 64, &text, &length);
    }
    if (sw_failed(status))
        return status;
    text[strcspn(text, "\n")] = '\0';
    if (!*text || !sw_copy(dir->id, sizeof dir->id, text))
        return sw_fail(SW_CODE_CONFIG, "\"%s/id\" is not an id HINT: restore it, or use another SLIPWAY_STATE_DIR",
                       dir->path);
    return sw_ok();
}

static struct sw_status read_boot(struct state_dir *dir)
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    bool read = file && fgets(dir->boot, sizeof dir->boot, file);
    if (file)
        fclose(file);
    if (!read)
        return sw_fail(SW_CODE_IO, "cannot read this boot's id");
    dir->boot[strcspn(dir->boot, "\n")] = '\0';
    return sw_ok();
}

static struct sw_status take_lock(struct state_dir *dir)
{
    char random[33];
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    random_hex(random);
    (void)snprintf(dir->lock_name, sizeof dir->lock_name, "holder-%.16s.lock", random);
    dir->lock_fd = openat(dir->fd, dir->lock_name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (dir->lock_fd < 0 || fcntl(dir->lock_fd, F_OFD_SETLK, &whole) != 0)
        return sw_fail(SW_CODE_IO, "cannot lock \"%s/%s\": %s", dir->path, dir->lock_name, strerror(errno));
    return sw_ok();
}

static struct sw_status open_all(const char *path, struct state_dir *dir)
{
    SW_TRY(fsio_mkdirs(path, 0755));
    if (!realpath(path, dir->path))
        return sw_fail(SW_CODE_IO, "cannot find \"%s\": %s", path, strerror(errno));
    dir->fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir->fd < 0 || (mkdirat(dir->fd, "runs", 0700) != 0 && errno != EEXIST))
        return sw_fail(SW_CODE_IO, "cannot use \"%s\": %s", dir->path, strerror(errno));
    dir->runs_fd = openat(dir->fd, "runs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir->runs_fd < 0)
        return sw_fail(SW_CODE_IO, "cannot open \"%s/runs\": %s", dir->path, strerror(errno));
    SW_TRY(read_id(dir));
    SW_TRY(read_boot(dir));
    return take_lock(dir);
}

struct sw_status state_dir_open(const char *path, struct state_dir *ret_dir)
{
    *ret_dir = (struct state_dir){ .fd = -1, .runs_fd = -1, .lock_fd = -1 };
    struct sw_status status = open_all(path, ret_dir);
    if (!sw_failed(status))
        return status;
    state_dir_close(ret_dir);
    return sw_wrap(status, "SLIPWAY_STATE_DIR");
}

bool state_dir_holder_is_dead(const struct state_dir *dir, const char *lock_name)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (!sw_starts_with(lock_name, "holder-") || strchr(lock_name, '/'))
        return false;
    int fd = openat(dir->fd, lock_name, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool dead = fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type == F_UNLCK;
    close(fd);
    return dead;
}

void state_dir_close(struct state_dir *dir)
{
    if (dir->lock_fd >= 0) {
        (void)unlinkat(dir->fd, dir->lock_name, 0); /* a file left behind only says that its holder is dead */
        close(dir->lock_fd);
    }
    if (dir->runs_fd >= 0)
        close(dir->runs_fd);
    if (dir->fd >= 0)
        close(dir->fd);
    *dir = (struct state_dir){ .fd = -1, .runs_fd = -1, .lock_fd = -1 };
}
