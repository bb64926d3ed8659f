/* SPDX-License-Identifier: Apache-2.0 */
#include "common/io/zones.h"

#include "common/base/text.h"
#include "common/io/fsio.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX_BYTES = 64 * 1024, PARTS_MAX = 4 };

struct zones {
    char *directory;
    pthread_mutex_t mutex;
    /* under the mutex */
    int fd; /* of the directory; -1 until the first need */
    size_t count;
    struct sw_zone *zones[ZONES_MAX]; /* by name, ascending */
};

struct sw_status zones_new(const char *directory, struct zones **ret_zones)
{
    if (!directory)
        directory = getenv("TZDIR");
    if (sw_blank(directory))
        directory = "/usr/share/zoneinfo";
    struct zones *zones = calloc(1, sizeof *zones);
    char *copy = sw_strdup(directory);
    if (!zones || !copy) {
        free(zones);
        free(copy);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    zones->directory = copy;
    zones->fd = -1;
    pthread_mutex_init(&zones->mutex, NULL); /* cannot fail without attributes */
    *ret_zones = zones;
    return sw_ok();
}

void zones_free(struct zones *zones)
{
    if (!zones)
        return;
    for (size_t i = 0; i < zones->count; i++)
        sw_zone_free(zones->zones[i]);
    if (zones->fd >= 0)
        close(zones->fd);
    pthread_mutex_destroy(&zones->mutex);
    free(zones->directory);
    free(zones);
}

static bool is_utc(const char *name)
{
    static const char *const NAMES[] = { "", "UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal" };
    for (size_t i = 0; i < SW_COUNT(NAMES); i++)
        if (sw_equal(name, NAMES[i]))
            return true;
    return !name;
}

/* Parts of at least one sign each, and no dots: neither "..", nor an absolute path, nor the database's tables. */
static bool is_name(const char *name)
{
    static const char SIGNS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-";
    if (strlen(name) >= ZONES_NAME_SIZE)
        return false;
    for (size_t parts = 1; parts <= PARTS_MAX; parts++) {
        size_t length = strspn(name, SIGNS);
        if (length == 0)
            return false;
        if (name[length] == '\0')
            return true;
        if (name[length] != '/')
            return false;
        name += length + 1;
    }
    return false;
}

/* The place of the name, or where it belongs. */
static size_t place_of(const struct zones *zones, const char *name, bool *ret_found)
{
    size_t low = 0, high = zones->count;
    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(sw_zone_name(zones->zones[middle]), name);
        if (order == 0)
            *ret_found = true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct sw_status open_directory(struct zones *zones)
{
    if (zones->fd < 0)
        zones->fd = open(zones->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (zones->fd < 0)
        return sw_fail(SW_CODE_NOT_FOUND,
                       "no time zone database in \"%s\": %s HINT: install the package tzdata, or set TZDIR",
                       zones->directory, strerror(errno));
    return sw_ok();
}

/* "America" is a directory. */
static bool is_file(int directory_fd, const char *name)
{
    struct stat info;
    return fstatat(directory_fd, name, &info, 0) == 0 && S_ISREG(info.st_mode);
}

static struct sw_status load(struct zones *zones, const char *name, struct sw_zone **ret_zone)
{
    SW_AUTO_FREE char *bytes = NULL;
    size_t length = 0;
    SW_TRY(open_directory(zones));
    if (!is_file(zones->fd, name))
        return sw_fail(SW_CODE_NOT_FOUND, "there is no time zone \"%s\" HINT: such as Europe/Berlin", name);
    struct sw_status status = fsio_read(zones->fd, name, FILE_MAX_BYTES, &bytes, &length);
    if (sw_failed(status))
        return sw_wrap(status, "time zone");
    return sw_zone_parse(name, bytes, length, ret_zone);
}

static struct sw_status get_locked(struct zones *zones, const char *name, const struct sw_zone **ret_zone)
{
    bool found;
    size_t place = place_of(zones, name, &found);
    if (!found) {
        struct sw_zone *zone = NULL;
        if (zones->count == ZONES_MAX)
            return sw_fail(SW_CODE_FULL, "%d time zones are loaded, and \"%s\" is one more", ZONES_MAX, name);
        SW_TRY(load(zones, name, &zone));
        memmove(zones->zones + place + 1, zones->zones + place, (zones->count - place) * sizeof *zones->zones);
        zones->zones[place] = zone;
        zones->count++;
    }
    *ret_zone = zones->zones[place];
    return sw_ok();
}

struct sw_status zones_get(struct zones *zones, const char *name, const struct sw_zone **ret_zone)
{
    if (is_utc(name)) {
        *ret_zone = sw_zone_utc();
        return sw_ok();
    }
    if (!is_name(name))
        return sw_fail(SW_CODE_INVALID, "\"%s\" is no name of a time zone HINT: such as Europe/Berlin", name);
    pthread_mutex_lock(&zones->mutex);
    struct sw_status status = get_locked(zones, name, ret_zone);
    pthread_mutex_unlock(&zones->mutex);
    return status;
}
