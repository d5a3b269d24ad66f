/*
 * cmd_schema.c - `vhpcsim schema`: the JSON Schema of what the program reads and writes.
 */
#include "command.h"
#include "command_line.h"
#include "sim/input/document_man.h"
#include "sim/input/document_schema.h"
#include "sim/result/comparison_print.h"
#include "sim/result/result_json.h"
#include "sim/validation/validate_json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KINDS = 16 };

/* What the program writes; what it reads is in document_kinds. */
static const struct written_kind {
    const char *name;
    json_t *(*schema_json)(void);
} written_kinds[] = {{"result", result_schema_json},
                     {"comparison", comparison_schema_json},
                     {"validation-result", validate_schema_json},
                     {NULL, NULL}};

enum { KEY_MAN = 0x100 }; /* no letter: a long option only */

struct request {
    const char *kind; /* NULL: a scenario */
    bool wants_man;
};

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;
    switch (key) {
    case KEY_MAN:
        request->wants_man = true;
        return 0;
    case ARGP_KEY_ARG:
        if (request->kind)
            argp_error(state, "more than one kind of document given");
        request->kind = word;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"man", KEY_MAN, NULL, 0, "Print the manual page of all documents instead", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Prints the JSON Schema (draft 2020-12) of a kind of document: scenario (unless another is "
    "given), node, link, mpi, technology or validation, which the program reads, result, "
    "comparison "
    "or validation-result, which it writes as JSON."
    "\v"
    "Editors with a YAML language server complete and check documents by it.";

/* The schema of the documents that `name` means; a name that means none ends the process. */
static json_t *schema_of(const char *program, const char *name)
{
    const struct document_kind *read = document_kind_by_name(name);
    const char *names[MAX_KINDS];
    size_t n = 0;

    if (read)
        return document_schema_json(read);
    for (const struct written_kind *kind = written_kinds; kind->name; kind++) {
        if (strcmp(name, kind->name) == 0)
            return kind->schema_json();
        names[n++] = kind->name;
    }
    for (const struct document_kind *kind = document_kinds; kind->name; kind++)
        names[n++] = kind->name;
    command_line_unknown(program, "kind of document", name, n, names);
}

static int print_schema(const char *program, const char *name)
{
    json_t *schema = schema_of(program, name);
    char *text = schema ? json_dumps(schema, JSON_INDENT(2)) : NULL;
    json_decref(schema);
    if (!text)
        return -ENOMEM;
    puts(text);
    free(text);
    return 0;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "[KIND]", doc, NULL, NULL, NULL};
    struct request request = {0};
    command_line_parse(&argp, 0, argc, argv, &request);

    const int error = request.wants_man
                          ? document_man_print(stdout)
                          : print_schema(argv[0], request.kind ? request.kind : "scenario");
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[0], strerror(-error));
        return EXIT_OUR_BUG;
    }
    return EXIT_DONE;
}

const struct command command_schema = {"schema", "print the JSON Schema of a kind of document",
                                       run};
