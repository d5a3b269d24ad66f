/*
 * fuzz_profile.c - any bytes as a profile document of whatever kind it says it is.
 */
#include "fuzz_diagnostics.h"

#include "sim/input/profile_document.h"
#include "sim/input/scenario_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct profile *profile;
    const int error =
        profile_read_text(NULL, "fuzz.yaml", (const char *)data, size, diagnostics, &profile);
    fuzz_check_diagnostics(diagnostics, error);
    if (!error) {
        json_t *json = field_json(profile->kind->fields, profile->values);
        assert(json);
        json_decref(json);
        profile_free(profile);
    }
    diagnostics_free(diagnostics);
    return 0;
}
