#include "disk_file.h"

#include "clock.h"
#include "extent.h"
#include "workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { UNIT_B = 1 << 20, LEAST_B = 16 * UNIT_B, PROBE_B = 4096 };

/* --- making it ---------------------------------------------------------------------------- */

static int room_of(const char *folder, int descriptor, double wanted_B, double *room_B)
{
    struct statvfs info;
    if ((folder ? statvfs(folder, &info) : fstatvfs(descriptor, &info)) != 0)
        return -errno;
    *room_B = extent_file_B(wanted_B, (double)info.f_bavail * (double)info.f_frsize,
                            (double)info.f_blocks * (double)info.f_frsize);
    return *room_B > 0.0 ? 0 : -ENOSPC;
}

/* A file without a name, or a negative errno. */
static int make_file(const char *folder, int flags)
{
    char *path;
    if (asprintf(&path, "%s/.vhpc-measure-XXXXXX", folder) < 0)
        return -ENOMEM;
    int descriptor = mkostemp(path, flags | O_CLOEXEC);
    if (descriptor < 0)
        descriptor = -errno;
    else
        unlink(path);
    free(path);
    return descriptor;
}

/* Some file systems open files so, and then refuse to read and write. */
static bool serves(int descriptor)
{
    void *data = workspace_of(WORKSPACE_DISK, UNIT_B);
    return data && pwrite(descriptor, data, PROBE_B, 0) == PROBE_B &&
           pread(descriptor, data, PROBE_B, 0) == PROBE_B;
}

int disk_file_open(const char *folder, double wanted_B, struct disk_file *file)
{
    struct disk_file made = {.is_direct = true};
    const int status = room_of(folder, -1, wanted_B, &made.wanted_B);
    if (status != 0)
        return status;
    made.descriptor = make_file(folder, O_DIRECT);
    if (made.descriptor >= 0 && !serves(made.descriptor)) {
        close(made.descriptor);
        made.descriptor = -EINVAL;
    }
    if (made.descriptor == -EINVAL) {
        made.is_direct = false;
        made.descriptor = make_file(folder, O_DSYNC);
    }
    if (made.descriptor < 0)
        return made.descriptor;
    if (!made.is_direct) /* nor may the system read what nobody has asked for */
        posix_fadvise(made.descriptor, 0, 0, POSIX_FADV_RANDOM);
    *file = made;
    return 0;
}

/* --- filling it --------------------------------------------------------------------------- */

static int fill_unit(struct disk_file *file, char *data)
{
    const struct disk_request request = {true, data, UNIT_B, file->size_B};
    const int status = disk_file_serve(file, &request);
    if (status == 0)
        file->size_B += UNIT_B;
    return status;
}

int disk_file_fill(struct disk_file *file, double longest_s)
{
    enum { UNITS_BETWEEN_LOOKS = 64 };
    const double start_s = clock_now_s();
    int status = 0;

    if (file->size_B > 0.0)
        return 0;
    char *data = (char *)workspace_random(UNIT_B / sizeof(double));
    if (!data)
        return -ENOMEM;
    for (int i = 1; file->size_B < file->wanted_B && status == 0; i++) {
        double room_B;
        if (clock_now_s() - start_s > longest_s)
            break;
        status = fill_unit(file, data);
        if (status == 0 && i % UNITS_BETWEEN_LOOKS == 0)
            status = room_of(NULL, file->descriptor, LEAST_B, &room_B);
    }
    if (status == -ENOSPC && file->size_B >= LEAST_B)
        status = 0;
    if (status == 0 && fsync(file->descriptor) != 0)
        status = -errno;
    return status == 0 && file->size_B < LEAST_B ? -ENOSPC : status;
}

/* --- reading and writing ------------------------------------------------------------------ */

int disk_file_serve(const struct disk_file *file, const struct disk_request *request)
{
    const off_t offset_B = (off_t)request->offset_B;

    for (size_t done_B = 0; done_B < request->size_B;) {
        char *data = request->data + done_B;
        const size_t left_B = request->size_B - done_B;
        const off_t at_B = offset_B + (off_t)done_B;
        const ssize_t n = request->is_write ? pwrite(file->descriptor, data, left_B, at_B)
                                            : pread(file->descriptor, data, left_B, at_B);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 ? -EIO : -errno;
        done_B += (size_t)n;
    }
    return 0;
}

void disk_file_forget(const struct disk_file *file)
{
    if (!file->is_direct)
        posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_DONTNEED);
}
