/*
 * outputs.h - where a command's result goes, in which formats: options, checks and writing.
 */
#ifndef VHPCSIM_OUTPUTS_H
#define VHPCSIM_OUTPUTS_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

enum format {
    FORMAT_TABLE, /* for people; goes where no other format goes */
    FORMAT_JSON,
    FORMAT_CSV,
    FORMAT_PROGRAM, /* what the real program would print */
    FORMAT_HTML,
    N_FORMATS
};

/* Where one format of the result goes. */
struct target {
    bool is_wanted;
    const char *path; /* NULL: standard output; borrowed */
};

struct outputs {
    struct target targets[N_FORMATS];
    const char *main_path; /* instead of standard output; NULL: none */
    bool is_quiet;         /* the table is its answer alone, and nothing tells progress */
    bool is_reproducible;  /* JSON without what differs between identical runs */
};

/* Keys of these options; a command's own options without a letter come from KEY_OF_COMMAND. */
enum {
    KEY_JSON = 0x100,
    KEY_CSV,
    KEY_PROGRAM_OUTPUT,
    KEY_HTML,
    KEY_REPRODUCIBLE,
    KEY_STRICT,
    KEY_ENGINE,
    KEY_SEED,
    KEY_OF_COMMAND = 0x200
};

/* Rows of an argp table; a command has those that it can write. */
#define OUTPUT_JSON                                                                                \
    {                                                                                              \
        "json", KEY_JSON, "FILE", OPTION_ARG_OPTIONAL,                                             \
            "Write the result as JSON to FILE, or instead of the table", 0                         \
    }
#define OUTPUT_CSV                                                                                 \
    {                                                                                              \
        "csv", KEY_CSV, "FILE", OPTION_ARG_OPTIONAL,                                               \
            "Write the metrics as CSV to FILE, or instead of the table", 0                         \
    }
#define OUTPUT_HTML                                                                                \
    {                                                                                              \
        "html", KEY_HTML, "FILE", OPTION_ARG_OPTIONAL,                                             \
            "Write a page with pictures to FILE, or instead of the table", 0                       \
    }
#define OUTPUT_REST                                                                                \
    {"output", 'o', "FILE", 0, "Write to FILE what would go to standard output", 0},               \
        {"reproducible",                                                                           \
         KEY_REPRODUCIBLE,                                                                         \
         NULL,                                                                                     \
         0,                                                                                        \
         "Leave out of JSON what differs between identical runs",                                  \
         0},                                                                                       \
    {                                                                                              \
        "quiet", 'q', NULL, 0, "Print no more than the answer, and no progress", 0                 \
    }

/* Takes one of the options above, or returns ARGP_ERR_UNKNOWN. */
error_t outputs_parse(int key, char *word, struct outputs *outputs);

/* After the last option: the table goes where no other format goes. Ends the process with a usage
 * error where two formats would go to one place. */
void outputs_settle(struct outputs *outputs, struct argp_state *state);

/*
 * Ends with EXIT_DONE where every file could be written as things stand; else says which cannot be
 * and returns EXIT_CANNOT_WRITE. A long run must not find out at its end that nobody can have its
 * result.
 */
int outputs_check(const char *program, const struct outputs *outputs);

/* Prints what `context` is in one format; `color` where headings may stand out. Returns 0 or a
 * negative errno. */
typedef int output_printer(const void *context, enum format format, const struct outputs *outputs,
                           bool color, FILE *out);

/*
 * Writes all wanted formats, each as a whole or not at all. Returns EXIT_DONE, or EXIT_CANNOT_WRITE
 * after a message.
 */
int outputs_write(const char *program, const struct outputs *outputs, output_printer *print,
                  const void *context);

#endif
