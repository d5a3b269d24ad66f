/*
 * case_fields.c - the keys of a validation document.
 */
#include "cases.h"

#include "sim/input/document_rows.h"

const char *const relation_names[] = {"equals", "at_least", "at_most", NULL};
const char *const role_names[] = {"predicted", "input", NULL};

#define LIST(type, member, item, table)                                                            \
    .kind = FIELD_LIST, .offset = offsetof(type, member), .item_size_B = sizeof(item),             \
    .fields = table

static const struct field result_fields[] = {
    {.key = "metric",
     TEXT(struct case_result, metric),
     .help = "Metric of the run's workload, time_s, or host_cpu_guest, host_cpu_hypervisor, "
             "host_cpu_backend: the part of the busy core time."},
    {.key = "over",
     TEXT(struct case_result, over),
     .fallback = "",
     .help =
         "Run of this document with whose metric it is compared, as unit says; left out: none."},
    {.key = "published",
     QUANTITY(struct case_result, published),
     .fallback = "",
     .help = "What was measured, in unit; left out: a prediction is wanted, nothing is known."},
    {.key = "unit",
     TEXT(struct case_result, unit),
     .help = "The metric's own; with over, ratio, or percent: 100 (ratio - 1), or the metric's own "
             "for the difference."},
    {.key = "uncertainty",
     QUANTITY(struct case_result, uncertainty),
     FIELD_FROM_0,
     .fallback = "0",
     .help = "Half width of the range that was printed, or of its rounding, in unit; errors count "
             "beyond it."},
    {.key = "relation",
     CHOICE(struct case_result, relation),
     .choices = relation_names,
     .fallback = "equals",
     .help = "What the source says: the value, or that it is at least or at most so much."},
    {.key = "role",
     CHOICE(struct case_result, role),
     .choices = role_names,
     .fallback = "predicted",
     .help = "input: a parameter was derived from it, so it is shown and not counted."},
    {.key = "tolerance",
     QUANTITY(struct case_result, tolerance),
     .min = 0.0,
     .max = 10.0, /* of what is measured; more is a percentage without its sign */
     .fallback = "",
     .help = "Largest error that is accepted, such as 35 %; left out: any."},
    {.key = "where",
     TEXT(struct case_result, where),
     .fallback = "",
     .help = "Table, figure or section of the source."},
    {.key = "row",
     TEXT(struct case_result, row),
     .fallback = "",
     .help = "Number of the value in a collection of measurements."},
    {.key = "note",
     TEXT(struct case_result, note),
     .fallback = "",
     .help = "What a reader should know of it."},
    END};

static const struct field run_fields[] = {
    {.key = "name", TEXT(struct case_run, name), .help = "What others of this document call it."},
    {.key = "system",
     TEXT(struct case_run, system),
     .help = "What was measured, as the table shows it: KVM-77 e1000."},
    {.key = "configuration",
     TEXT(struct case_run, configuration),
     .fallback = "",
     .help = "How it was set up: 16 nodes, two 1-vCPU guests."},
    {.key = "scenario",
     TEXT(struct case_run, scenario_file),
     .help = "Scenario that predicts it: a path that begins at this document's folder."},
    {.key = "set",
     .kind = FIELD_TEXTS,
     .offset = offsetof(struct case_run, settings),
     .fallback = "[]",
     .help = "Settings that change the scenario, KEY=VALUE as --set takes them."},
    {.key = "either",
     .kind = FIELD_TEXT_LISTS,
     .offset = offsetof(struct case_run, either),
     .fallback = "[]",
     .help =
         "Alternatives where the source does not tell which it was: a list of settings each, on "
         "top of set. All are equally likely, and draws are dealt over them in turn."},
    {.key = "results",
     LIST(struct case_run, results, struct case_result, result_fields),
     .help = "What was measured there."},
    END};

const struct field case_fields[] = {
    {.key = "paper",
     TEXT(struct case_document, paper),
     .help = "Short name of the source, by which summaries are grouped."},
    {.key = "title",
     TEXT(struct case_document, title),
     .fallback = "",
     .help = "What the document holds, in one line."},
    {.key = "runs",
     LIST(struct case_document, runs, struct case_run, run_fields),
     .help = "Scenarios to run, each with what was measured there."},
    END};
