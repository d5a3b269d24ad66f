#include "data_folder.h"

#include "sim/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A validation document names scenarios by a path that begins at its own folder, so it is installed
 * as far from them as it is in the source. */
static const char *const names[] = {[DATA_PROFILES] = "profiles",
                                    [DATA_SCENARIOS] = "scenarios",
                                    [DATA_VALIDATION] = "tests/validation"};

/* <folder of the executable>/VHPCSIM_RELATIVE_DATADIR/...; NULL when the system does not tell. */
static const char *beside_executable(struct arena *arena, enum data_folder folder)
{
    char executable[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
    if (length <= 0)
        return NULL;
    executable[length] = '\0';
    const char *slash = strrchr(executable, '/');
    return arena_format(arena, "%.*s/%s/%s", (int)(slash ? slash - executable : 0), executable,
                        VHPCSIM_RELATIVE_DATADIR, names[folder]);
}

const char *data_folder_path(struct arena *arena, enum data_folder folder)
{
    const char *candidates[4];
    int n = 0;
    const char *chosen = getenv("VHPCSIM_DATA");
    if (chosen && chosen[0] != '\0')
        candidates[n++] = arena_format(arena, "%s/%s", chosen, names[folder]);
    candidates[n++] = beside_executable(arena, folder);
    candidates[n++] = arena_format(arena, "%s/%s%s", VHPCSIM_SOURCE_DIR,
                                   folder == DATA_PROFILES ? "models/" : "", names[folder]);
    candidates[n++] = arena_format(arena, "%s/%s", VHPCSIM_INSTALL_DATADIR, names[folder]);

    for (int i = 0; i < n; i++)
        if (candidates[i] && access(candidates[i], F_OK) == 0)
            return candidates[i];
    return candidates[n - 1];
}
