#include "raw_write.h"

#include "raw_frame.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum { COMPRESSION_LEVEL = 3 }; /* zstd's own: frames are small and a rank waits for them */

struct raw_writer {
    int fd;
    off_t end_B;     /* of the last whole frame */
    bool is_damaged; /* what follows there is no frame */
    char *text;      /* of the frame to come */
    size_t length_B, capacity_B;
};

/* --- opening -------------------------------------------------------------------------------- */

/* Sets end_B to the end of the last whole frame. */
static int find_end(struct raw_writer *writer)
{
    char *bytes;
    size_t size_B, done_B = 0;
    const int error = raw_frame_load(writer->fd, &bytes, &size_B);
    if (error)
        return error;
    while (done_B < size_B) {
        size_t frame_B;
        const enum raw_frame frame = raw_frame_look(bytes + done_B, size_B - done_B, &frame_B);
        writer->is_damaged = frame == RAW_FRAME_DAMAGED;
        if (frame != RAW_FRAME_WHOLE)
            break;
        done_B += frame_B;
    }
    free(bytes);
    writer->end_B = (off_t)done_B;
    return 0;
}

/* The name of a file that was just made is on the disk when its folder is. */
static void sync_folder(const char *path)
{
    char *folder = strdup(path);
    if (!folder)
        return;
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    const int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

static int open_and_lock(struct raw_writer *writer, const char *path)
{
    writer->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (writer->fd < 0)
        return -errno;
    if (flock(writer->fd, LOCK_EX | LOCK_NB) != 0 && errno != ENOLCK && errno != EOPNOTSUPP)
        return errno == EWOULDBLOCK ? -EBUSY : -errno;
    return find_end(writer);
}

struct raw_writer *raw_writer_open(const char *path, int *status)
{
    struct raw_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        *status = -ENOMEM;
        return NULL;
    }
    *status = open_and_lock(writer, path);
    if (*status) {
        if (writer->fd >= 0)
            close(writer->fd);
        free(writer);
        return NULL;
    }
    if (writer->end_B == 0)
        sync_folder(path);
    return writer;
}

bool raw_writer_is_new(const struct raw_writer *writer)
{
    struct stat file;
    return fstat(writer->fd, &file) == 0 && file.st_size == 0;
}

/* --- lines ---------------------------------------------------------------------------------- */

static char *room(struct raw_writer *writer, size_t size_B)
{
    if (writer->length_B + size_B > writer->capacity_B) {
        const size_t capacity_B = 2 * (writer->length_B + size_B);
        char *grown = realloc(writer->text, capacity_B);
        if (!grown)
            abort(); /* what is measured is small */
        writer->text = grown;
        writer->capacity_B = capacity_B;
    }
    return writer->text + writer->length_B;
}

static void add_text(struct raw_writer *writer, const char *text, size_t length_B)
{
    memcpy(room(writer, length_B), text, length_B);
    writer->length_B += length_B;
}

