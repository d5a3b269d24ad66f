/*
 * cases.h - a validation document: published or measured values, and the scenarios that should
 * predict them.
 *
 * Each of its runs is a scenario with settings on top; each result of a run is one value that
 * somebody measured there. A result is *predicted* when no parameter of the models was derived from
 * it, else an *input*, which is shown but not counted. A result without a published value asks for
 * a prediction alone.
 *
 * What a source does not tell, such as the class of an NPB run, a run may leave open by naming
 * alternatives, all equally likely: each is a scenario of its own, and the run's draws are dealt
 * over them.
 */
#ifndef VHPCSIM_CASES_H
#define VHPCSIM_CASES_H

#include "sim/input/arena.h"
#include "sim/input/field.h"

struct scenario;

enum relation { RELATION_EQUALS, RELATION_AT_LEAST, RELATION_AT_MOST };
extern const char *const relation_names[]; /* NULL at the end */

enum role { ROLE_PREDICTED, ROLE_INPUT };
extern const char *const role_names[]; /* NULL at the end */

struct case_result {
    /* Of the run's workload, time_s, or host_cpu_{guest,hypervisor,backend}. */
    char *metric;
    char *over;       /* name of a run of the document that it is compared with; "": none */
    double published; /* in `unit`; NAN: a prediction alone is wanted */
    /* The metric's own, also of a difference from `over`; of a quotient "ratio", or "percent":
     * 100 (ratio - 1). */
    char *unit;
    double uncertainty; /* half width of a range that was printed, or of rounding, in `unit` */
    int relation;       /* enum relation: what the source says of the value */
    int role;           /* enum role */
    double tolerance;   /* of the error, as score.h counts it; NAN: any will do */
    char *where, *row;  /* table or figure, and the reader's own number of the value */
    char *note;
};

struct case_run {
    char *name; /* unique in the document */
    char *system, *configuration;
    char *scenario_file;
    struct text_list settings; /* as --set has them */
    struct item_list either;   /* of struct text_list: settings of each alternative, on top */
    struct item_list results;  /* of struct case_result */
    /* What reading adds: */
    const char *scenario_path;
    int n_alternatives;          /* >= 1: without `either` the scenario is the only one */
    struct scenario **scenarios; /* checked; one of each alternative */
};

struct case_document {
    char *paper, *title;
    struct item_list runs; /* of struct case_run */
    /* What reading adds: */
    const char *file;
    struct arena arena;
};

extern const struct field case_fields[];

/* Run and result number `index` of a document and of a run. */
struct case_run *case_run_at(const struct case_document *document, int index);
const struct case_result *case_result_at(const struct case_run *run, int index);

/* The settings of alternative number `index`, which stand behind those of the run; none where the
 * run has no `either`. */
struct text_list case_run_alternative(const struct case_run *run, int index);

/* 64-bit hash of all that the run simulates, as 16 hex digits: that of its scenario, or one of all
 * alternatives in their order. */
void case_run_hash(const struct case_run *run, char hex[17]);

/* The run of that name; NULL when there is none. */
const struct case_run *case_run_named(const struct case_document *document, const char *name);

/* True when a result that is compared is a quotient, false when it is a difference. */
bool case_is_quotient(const struct case_result *result);

struct diagnostics;

/*
 * Reads the document at `path` and all scenarios of its runs, with `n_settings` settings laid over
 * each run's own, and checks that every result is a metric of its run, in its unit. All runs have
 * 20 draws of seed 1 unless these settings, not the runs' own, say otherwise. What is wrong
 * goes to `diagnostics`, a collection of this document alone: mistakes of a scenario at their
 * place in it, those of a run's settings at their place in the document, and of its alternatives
 * those of the first that has any. Returns 0, -EINVAL after
 * errors, -ENOENT and the like when the file cannot be read. `*document` is set on 0 only; free
 * with case_document_free().
 */
int case_document_read(const char *path, int n_settings, const char *const settings[],
                       struct diagnostics *diagnostics, struct case_document **document);

/* The same for a text that has been read already; `file` is its name in diagnostics and where
 * relative paths start from. */
int case_document_read_text(const char *file, const char *text, size_t length, int n_settings,
                            const char *const settings[], struct diagnostics *diagnostics,
                            struct case_document **document);

/*
 * Reads the scenarios of a document whose runs and results are known, and checks that they go
 * together: what reading does last. A unit that is "" becomes the metric's own.
 */
void case_read_scenarios(struct case_document *document, int n_settings,
                         const char *const settings[], struct diagnostics *diagnostics);

/*
 * Makes a document of a table of measurements, lines of metric, value and, if it is given, unit,
 * separated by commas or tabs, and of the one scenario that should predict them all. Empty lines,
 * lines that begin with "#" and a first line that begins with "metric" are skipped. Its paper is
 * the file's name. Returns as case_document_read().
 */
int case_table_read(const char *path, const char *scenario_path, int n_settings,
                    const char *const settings[], struct diagnostics *diagnostics,
                    struct case_document **document);
int case_table_read_text(const char *file, const char *text, size_t length,
                         const char *scenario_path, int n_settings, const char *const settings[],
                         struct diagnostics *diagnostics, struct case_document **document);

void case_document_free(struct case_document *document);

/*
 * The shipped documents' paths, sorted, in the arena. Returns how many, or a negative errno when
 * their folder cannot be read.
 */
int case_list_shipped(struct arena *arena, const char *const **paths);

#endif
