#include "gather.h"

#include "environment.h"
#include "line.h"
#include "mpi_library.h"
#include "system_file.h"

#include <assert.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

/* Whether no rank before this one is in its domain. */
static bool is_first_of_domain(const struct measure *measure)
{
    for (int i = 0; i < measure->rank; i++) {
        if (measure->domain[i] == measure->domain[measure->rank])
            return false;
    }
    return true;
}

static json_t *own_place(const struct measure *measure, const struct environment_source *here)
{
    json_t *place =
        json_pack("{s:i, s:i}", "domain", measure->domain[measure->rank], "core", sched_getcpu());
    char *status = system_text(here, "/proc/self/status");
    put_text(place, "cores", status ? line_value(status, "Cpus_allowed_list") : NULL);
    free(status);
    return place;
}

static void sort_lines(const json_t *lines, struct gathered *gathered)
{
    size_t i;
    json_t *line, *part;
    json_array_foreach(lines, i, line)
    {
        if ((part = json_object_get(line, "place")) != NULL)
            json_array_append(gathered->ranks, part);
        /* First ranks come in the order of their domains' numbers only by habit. */
        if ((part = json_object_get(line, "environment")) != NULL) {
            const size_t domain = (size_t)json_integer_value(json_object_get(line, "domain"));
            while (json_array_size(gathered->domains) <= domain)
                json_array_append_new(gathered->domains, json_object());
            json_array_set(gathered->domains, domain, part);
        }
    }
}

int gather_environments(const struct measure *measure, struct gathered *gathered)
{
    const struct environment_source here = environment_here();
    json_t *lines;
    *gathered = (struct gathered){.domains = NULL};
    line_add(json_pack("{s:o}", "place", own_place(measure, &here)));
    if (is_first_of_domain(measure))
        line_add(json_pack("{s:o, s:i}", "environment", environment_collect(&here), "domain",
                           measure->domain[measure->rank]));
    const int status = lines_gather(measure, &lines);
    if (status != MPI_SUCCESS || measure->rank != 0)
        return status;
    gathered->domains = json_array();
    gathered->ranks = json_array();
    gathered->mpi = mpi_library();
    sort_lines(lines, gathered);
    assert(json_array_size(gathered->ranks) == (size_t)measure->n_ranks);
    json_decref(lines);
    return MPI_SUCCESS;
}

void gathered_release(struct gathered *gathered)
{
    json_decref(gathered->domains);
    json_decref(gathered->ranks);
    json_decref(gathered->mpi);
    *gathered = (struct gathered){.domains = NULL};
}
