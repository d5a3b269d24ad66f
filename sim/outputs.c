#include "outputs.h"

#include "command.h"
#include "command_scenario.h"
#include "sim/result/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The options that ask for formats, without their dashes; the table has none. */
static const char *const option_names[N_FORMATS] = {[FORMAT_JSON] = "json",
                                                    [FORMAT_CSV] = "csv",
                                                    [FORMAT_PROGRAM] = "program-output",
                                                    [FORMAT_HTML] = "html"};

/* --- options --------------------------------------------------------------- */

static void add_target(struct outputs *outputs, enum format format, const char *path)
{
    outputs->targets[format] = (struct target){true, path};
}

/* Two formats in one place: the second would replace the first. */
static void refuse_same_place(const struct target targets[N_FORMATS], struct argp_state *state)
{
    for (int a = 0; a < N_FORMATS; a++)
        for (int b = a + 1; b < N_FORMATS; b++) {
            const char *one = targets[a].path, *other = targets[b].path;
            if (!targets[a].is_wanted || !targets[b].is_wanted)
                continue;
            if (one == NULL && other == NULL)
                argp_error(state,
                           "--%s and --%s cannot both go to standard output; give one a file, "
                           "such as --%s=FILE",
                           option_names[a], option_names[b], option_names[b]);
            if (one != NULL && other != NULL && strcmp(one, other) == 0)
                argp_error(state, "two formats cannot both go to \"%s\"; give each its own file",
                           one);
        }
}

void outputs_settle(struct outputs *outputs, struct argp_state *state)
{
    struct target *targets = outputs->targets;
    bool has_main = false;

    refuse_same_place(targets, state);
    for (int format = 0; format < N_FORMATS; format++)
        has_main = has_main || (targets[format].is_wanted && targets[format].path == NULL);
    if (!has_main)
        add_target(outputs, FORMAT_TABLE, NULL);
    for (int format = 0; format < N_FORMATS; format++)
        if (targets[format].is_wanted && targets[format].path == NULL)
            targets[format].path = outputs->main_path;
    refuse_same_place(targets, state);
}

error_t outputs_parse(int key, char *word, struct outputs *outputs)
{
    switch (key) {
    case KEY_JSON:
        add_target(outputs, FORMAT_JSON, word);
        return 0;
    case KEY_CSV:
        add_target(outputs, FORMAT_CSV, word);
        return 0;
    case KEY_PROGRAM_OUTPUT:
        add_target(outputs, FORMAT_PROGRAM, word);
        return 0;
    case KEY_HTML:
        add_target(outputs, FORMAT_HTML, word);
        return 0;
    case KEY_REPRODUCIBLE:
        outputs->is_reproducible = true;
        return 0;
    case 'o':
        outputs->main_path = word;
        return 0;
    case 'q':
        outputs->is_quiet = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* --- writing --------------------------------------------------------------- */

static int cannot_write(const char *program, const char *path, int status)
{
    fprintf(stderr, "%s: cannot write %s: %s\n", program, path ? path : "the result",
            strerror(-status));
    return EXIT_CANNOT_WRITE;
}

int outputs_check(const char *program, const struct outputs *outputs)
{
    for (int format = 0; format < N_FORMATS; format++) {
        const struct target *target = &outputs->targets[format];
        const int status = target->is_wanted && target->path ? output_check(target->path) : 0;
        if (status != 0)
            return cannot_write(program, target->path, status);
    }
    return EXIT_DONE;
}

/* Formats all of it in memory before the first byte is written. */
static int write_format(const struct outputs *outputs, enum format format, output_printer *print,
                        const void *context)
{
    const char *path = outputs->targets[format].path;
    const bool color = path == NULL && command_uses_color(stdout);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return -ENOMEM;
    int status = print(context, format, outputs, color, out);
    if (fclose(out) != 0 && status == 0)
        status = -ENOMEM;
    if (status == 0 && path != NULL)
        status = output_write(path, text, size);
    else if (status == 0)
        fwrite(text, 1, size, stdout); /* main() tells whether that worked */
    free(text);
    return status;
}

int outputs_write(const char *program, const struct outputs *outputs, output_printer *print,
                  const void *context)
{
    for (int format = 0; format < N_FORMATS; format++) {
        if (!outputs->targets[format].is_wanted)
            continue;
        const int status = write_format(outputs, (enum format)format, print, context);
        if (status != 0)
            return cannot_write(program, outputs->targets[format].path, status);
    }
    return EXIT_DONE;
}
