/*
 * fuzz_import.c - any bytes as the output of each tool: its first byte says which reader takes the
 * rest, whatever it looks like, and the rest once more as what it looks like.
 */
#include "fuzz_diagnostics.h"

#include "calibration/import/import.h"
#include "calibration/raw/raw_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_times(const struct raw *raw)
{
    for (int i = 0; i < raw->n_visits; i++) {
        const struct raw_visit *visit = &raw->visits[i];
        if (visit->cell < 0 || visit->cell >= raw->n_cells || visit->n != 1 ||
            !(visit->times_s[0] > 0.0) || !isfinite(visit->times_s[0]))
            abort();
    }
}

static int n_importers(void)
{
    int n = 0;
    while (importers[n])
        n++;
    return n;
}

static void read_with(const struct importer *importer, const struct import_text *source)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct import import = {
        .source = *source, .raw = raw_new(source->path), .diagnostics = diagnostics};

    diagnostics_add_text(diagnostics, source->path, source->text, source->length);
    import.launch = raw_add_launch(import.raw, json_object());
    importer->read(&import);
    check_times(import.raw);
    fuzz_check_diagnostics(diagnostics,
                           diagnostics_count(diagnostics, SEVERITY_ERROR) > 0 ? -EINVAL : 0);
    raw_free(import.raw);
    diagnostics_free(diagnostics);
}

static void read_as_recognised(const struct import_text *source)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct raw *raw = raw_new(source->path);
    const struct importer *importer = import_bytes(source, raw, diagnostics);

    check_times(raw);
    fuzz_check_diagnostics(diagnostics, importer ? 0 : -EINVAL);
    raw_free(raw);
    diagnostics_free(diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *text = malloc(size);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    const struct import_text source = {
        .path = "output.txt", .text = text, .length = size - 1, .network = RAW_OTHER_HOST};
    read_with(importers[data[0] % n_importers()], &source);
    read_as_recognised(&source);
    free(text);
    return 0;
}
