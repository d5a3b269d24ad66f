/*
 * fuzz_validation.c - any bytes as a validation document and as a table of measurements:
 * diagnostics or cases, never a crash. Scenarios are those that the bytes name, from
 * tests/cli/inputs on where the fuzzer runs in the root of the source.
 */
#include "fuzz_diagnostics.h"

#include "sim/validation/validate.h"

#include <string.h>

static const char file[] = "tests/cli/inputs/fuzz.yaml", scenario[] = "tests/cli/inputs/kvm.yaml";

/* What a validation does with a document before it simulates; releases it. */
static void use(struct case_document *document)
{
    struct validation validation = {0};
    assert(document->runs.n > 0);
    assert(validation_add(&validation, document) == 0);
    for (int i = 0; i < document->runs.n; i++) {
        const struct run_spec *spec = &case_run_at(document, i)->scenarios[0]->run;
        assert(spec->replications >= 1 && spec->seed == validation.seed);
    }
    validation_release(&validation);
}

static void check(int error, struct case_document *document, struct diagnostics *diagnostics)
{
    fuzz_check_diagnostics(diagnostics, error);
    if (!error)
        use(document);
    diagnostics_free(diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct case_document *document = NULL;
    char *text = malloc(size + 1); /* a reader's text has a NUL behind it */
    memcpy(text, data, size);
    text[size] = '\0';

    struct diagnostics *diagnostics = diagnostics_new();
    int error = case_document_read_text(file, text, size, 0, NULL, diagnostics, &document);
    check(error, document, diagnostics);

    diagnostics = diagnostics_new();
    error = case_table_read_text(file, text, size, scenario, 0, NULL, diagnostics, &document);
    check(error, document, diagnostics);
    free(text);
    return 0;
}
