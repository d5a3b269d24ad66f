#include "command_scenario.h"

#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool command_uses_color(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR");
    return isatty(fileno(stream)) && (no_color == NULL || no_color[0] == '\0');
}

int command_read_scenario(const char *program, const char *path, int n_settings,
                          const char *const settings[], bool is_strict,
                          struct diagnostics *diagnostics, struct scenario **scenario)
{
    const int status = scenario_read(path, n_settings, settings, diagnostics, scenario);
    const int n_warnings = diagnostics_count(diagnostics, SEVERITY_WARNING);

    if (status == -EINVAL || (status == 0 && is_strict && n_warnings > 0)) {
        diagnostics_print(diagnostics, stderr, command_uses_color(stderr));
        if (status == 0) {
            fprintf(stderr, "%s: %s: warnings are errors with --strict\n", program, path);
            scenario_free(*scenario);
        }
        return EXIT_INVALID_INPUT;
    }
    if (status != 0) {
        fprintf(stderr, "%s: cannot read %s: %s\n", program, path, strerror(-status));
        return EXIT_CANNOT_READ;
    }
    return EXIT_DONE;
}
