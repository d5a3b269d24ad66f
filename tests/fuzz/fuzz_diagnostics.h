/*
 * fuzz_diagnostics.h - what the fuzz targets share; in a header, as each target is one file.
 */
#ifndef VHPCSIM_FUZZ_DIAGNOSTICS_H
#define VHPCSIM_FUZZ_DIAGNOSTICS_H

#include "sim/input/diagnostic.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* Called by libFuzzer with one input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every byte of what is printed must be safe for a terminal. */
static inline void fuzz_check_printed(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        assert((unsigned char)text[i] >= 0x20 || text[i] == '\n');
}

/* Prints the diagnostics, and asserts that a reader that returned `error` told why: at least
 * one error with -EINVAL, none with 0. */
static inline void fuzz_check_diagnostics(const struct diagnostics *diagnostics, int error)
{
    assert(error == 0 || error == -EINVAL);
    assert((diagnostics_count(diagnostics, SEVERITY_ERROR) > 0) == (error == -EINVAL));

    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert(out);
    diagnostics_print(diagnostics, out, 0);
    fclose(out);
    fuzz_check_printed(text, length);
    free(text);
}

#endif
