#include "raw_read.h"

#include "raw_build.h"
#include "raw_frame.h"
#include "raw_line.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

/* Ten million visits; more is a mistake, or somebody's joke about compression. */
static const size_t text_max_B = (size_t)2 << 30;

/* Text that grows. */
struct text {
    char *bytes;
    size_t length_B, capacity_B;
};

enum unpacked { UNPACKED, TOO_LONG, DAMAGED };

/* --- text ----------------------------------------------------------------------------------- */

static int n_lines(const char *text, size_t length_B)
{
    int n = 0;
    for (size_t i = 0; i < length_B; i++)
        n += text[i] == '\n';
    return n;
}

/* Reads line after line, until there are more mistakes than diagnostics keep. */
static void read_lines(struct raw_lines *lines, const char *text, size_t length_B)
{
    const char *end = text + length_B;
    for (const char *at = text; at < end && lines->n_mistakes < DIAGNOSTICS_MAX;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (!line_end)
            line_end = end;
        lines->number++;
        if (!raw_line_read(lines, at, (size_t)(line_end - at)))
            return;
        at = line_end + 1;
    }
}

/* NULL after mistakes. */
static struct raw *finish(struct raw_lines *lines, const char *text, size_t length_B, int *status)
{
    *status = 0;
    if (lines->n_mistakes == 0)
        return lines->raw;
    diagnostics_add_text(lines->diagnostics, lines->raw->path, text, length_B);
    raw_free(lines->raw);
    *status = -EINVAL;
    return NULL;
}

struct raw *raw_read_text(const char *path, const char *text, size_t length_B,
                          struct diagnostics *diagnostics, int *status)
{
    struct raw_lines lines = {.raw = raw_new(path), .diagnostics = diagnostics};
    read_lines(&lines, text, length_B);
    if (!lines.raw->head && lines.n_mistakes == 0)
        raw_line_mistake(&lines, 0, "vhpc-measure writes such files", "nothing is in this file");
    return finish(&lines, text, length_B, status);
}

/* --- frames --------------------------------------------------------------------------------- */

static void make_room(struct text *text, size_t size_B)
{
    if (text->length_B + size_B <= text->capacity_B)
        return;
    text->capacity_B = 2 * (text->length_B + size_B);
    text->bytes = realloc(text->bytes, text->capacity_B);
    if (!text->bytes)
        abort(); /* what is measured is small */
}

/* Appends what the frame holds. Not every writer of frames says beforehand how much that is. */
static enum unpacked unpack(ZSTD_DCtx *context, const char *frame, size_t frame_B,
                            struct text *text)
{
    ZSTD_inBuffer in = {frame, frame_B, 0};
    ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
    for (;;) {
        make_room(text, ZSTD_DStreamOutSize());
        ZSTD_outBuffer out = {text->bytes, text->capacity_B, text->length_B};
        const size_t left = ZSTD_decompressStream(context, &out, &in);
        text->length_B = out.pos;
        if (ZSTD_isError(left))
            return DAMAGED;
        if (text->length_B > text_max_B)
            return TOO_LONG;
        if (left == 0 && in.pos == in.size)
            return UNPACKED;
        if (in.pos == in.size && out.pos < out.size)
            return DAMAGED;
    }
}

/* Appends the text of all whole frames; sets *is_cut. */
static enum unpacked unpack_all(const char *bytes, size_t size_B, struct text *text, bool *is_cut)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    enum unpacked result = UNPACKED;
    size_t frame_B = 0;
    if (!context)
        abort();
    for (size_t done_B = 0; done_B < size_B && result == UNPACKED && !*is_cut; done_B += frame_B) {
        const enum raw_frame frame = raw_frame_look(bytes + done_B, size_B - done_B, &frame_B);
        *is_cut = frame == RAW_FRAME_CUT;
        if (frame == RAW_FRAME_DAMAGED)
            result = DAMAGED;
        else if (frame == RAW_FRAME_WHOLE)
            result = unpack(context, bytes + done_B, frame_B, text);
    }
    ZSTD_freeDCtx(context);
    return result;
}

static void say_damaged(struct raw_lines *lines, const struct text *text, enum unpacked unpacked)
{
    lines->number = n_lines(text->bytes, text->length_B) + (text->length_B > 0);
    if (unpacked == TOO_LONG)
        raw_line_mistake(lines, 0, NULL, "the file holds more than any measurement: over 2 GiB");
    else if (text->length_B == 0)
        raw_line_mistake(lines, 0,
                         "vhpc-measure writes such files; `vhpcsim import` reads what other "
                         "benchmarks print",
                         "this is no file of raw measurements: it is not compressed with zstd");
    else
        raw_line_mistake(lines, 0,
                         "what stands before is whole: `zstdcat FILE | zstd > NEW` saves it",
                         "the file is damaged behind this line");
}

struct raw *raw_read_bytes(const char *path, const char *bytes, size_t size_B,
                           struct diagnostics *diagnostics, int *status)
{
    struct raw_lines lines = {.raw = raw_new(path), .diagnostics = diagnostics};
    struct text text = {0};
    bool is_cut = false;

    make_room(&text, 1);
    const enum unpacked unpacked = unpack_all(bytes, size_B, &text, &is_cut);
    if (unpacked != UNPACKED)
        say_damaged(&lines, &text, unpacked);
    else
        read_lines(&lines, text.bytes, text.length_B);
    if (!lines.raw->head && lines.n_mistakes == 0)
        raw_line_mistake(&lines, 0, "vhpc-measure writes such files",
                         is_cut ? "the file ends before anything in it is whole"
                                : "nothing is in this file");
    lines.raw->is_cut = is_cut;
    struct raw *raw = finish(&lines, text.bytes, text.length_B, status);
    free(text.bytes);
    return raw;
}

struct raw *raw_read(const char *path, struct diagnostics *diagnostics, int *status)
{
    char *bytes;
    size_t size_B;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        *status = -errno;
        return NULL;
    }
    *status = raw_frame_load(fd, &bytes, &size_B);
    close(fd);
    /* -EINVAL is kept for mistakes in the text. */
    if (*status == -EINVAL)
        *status = -ENOTSUP;
    if (*status)
        return NULL;
    struct raw *raw = raw_read_bytes(path, bytes, size_B, diagnostics, status);
    free(bytes);
    return raw;
}
