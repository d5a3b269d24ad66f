/*
 * fuzz_raw.c - any bytes as a raw file: as its frames where they begin like one, else as its text,
 * which is also read from frames, whole and cut. What is read must be in order.
 */
#include "fuzz_diagnostics.h"

#include "calibration/raw/raw_read.h"

#include <math.h>
#include <string.h>
#include <zstd.h>

static void check_visits(const struct raw *raw)
{
    for (int i = 0; i < raw->n_visits; i++) {
        const struct raw_visit *visit = &raw->visits[i];
        assert(visit->cell >= 0 && visit->cell < raw->n_cells);
        assert(visit->launch >= 1 && visit->launch <= raw->n_launches);
        assert(visit->n > 0 && visit->cold_s > 0.0 && isfinite(visit->cold_s));
        for (int k = 0; k < visit->n; k++)
            assert(visit->times_s[k] > 0.0 && isfinite(visit->times_s[k]));
    }
}

static void check_raw(const struct raw *raw)
{
    assert(json_is_object(raw->head));
    for (int i = 0; i < raw->n_cells; i++) {
        assert(raw->cells[i].number == i && raw->cells[i].size_B >= 0.0);
        assert(raw->cells[i].operation < N_RAW_OPERATIONS && raw->cells[i].path < N_RAW_PATHS);
    }
    for (int i = 0; i < raw->n_detours; i++)
        for (int k = 0; k < raw->detours[i].n; k++)
            assert(raw->detours[i].length_s[k] > 0.0);
    for (int i = 0; i < raw->n_thresholds; i++)
        assert(raw->thresholds[i].from_B <= raw->thresholds[i].to_B);
    check_visits(raw);
}

/* Frees what was read; returns how many visits that had, or -1. */
static int use(struct raw *raw, int status, struct diagnostics *diagnostics)
{
    fuzz_check_diagnostics(diagnostics, status);
    assert((raw == NULL) == (status != 0));
    if (raw)
        check_raw(raw);
    const int n = raw ? raw->n_visits : -1;
    raw_free(raw);
    diagnostics_free(diagnostics);
    return n;
}

static int read_bytes(const char *bytes, size_t size_B)
{
    struct diagnostics *diagnostics = diagnostics_new();
    int status;
    struct raw *raw = raw_read_bytes("fuzz.raw", bytes, size_B, diagnostics, &status);
    return use(raw, status, diagnostics);
}

static int read_text(const char *text, size_t length_B)
{
    struct diagnostics *diagnostics = diagnostics_new();
    int status;
    struct raw *raw = raw_read_text("fuzz.raw", text, length_B, diagnostics, &status);
    return use(raw, status, diagnostics);
}

/* Compressed, the text says the same; what is cut off is missing and no mistake of what is left,
 * which here is nothing. */
static void read_compressed(const char *text, size_t length_B, int n_visits)
{
    const size_t bound_B = ZSTD_compressBound(length_B);
    char *frame = malloc(bound_B);
    assert(frame);
    const size_t frame_B = ZSTD_compress(frame, bound_B, text, length_B, 1);
    assert(!ZSTD_isError(frame_B));
    assert(read_bytes(frame, frame_B) == n_visits);
    assert(read_bytes(frame, frame_B - 1) == -1);
    free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    const char magic[] = {0x28, (char)0xb5, 0x2f, (char)0xfd};
    if (size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0)
        read_bytes(bytes, size);
    else
        read_compressed(bytes, size, read_text(bytes, size));
    return 0;
}
