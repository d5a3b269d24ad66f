/*
 * fuzz_hpldat.c - any bytes as an HPL.dat and as an hpccinf.txt.
 */
#include "fuzz_diagnostics.h"

#include "sim/input/hpldat.h"

typedef struct tree *read_function(struct reading *reading, const char *file, const char *text,
                                   size_t length);

static void read_as(read_function *read, const char *name, const char *text, size_t size)
{
    struct arena arena = {NULL, false};
    struct diagnostics *diagnostics = diagnostics_new();
    struct reading reading = {.arena = &arena, .diagnostics = diagnostics};
    diagnostics_add_text(diagnostics, name, text, size);
    const struct tree *map = read(&reading, name, text, size);
    fuzz_check_diagnostics(diagnostics, map ? 0 : -EINVAL);
    diagnostics_free(diagnostics);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_as(hpldat_read, "HPL.dat", (const char *)data, size);
    read_as(hpccinf_read, "hpccinf.txt", (const char *)data, size);
    return 0;
}
