/*
 * disk_file.h - the file that a disk is tested with.
 *
 * It has no name: the operating system takes it away when the program ends, however it ends. All of
 * it has been written with random numbers before it is measured, as what was never written is not
 * read from the disk, and what compresses well may not be written there.
 */
#ifndef VHPC_DISK_FILE_H
#define VHPC_DISK_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct disk_file {
    int descriptor;
    bool is_direct; /* the page cache is bypassed (O_DIRECT); else writes wait for the disk, and
                       disk_file_forget() has something to do */
    double size_B;  /* that has been written */
    double wanted_B;
};

/*
 * Makes an empty file in `folder`, which will have up to `wanted_B`. Returns 0 or a negative errno;
 * -ENOSPC where the file system would be too full afterwards (extent_file_B()).
 */
int disk_file_open(const char *folder, double wanted_B, struct disk_file *file);

/*
 * Fills it, for at most `longest_s`; stops early where others fill the file system. Does nothing
 * where that has been done. Returns 0 or a negative errno; -ENOSPC where there are less than 16 MiB
 * of it.
 */
int disk_file_fill(struct disk_file *file, double longest_s);

struct disk_request {
    bool is_write;
    char *data; /* aligned to pages */
    size_t size_B;
    double offset_B; /* a multiple of size_B */
};

/* Reads or writes, all of it. Returns 0 or a negative errno. */
int disk_file_serve(const struct disk_file *file, const struct disk_request *request);

/* Has the operating system forget what of the file it keeps in memory. */
void disk_file_forget(const struct disk_file *file);

#endif
