/*
 * fuzz_hpldat.c - any bytes as an HPL.dat.
 */
#include "fuzz_diagnostics.h"

#include "sim/input/hpldat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {NULL, false};
    struct diagnostics *diagnostics = diagnostics_new();
    struct reading reading = {.arena = &arena, .diagnostics = diagnostics};
    diagnostics_add_text(diagnostics, "HPL.dat", (const char *)data, size);
    const struct tree *map = hpldat_read(&reading, "HPL.dat", (const char *)data, size);
    fuzz_check_diagnostics(diagnostics, map ? 0 : -EINVAL);
    diagnostics_free(diagnostics);
    arena_release(&arena);
    return 0;
}
