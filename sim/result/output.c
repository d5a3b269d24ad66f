#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* True when something is at `path` that rename() must not replace. */
static bool is_special(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static int check_folder(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return -ENOMEM;
    const int status = access(dirname(copy), W_OK | X_OK) == 0 ? 0 : -errno;
    free(copy);
    return status;
}

int output_check(const char *path)
{
    struct stat status;
    if (path[0] == '\0')
        return -ENOENT;
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return -EISDIR;
        if (access(path, W_OK) != 0)
            return -errno;
        if (!S_ISREG(status.st_mode))
            return 0;
    }
    return check_folder(path);
}

/* Writes all of the text to the open file and closes it in any case. */
static int write_and_close(int file, const char *text, size_t size)
{
    int status = 0;

    while (size > 0 && status == 0) {
        const ssize_t n = write(file, text, size);
        if (n >= 0) {
            text += n;
            size -= (size_t)n;
        } else if (errno != EINTR) {
            status = -errno;
        }
    }
    if (close(file) != 0 && status == 0)
        status = -errno;
    return status;
}

static int write_directly(const char *path, const char *text, size_t size)
{
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    return file < 0 ? -errno : write_and_close(file, text, size);
}

static int write_and_rename(const char *path, const char *text, size_t size)
{
    char *temporary;
    int status;

    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return -ENOMEM;
    const int file = mkostemp(temporary, O_CLOEXEC);
    if (file < 0) {
        status = -errno;
        goto out;
    }
    /* mkostemp makes it private; a result is as public as any file that the user writes. */
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(file, 0666 & ~mask);

    status = write_and_close(file, text, size);
    if (status == 0 && rename(temporary, path) != 0)
        status = -errno;
    if (status != 0)
        unlink(temporary);
out:
    free(temporary);
    return status;
}

int output_write(const char *path, const char *text, size_t size)
{
    return is_special(path) ? write_directly(path, text, size) : write_and_rename(path, text, size);
}
