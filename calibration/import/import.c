#include "import.h"

#include "calibration/raw/raw_build.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

extern const struct importer import_osu, import_imb, import_hpcc, import_hpl, import_stream,
    import_fio, import_iperf3, import_iozone, import_simgrid, import_netpipe, import_detours;

/* Lists of bare numbers come last: other files have lines of them, too. */
const struct importer *const importers[] = {
    &import_osu,    &import_imb,    &import_hpcc,    &import_hpl,     &import_stream,  &import_fio,
    &import_iperf3, &import_iozone, &import_simgrid, &import_netpipe, &import_detours, NULL};

void import_complain(struct import *import, enum severity severity, int line, int column,
                     const char *hint, const char *format, ...)
{
    char message[300];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    diagnostics_add(import->diagnostics, severity,
                    (struct place){.file = import->source.path, .line = line, .column = column},
                    hint, "%s", message);
}

void import_time(struct import *import, const struct raw_cell *cell, double time_s)
{
    assert(time_s > 0.0);
    const struct raw_visit visit = {.cell = raw_cell_of(import->raw, cell),
                                    .launch = import->launch,
                                    .cold_s = time_s,
                                    .n = 1,
                                    .times_s = &time_s};
    raw_add_visit(import->raw, &visit);
}

void import_result(struct import *import, const char *metric, double value)
{
    json_t *text = import->raw->launches[import->launch - 1].text;
    json_t *results = json_object_get(text, "results");
    if (!results) {
        results = json_object();
        json_object_set_new(text, "results", results);
    }
    json_object_set_new(results, metric, json_real(value));
}

/* Reads all of a stream into memory that the caller frees. */
static int slurp(FILE *in, char **text, size_t *length)
{
    size_t capacity = 1 << 16;
    char *all = malloc(capacity);
    *length = 0;
    while (all) {
        *length += fread(all + *length, 1, capacity - 1 - *length, in);
        if (*length < capacity - 1)
            break;
        if (capacity >= IMPORT_MAX_B) {
            free(all);
            return -EFBIG;
        }
        capacity *= 2;
        char *grown = realloc(all, capacity);
        if (!grown)
            free(all);
        all = grown;
    }
    if (!all)
        return -ENOMEM;
    if (ferror(in)) {
        const int status = errno != 0 ? -errno : -EIO;
        free(all);
        return status;
    }
    all[*length] = '\0';
    *text = all;
    return 0;
}

static int read_all(const char *path, char **text, size_t *length)
{
    if (strcmp(path, "-") == 0)
        return slurp(stdin, text, length);
    errno = 0;
    FILE *in = fopen(path, "rb");
    if (!in)
        return -errno;
    const int status = slurp(in, text, length);
    fclose(in);
    return status;
}

static const struct importer *recognise(const struct import_text *source)
{
    for (int i = 0; importers[i]; i++) {
        if (importers[i]->is_it(source))
            return importers[i];
    }
    return NULL;
}

static void refuse_unknown(struct import *import)
{
    assert(import->source.text);
    static const char zstd_magic[] = "\x28\xb5\x2f\xfd";
    if (strncmp(import->source.text, zstd_magic, sizeof zstd_magic - 1) == 0) {
        import_complain(import, SEVERITY_ERROR, 0, 0,
                        "`vhpcsim fit` reads those of vhpc-measure; unpack others with zstd -d",
                        "this file is compressed");
        return;
    }
    char known[400] = "";
    for (int i = 0; importers[i]; i++) {
        const size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", importers[i]->name);
    }
    import_complain(import, SEVERITY_ERROR, 0, 0, known,
                    "this is the output of no tool that is known");
}

/* What came of a file, when it was read. */
static void settle(struct import *import, const struct importer *importer)
{
    const json_t *launch = import->raw->launches[import->launch - 1].text;
    if (import->raw->n_visits == 0 && import->raw->n_detours == 0 &&
        !json_object_get(launch, "results") &&
        diagnostics_count(import->diagnostics, SEVERITY_ERROR) == 0)
        import_complain(import, SEVERITY_ERROR, 0, 0, importer->example,
                        "there is no measurement in this file, which looks like %s",
                        importer->name);
    import->raw->imported_from = importer->name;
}

/* Two ranks where the user says that they were: what a launch of our own would tell of them. */
static json_t *ranks_json(enum raw_path network)
{
    const char *second_domain = network == RAW_SAME_DOMAIN ? "first" : "second";
    const char *second_host = network == RAW_OTHER_HOST ? "second" : "first";
    return json_pack("[{s:s, s:s, s:s}, {s:s, s:s, s:s}]", "host", "first", "domain", "first",
                     "physical_host", "first", "host", second_domain, "domain", second_domain,
                     "physical_host", second_host);
}

const struct importer *import_bytes(const struct import_text *source, struct raw *raw,
                                    struct diagnostics *diagnostics)
{
    struct import import = {.source = *source, .raw = raw, .diagnostics = diagnostics};
    const int before = diagnostics_count(diagnostics, SEVERITY_ERROR);
    const struct importer *importer = recognise(source);

    diagnostics_add_text(diagnostics, source->path, source->text, source->length);
    if (importer) {
        import.launch =
            raw_add_launch(raw, json_pack("{s:s, s:s, s:o}", "tool", importer->name, "file",
                                          source->path, "ranks", ranks_json(source->network)));
        importer->read(&import);
        settle(&import, importer);
    } else {
        refuse_unknown(&import);
    }
    return diagnostics_count(diagnostics, SEVERITY_ERROR) == before ? importer : NULL;
}

const struct importer *import_file(const char *path, enum raw_path network, struct raw *raw,
                                   struct diagnostics *diagnostics, int *status)
{
    struct import_text source = {.path = path, .network = network};
    char *text = NULL;

    *status = read_all(path, &text, &source.length);
    if (*status != 0)
        return NULL;
    source.text = text;
    const struct importer *importer = import_bytes(&source, raw, diagnostics);
    free(text);
    return importer;
}
