#include "raw_frame.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

/* A journalling disk that loses power may keep a file's new length and not what was written. */
static bool is_zero(const char *bytes, size_t size_B)
{
    return bytes[0] == '\0' && memcmp(bytes, bytes + 1, size_B - 1) == 0;
}

enum raw_frame raw_frame_look(const char *bytes, size_t size_B, size_t *frame_B)
{
    static const char magic[4] = {0x28, (char)0xb5, 0x2f, (char)0xfd};

    if (is_zero(bytes, size_B))
        return RAW_FRAME_CUT;
    if (size_B < sizeof magic)
        return memcmp(bytes, magic, size_B) == 0 ? RAW_FRAME_CUT : RAW_FRAME_DAMAGED;
    const size_t found_B = ZSTD_findFrameCompressedSize(bytes, size_B);
    if (ZSTD_isError(found_B))
        return ZSTD_getErrorCode(found_B) == ZSTD_error_srcSize_wrong ? RAW_FRAME_CUT
                                                                      : RAW_FRAME_DAMAGED;
    *frame_B = found_B;
    return RAW_FRAME_WHOLE;
}

int raw_frame_load(int fd, char **bytes, size_t *size_B)
{
    struct stat file;
    if (fstat(fd, &file) != 0)
        return -errno;
    if (!S_ISREG(file.st_mode))
        return S_ISDIR(file.st_mode) ? -EISDIR : -EINVAL;

    const size_t expected_B = (size_t)file.st_size;
    char *read_bytes = malloc(expected_B + 1);
    if (!read_bytes)
        return -ENOMEM;
    size_t done_B = 0;
    while (done_B < expected_B) {
        const ssize_t n = pread(fd, read_bytes + done_B, expected_B - done_B, (off_t)done_B);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            const int error = -errno;
            free(read_bytes);
            return error;
        }
        if (n == 0)
            break;
        done_B += (size_t)n;
    }
    *bytes = read_bytes;
    *size_B = done_B;
    return 0;
}
