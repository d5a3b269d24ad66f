#include "diagnosed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

char *diagnosed(const struct diagnostics *diagnostics)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert(out);
    diagnostics_print(diagnostics, out, 0);
    fclose(out);
    return text;
}

struct scenario *read_scenario(const char *text, const char *const settings[], char **said)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario = NULL;
    int n = 0;
    while (settings && settings[n])
        n++;
    const int error =
        scenario_read_text("s.yaml", text, strlen(text), n, settings, diagnostics, &scenario);
    assert((error == 0) == (scenario != NULL));
    *said = diagnosed(diagnostics);
    diagnostics_free(diagnostics);
    return scenario;
}

char *toy_scenario(const char *virtualization, const char *rest)
{
    static const char format[] = "schema: vhpcsim-scenario/1\n"
                                 "cluster:\n"
                                 "  nodes: 4\n"
                                 "  node: dell-pe860\n"
                                 "  link: gigabit-ethernet\n"
                                 "mpi: mpich2-1.0.5\n"
                                 "%s\n"
                                 "workload: {kind: hpl, n: 3000, p: 2, q: 2}\n"
                                 "%s\n";
    char *text = NULL;
    const int length = asprintf(&text, format, virtualization, rest);
    assert(length > 0);
    return text;
}

struct scenario *read_pattern(int n_ranks, const char *let, const char *phases, char **said)
{
    static const char format[] = "schema: vhpcsim-scenario/1\n"
                                 "cluster: {nodes: %d, node: dell-pe860, link: gigabit-ethernet}\n"
                                 "mpi: mpich2-1.0.5\n"
                                 "ranks: %d\n"
                                 "workload: {kind: pattern, let: {%s}, phases: [%s]}\n";
    char *text = NULL;
    const int length = asprintf(&text, format, n_ranks, n_ranks, let, phases);
    assert(length > 0);
    struct scenario *scenario = read_scenario(text, NULL, said);
    free(text);
    return scenario;
}
