#include "command_raw.h"

#include "calibration/fit/fitted.h"
#include "calibration/raw/raw_read.h"
#include "command.h"
#include "command_scenario.h"
#include "command_trouble.h"

#include <errno.h>
#include <stdlib.h>

/* Reads all files; says what is wrong with any. */
static int read_files(const char *program, int n, const char *const paths[], struct raw *raws[],
                      struct diagnostics *diagnostics)
{
    int code = EXIT_DONE;
    for (int i = 0; i < n; i++) {
        int status = 0;
        const int n_before = diagnostics_count(diagnostics, SEVERITY_ERROR);
        raws[i] = raw_read(paths[i], diagnostics, &status);
        if (raws[i])
            continue;
        if (status != 0 && diagnostics_count(diagnostics, SEVERITY_ERROR) == n_before)
            code = command_cannot_read(program, paths[i], status);
        else if (code == EXIT_DONE)
            code = EXIT_INVALID_INPUT;
    }
    return code;
}

static int nothing_left(const char *program, const char *path, struct dataset **dataset)
{
    const int n_refused = (*dataset)->n_refused;
    if (n_refused > 0)
        fprintf(stderr,
                "%s: %d launch%s were refused when they were measured, and nothing else is there; "
                "--force uses them\n",
                program, n_refused, n_refused == 1 ? "" : "es");
    else
        fprintf(stderr, "%s: nothing is measured in %s\n", program, path);
    dataset_free(*dataset);
    *dataset = NULL;
    return EXIT_INVALID_INPUT;
}

int command_read_raws(const char *program, int n, const char *const paths[], bool is_forced,
                      struct dataset **dataset)
{
    struct raw **raws = calloc((size_t)n + 1, sizeof(struct raw *));
    struct diagnostics *diagnostics = diagnostics_new();
    int code = raws && diagnostics ? read_files(program, n, paths, raws, diagnostics)
                                   : command_out_of_memory(program);
    if (diagnostics)
        diagnostics_print(diagnostics, stderr, command_uses_color(stderr));
    if (code == EXIT_DONE) {
        const int status = dataset_new(n, raws, is_forced, dataset);
        code = status == -ENOMEM    ? command_out_of_memory(program)
               : status == -ENODATA ? nothing_left(program, paths[0], dataset)
                                    : EXIT_DONE;
    } else {
        for (int i = 0; raws && i < n; i++)
            raw_free(raws[i]);
    }
    diagnostics_free(diagnostics);
    free(raws);
    return code;
}

void command_tell_warning(const char *text, void *user)
{
    const char *program = user;
    fprintf(stderr, "%s: warning: %s\n", program, text);
}

int command_explain_no_profile(const char *program, const struct fitted *fitted)
{
    fprintf(stderr, "%s: no profile can be made of these measurements:\n", program);
    for (const struct note *note = fitted->notes; note; note = note->next)
        if (note->kind == NOTE_MISSING)
            fprintf(stderr, "  %s: %s\n", fit_part_names[note->part], note->text);
    return EXIT_INVALID_INPUT;
}
