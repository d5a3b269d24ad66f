#include "document_man.h"

#include "document.h"
#include "field_describe.h"
#include "key_index.h"
#include "sim/config.h"
#include "sim/workload/workload.h"

#include <stdbool.h>
#include <string.h>

static const char head[] =
    ".TH VHPCSIM-SCENARIO 5 \"\" \"vhpcsim " VHPCSIM_VERSION "\" \"File Formats\"\n"
    ".SH NAME\n"
    "vhpcsim-scenario \\- scenario, profile and validation documents of vhpcsim\n"
    ".SH DESCRIPTION\n"
    "A scenario says what to simulate: the cluster, the guests on it, the MPI library and the\n"
    "workload. It is a YAML document that begins with\n"
    ".BR \"schema: vhpcsim\\-scenario/1\" .\n"
    "Keys are written below one another, as YAML has it, or as one path behind\n"
    ".B \\-\\-set\n"
    "of\n"
    ".BR vhpcsim\\-run (1).\n"
    ".PP\n"
    "Every quantity has a unit: 74 us, 1 Gbit/s, 4 GiB. Decimal and binary prefixes, bits and\n"
    "bytes are kept apart. A parameter is a quantity, or\n"
    ".BR \"{value, ci95: [LOW, HIGH], source, valid: [LOW, HIGH]}\" ,\n"
    "where ci95 is its 95 % interval, from which draws are made, and valid the range in which it\n"
    "was measured.\n"
    ".PP\n"
    "Where a key takes an expression, a formula may stand before the unit, with a blank between "
    "them:\n"
    "n/p*8 B. It may use p, the number of ranks, i, the pass of the innermost repetition from 0, "
    "and\n"
    "variables that the scenario declares; + \\- * / ^, comparisons, c ? a : b, and the functions "
    "min,\n"
    "max, floor, ceil, abs, sqrt, cbrt, exp, ln, log2 and log10.\n"
    ".PP\n"
    "Entries of a list are numbered from 0 in paths: workload.phases.0.size.\n"
    ".PP\n"
    "A profile is the name of a shipped one, a path such as ./my.yaml, or\n"
    ".BR \"{profile: NAME, KEY: VALUE}\" ,\n"
    "which changes some of its keys. A profile is a document of its own with the keys that stand\n"
    "below it here, and begins with schema: vhpcsim\\-node/1, vhpcsim\\-link/1, vhpcsim\\-mpi/1 "
    "or\n"
    "vhpcsim\\-technology/1.\n"
    ".PP\n"
    "Duplicate and unknown keys, anchors, aliases and tags are errors.\n";

static const char tail[] = ".SH SEE ALSO\n"
                           ".BR vhpcsim (1),\n"
                           ".BR vhpcsim\\-run (1),\n"
                           ".BR vhpcsim\\-validate (1),\n"
                           ".BR vhpcsim\\-explain (1),\n"
                           ".BR vhpcsim\\-list (1)\n";

/* Text in which roff sees no command: backslashes, hyphens and dots that begin a line. */
static void print_roff(const char *text, FILE *out)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
    fputc('\n', out);
}

static void print_fact(const char *name, const char *text, FILE *out)
{
    if (text[0] == '\0')
        return;
    fprintf(out, ".br\n%s: ", name);
    print_roff(text, out);
}

static void print_default(const struct field *field, FILE *out)
{
    if (field->fallback == NULL)
        print_fact("default", "none, it must be given", out);
    else if (field->fallback[0] == '@')
        fprintf(out, ".br\ndefault: what %s is\n", field->fallback + 1);
    else
        print_fact("default", field->fallback, out);
}

/* `prefix_B` bytes of the path are not shown. */
static void print_entry(const struct key_entry *entry, size_t prefix_B, FILE *out)
{
    char text[FIELD_TEXT_B];

    fputs(".TP\n.B ", out);
    print_roff(entry->path + prefix_B, out);
    print_roff(entry->field->help, out);
    if (entry->field->kind == FIELD_GROUP || entry->field->kind == FIELD_VARIANT)
        return;
    field_describe_kind(entry->field, text);
    print_fact("kind", text, out);
    field_describe_range(entry->field, text);
    print_fact("range", text, out);
    print_default(entry->field, out);
}

static bool begins_with_part(const char *path, const char *part)
{
    const size_t length = strlen(part);
    return strncmp(path, part, length) == 0 && path[length] == '.';
}

/* Keys of validation documents, which are no part of a scenario. */
static void print_validation(const struct key_index *index, FILE *out)
{
    static const char kind[] = "validation";
    fputs(".SH KEYS OF A VALIDATION DOCUMENT\n"
          "It begins with schema: vhpcsim\\-validation/1; see\n"
          ".BR vhpcsim\\-validate (1).\n",
          out);
    for (size_t i = 0; i < index->n; i++)
        if (begins_with_part(index->entries[i].path, kind))
            print_entry(&index->entries[i], sizeof kind, out);
}

/* Keys of a scenario, not of a workload or of a profile document by itself. */
static bool is_of_scenario(const struct key_entry *entry)
{
    for (size_t i = 0; workloads[i]; i++)
        if (begins_with_part(entry->path, workloads[i]->name))
            return false;
    for (const struct document_kind *kind = document_kinds; kind->name; kind++)
        if (kind != document_kinds && strcmp(kind->name, "mpi") != 0 &&
            begins_with_part(entry->path, kind->name))
            return false;
    return true;
}

static void print_workload(const struct key_index *index, const struct workload *workload,
                           FILE *out)
{
    fprintf(out, ".SS workload.kind: %s\n", workload->name);
    print_roff(workload->help, out);
    for (size_t i = 0; i < index->n; i++)
        if (begins_with_part(index->entries[i].path, workload->name))
            print_entry(&index->entries[i], strlen(workload->name) + 1, out);
}

int document_man_print(FILE *out)
{
    struct arena arena = {NULL, false};
    struct key_index index;
    const int status = key_index_init(&index, &arena);

    if (status == 0) {
        fputs(head, out);
        fputs(".SH KEYS OF A SCENARIO\n", out);
        for (size_t i = 0; i < index.n; i++)
            if (is_of_scenario(&index.entries[i]))
                print_entry(&index.entries[i], 0, out);
        fputs(".SH KEYS OF WORKLOADS\n", out);
        for (size_t i = 0; workloads[i]; i++)
            print_workload(&index, workloads[i], out);
        print_validation(&index, out);
        fputs(tail, out);
    }
    arena_release(&arena);
    return status;
}
