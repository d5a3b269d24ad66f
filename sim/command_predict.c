#include "command_predict.h"

#include "command.h"
#include "command_scenario.h"
#include "interruption.h"
#include "sim/input/diagnostic.h"
#include "sim/result/progress.h"
#include "sim/result/result_table.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- what is said beside the result ---------------------------------------- */

static void take_warning(const struct diagnostic *diagnostic, void *user)
{
    struct warnings *warnings = user;
    char place[PATH_MAX + 32];

    snprintf(place, sizeof place, "%s:%d:%d", diagnostic->place.file, diagnostic->place.line,
             diagnostic->place.column);
    warnings_add(warnings, WARNING_DOUBTFUL, place, diagnostic->hint, "%s", diagnostic->message);
}

static int describe(const struct command_prediction *prediction, double wall_s,
                    struct provenance *provenance)
{
    char host[HOST_NAME_MAX + 1] = "";

    gethostname(host, sizeof host - 1);
    provenance->scenario_path = strdup(prediction->path);
    provenance->command_line = strdup(prediction->command_line);
    provenance->host = strdup(host);
    provenance->wall_s = wall_s;
    return provenance->scenario_path && provenance->command_line && provenance->host ? 0 : -ENOMEM;
}

static int refuse_warnings(const struct command_prediction *prediction,
                           const struct warnings *warnings)
{
    for (int i = 0; i < warnings->n; i++)
        if (warnings->items[i].kind == WARNING_DOUBTFUL)
            result_warning_print(&warnings->items[i], "error", command_uses_color(stderr), stderr);
    fprintf(stderr, "%s: %s: warnings are errors with --strict\n", prediction->program,
            prediction->path);
    return EXIT_INVALID_INPUT;
}

static int failed(const struct command_prediction *prediction, int status, const char *reason)
{
    if (status == -EINTR) {
        fprintf(stderr, "%s: interrupted, nothing was written\n", prediction->program);
        return EXIT_INTERRUPTED;
    }
    fprintf(stderr, "%s: %s\n", prediction->program, reason);
    return status == -EDOM ? EXIT_INVALID_INPUT : EXIT_OUR_BUG;
}

/* --- together -------------------------------------------------------------- */

int command_predict(const struct command_prediction *prediction, const struct scenario *scenario,
                    const struct diagnostics *diagnostics, struct result *result)
{
    struct predict_options options = prediction->options;
    const double start_s = monotonic_s();
    struct result found = {0};
    char error[512];

    options.interrupted = interruption_catch();
    int status = predict(scenario, &options, &found, error, sizeof error);
    if (status != 0)
        return failed(prediction, status, error);

    int code = EXIT_DONE;
    diagnostics_each(diagnostics, SEVERITY_WARNING, take_warning, &found.warnings);
    status = describe(prediction, monotonic_s() - start_s, &found.provenance);
    if (status != 0 || found.warnings.out_of_memory)
        code = failed(prediction, -ENOMEM, strerror(ENOMEM));
    else if (prediction->is_strict && warnings_count(&found.warnings, WARNING_DOUBTFUL) > 0)
        code = refuse_warnings(prediction, &found.warnings);
    if (code == EXIT_DONE)
        *result = found;
    else
        result_release(&found);
    return code;
}

char *command_line_text(int argc, char *argv[])
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    for (int i = 0; i < argc; i++) {
        const bool is_plain = argv[i][strcspn(argv[i], " '\"\\$&|;<>()*?[]#~`")] == '\0';
        fprintf(out, is_plain || i == 0 ? "%s%s" : "%s'%s'", i > 0 ? " " : "", argv[i]);
    }
    return fclose(out) == 0 ? text : NULL;
}