static void add_format(struct raw_writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_format(struct raw_writer *writer, const char *format, ...)
{
    char text[128];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert(length > 0 && (size_t)length < sizeof text);
    add_text(writer, text, (size_t)length);
}

enum { DIGITS_OF_TIMES = 9, DIGITS_OF_SIZES = 15 };

static void add_number(struct raw_writer *writer, double number, int digits)
{
    char text[40];
    assert(isfinite(number));
    const int length = snprintf(text, sizeof text, "%.*g", digits, number);
    char *comma = strchr(text, ','); /* where the locale has one */
    if (comma)
        *comma = '.';
    add_text(writer, text, (size_t)length);
}

void raw_writer_line(struct raw_writer *writer, json_t *line)
{
    char *text = json_dumps(line, JSON_REAL_PRECISION(15));
    if (!text)
        abort();
    add_text(writer, text, strlen(text));
    add_text(writer, "\n", 1);
    free(text);
    json_decref(line);
}

void raw_writer_cell(struct raw_writer *writer, const struct raw_cell *cell)
{
    add_format(writer, "{\"cell\": %d, \"operation\": \"%s\"", cell->number,
               raw_operation_names[cell->operation]);
    add_format(writer,
               ", \"path\": \"%s\", \"load\": \"%s\", \"size_B\": ", raw_path_names[cell->path],
               raw_load_names[cell->load]);
    add_number(writer, cell->size_B, DIGITS_OF_SIZES);
    add_format(writer,
               ", \"n_active\": %d, \"rank\": %d, \"partner\": %d, \"arguments\": ", cell->n_active,
               cell->rank, cell->partner);
    for (int i = 0; i < RAW_ARGUMENTS; i++) {
        add_text(writer, i == 0 ? "[" : ", ", i == 0 ? 1 : 2);
        add_number(writer, cell->argument[i], DIGITS_OF_SIZES);
    }
    add_text(writer, "]}\n", 3);
}

void raw_writer_visit(struct raw_writer *writer, const struct raw_visit *visit)
{
    assert(visit->n > 0);
    add_format(writer, "{\"visit\": %d, \"launch\": %d, \"block\": %d, \"rank\": %d, \"at_s\": ",
               visit->cell, visit->launch, visit->block, visit->rank);
    add_number(writer, visit->at_s, DIGITS_OF_TIMES);
    add_format(writer, ", \"cold_s\": ");
    add_number(writer, visit->cold_s, DIGITS_OF_TIMES);
    add_format(writer, ", \"times_s\": ");
    for (int i = 0; i < visit->n; i++) {
        assert(visit->times_s[i] > 0.0);
        add_text(writer, i == 0 ? "[" : ", ", i == 0 ? 1 : 2);
        add_number(writer, visit->times_s[i], DIGITS_OF_TIMES);
    }
    add_text(writer, "]}\n", 3);
}

/* --- frames --------------------------------------------------------------------------------- */

static int write_all(int fd, const char *bytes, size_t size_B, off_t at_B)
{
    for (size_t done_B = 0; done_B < size_B;) {
        errno = 0;
        const ssize_t n = pwrite(fd, bytes + done_B, size_B - done_B, at_B + (off_t)done_B);
        if (n <= 0 && errno != EINTR)
            return n < 0 ? -errno : -EIO;
        done_B += n > 0 ? (size_t)n : 0;
    }
    return fdatasync(fd) == 0 ? 0 : -errno;
}

/* Whatever is behind the last whole frame is none, and another follows now. */
static int append(struct raw_writer *writer, const char *frame, size_t frame_B)
{
    if (ftruncate(writer->fd, writer->end_B) != 0)
        return -errno;
    const int error = write_all(writer->fd, frame, frame_B, writer->end_B);
    if (error == 0)
        writer->end_B += (off_t)frame_B;
    else if (ftruncate(writer->fd, writer->end_B) != 0)
        return -errno;
    return error;
}

static int compress(const char *text, size_t length_B, char **frame, size_t *frame_B)
{
    const size_t bound_B = ZSTD_compressBound(length_B);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    int error = -ENOMEM;

    *frame = malloc(bound_B);
    if (context && *frame) {
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, COMPRESSION_LEVEL);
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
        *frame_B = ZSTD_compress2(context, *frame, bound_B, text, length_B);
        error = ZSTD_isError(*frame_B) ? -ENOMEM : 0;
    }
    ZSTD_freeCCtx(context);
    if (error)
        free(*frame);
    return error;
}

int raw_writer_flush(struct raw_writer *writer)
{
    char *frame;
    size_t frame_B;

    if (writer->is_damaged)
        return -EBADMSG;
    if (writer->length_B == 0)
        return 0;
    int error = compress(writer->text, writer->length_B, &frame, &frame_B);
    if (error)
        return error;
    error = append(writer, frame, frame_B);
    free(frame);
    if (error == 0)
        writer->length_B = 0;
    return error;
}

int raw_writer_close(struct raw_writer *writer)
{
    if (!writer)
        return 0;
    int error = writer->length_B > 0 ? raw_writer_flush(writer) : 0;
    if (close(writer->fd) != 0 && error == 0)
        error = -errno;
    free(writer->text);
    free(writer);
    return error;
}
