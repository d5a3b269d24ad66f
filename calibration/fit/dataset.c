#include "dataset.h"

#include "visits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- launches, hosts and domains -------------------------------------------------------------- */

static bool is_refused(const struct raw *raw, int launch)
{
    for (int i = 0; i < raw->n_remarks; i++)
        if (raw->remarks[i].launch == launch && raw->remarks[i].is_refusal)
            return true;
    return false;
}

static const json_t *rank_text(const struct dataset_launch *launch, int rank)
{
    return json_array_get(json_object_get(launch->launch->text, "ranks"), (size_t)rank);
}

/* Number of a name in a list that has room for it; it is added where it is new. */
static int number_of(const char **names, int *n, const char *name)
{
    for (int i = 0; i < *n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    names[(*n)++] = name;
    return *n - 1;
}

static const char *text_or(const json_t *object, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : otherwise;
}

static const char *host_name(const json_t *rank)
{
    return text_or(rank, "physical_host", text_or(rank, "host", "?"));
}

/* Numbers of operating systems count within a launch, and are the same in the next. */
static const char *domain_name(struct dataset *dataset, const json_t *rank)
{
    const json_t *domain = json_object_get(rank, "domain");
    const char *name = json_is_integer(domain)
                           ? arena_format(&dataset->arena, "%s %d", host_name(rank),
                                          (int)json_integer_value(domain))
                           : json_string_value(domain);
    return name ? name : "?";
}

static size_t count_ranks(const struct dataset *dataset)
{
    size_t n = 1; /* for ranks that no launch tells of */
    for (int i = 0; i < dataset->n_launches; i++)
        n += json_array_size(json_object_get(dataset->launches[i].launch->text, "ranks"));
    return n;
}

static void list_launches(struct dataset *dataset, bool is_forced)
{
    int n = 0;
    for (int i = 0; i < dataset->n_raws; i++)
        n += dataset->raws[i]->n_launches;
    dataset->launches = arena_alloc(&dataset->arena, (size_t)(n + 1) * sizeof *dataset->launches);
    for (int i = 0; i < dataset->n_raws && dataset->launches; i++)
        for (int j = 0; j < dataset->raws[i]->n_launches; j++) {
            const struct raw *raw = dataset->raws[i];
            const bool refused = is_refused(raw, raw->launches[j].number);
            dataset->launches[dataset->n_launches++] =
                (struct dataset_launch){raw, &raw->launches[j], is_forced || !refused};
            dataset->n_refused += refused && !is_forced;
        }
}

static void list_hosts(struct dataset *dataset)
{
    const size_t n = count_ranks(dataset);
    dataset->hosts = arena_alloc(&dataset->arena, n * sizeof *dataset->hosts);
    dataset->domains = arena_alloc(&dataset->arena, n * sizeof *dataset->domains);
    dataset->names = arena_alloc(&dataset->arena, n * sizeof *dataset->names);
    if (!dataset->hosts || !dataset->domains || !dataset->names)
        return;
    for (int i = 0; i < dataset->n_launches; i++) {
        const json_t *rank;
        size_t index;
        if (!dataset->launches[i].is_used)
            continue;
        json_array_foreach(json_object_get(dataset->launches[i].launch->text, "ranks"), index, rank)
        {
            number_of(dataset->hosts, &dataset->n_hosts, host_name(rank));
            number_of(dataset->domains, &dataset->n_domains, domain_name(dataset, rank));
            number_of(dataset->names, &dataset->n_names, text_or(rank, "host", "?"));
        }
    }
}

/* --- points ----------------------------------------------------------------------------------- */

/* A visit beside the conditions of its cell, to be sorted by these. */
struct loose_visit {
    const struct raw_cell *cell;
    struct dataset_visit visit;
};

static int compare_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

static int compare_cells(const struct raw_cell *a, const struct raw_cell *b)
{
    const double keys[][2] = {
        {a->operation, b->operation},
        {a->path, b->path},
        {a->load, b->load},
        {a->n_active, b->n_active},
        {a->size_B, b->size_B},
        {a->argument[0], b->argument[0]},
        {a->argument[1], b->argument[1]},
        {a->argument[2], b->argument[2]},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return compare_numbers(keys[i][0], keys[i][1]);
    return 0;
}

static int compare_visits(const void *first, const void *second)
{
    const struct loose_visit *a = first, *b = second;
    const int by_cell = compare_cells(a->cell, b->cell);
    if (by_cell != 0)
        return by_cell;
    if (a->visit.launch != b->visit.launch)
        return compare_numbers(a->visit.launch, b->visit.launch);
    if (a->visit.block != b->visit.block)
        return compare_numbers(a->visit.block, b->visit.block);
    return compare_numbers(a->visit.rank, b->visit.rank);
}

static int launch_number(const struct dataset *dataset, const struct raw *raw, int number)
{
    for (int i = 0; i < dataset->n_launches; i++)
        if (dataset->launches[i].raw == raw && dataset->launches[i].launch->number == number)
            return dataset->launches[i].is_used ? i : -1;
    return -1;
}

bool dataset_uses(const struct dataset *dataset, const struct raw *raw, int number)
{
    return launch_number(dataset, raw, number) >= 0;
}

static double median_of_copy(int n, const double values[], double room[])
{
    memcpy(room, values, (size_t)n * sizeof *room);
    return median_of(n, room);
}

static struct dataset_visit visit_of(struct dataset *dataset, int launch,
                                     const struct raw_visit *visit, double room[])
{
    const json_t *rank = rank_text(&dataset->launches[launch], visit->rank);
    return (struct dataset_visit){
        .launch = launch,
        .host = rank ? number_of(dataset->hosts, &dataset->n_hosts, host_name(rank)) : 0,
        .rank = visit->rank,
        .block = visit->block,
        .median_s = median_of_copy(visit->n, visit->times_s, room),
        .cold_s = visit->cold_s,
        .n = visit->n,
        .times_s = visit->times_s,
    };
}

static int most_repetitions(const struct dataset *dataset)
{
    int most = 1;
    for (int i = 0; i < dataset->n_raws; i++)
        for (int j = 0; j < dataset->raws[i]->n_visits; j++)
            if (dataset->raws[i]->visits[j].n > most)
                most = dataset->raws[i]->visits[j].n;
    return most;
}

static int gather(struct dataset *dataset, struct loose_visit loose[], double room[])
{
    int n = 0;
    for (int i = 0; i < dataset->n_raws; i++) {
        const struct raw *raw = dataset->raws[i];
        for (int j = 0; j < raw->n_visits; j++) {
            const struct raw_visit *visit = &raw->visits[j];
            const int launch = launch_number(dataset, raw, visit->launch);
            if (launch >= 0 && visit->n > 0)
                loose[n++] = (struct loose_visit){&raw->cells[visit->cell],
                                                  visit_of(dataset, launch, visit, room)};
        }
    }
    return n;
}

static int count_alike(int n, const struct loose_visit loose[])
{
    int alike = 1;
    while (alike < n && compare_cells(loose[0].cell, loose[alike].cell) == 0)
        alike++;
    return alike;
}

static void locate(struct dataset_point *point, double room[])
{
    for (int i = 0; i < point->n_visits; i++)
        room[i] = point->visits[i].median_s;
    point->location_s = median_of(point->n_visits, room);
    for (int i = 0; i < point->n_visits; i++)
        room[i] = point->visits[i].cold_s;
    point->cold_s = median_of(point->n_visits, room);
}

/* Points from visits that are sorted by their conditions. */
static void make_points(struct dataset *dataset, int n, const struct loose_visit loose[],
                        double room[])
{
    struct dataset_visit *visits = arena_alloc(&dataset->arena, (size_t)n * sizeof *visits);
    dataset->points = arena_alloc(&dataset->arena, (size_t)n * sizeof *dataset->points);
    if (!visits || !dataset->points)
        return;
    for (int i = 0; i < n; i++)
        visits[i] = loose[i].visit;
    for (int at = 0; at < n;) {
        const struct raw_cell *cell = loose[at].cell;
        struct dataset_point *point = &dataset->points[dataset->n_points++];
        *point = (struct dataset_point){.operation = cell->operation,
                                        .path = cell->path,
                                        .load = cell->load,
                                        .n_active = cell->n_active,
                                        .size_B = cell->size_B,
                                        .n_visits = count_alike(n - at, loose + at),
                                        .visits = visits + at};
        memcpy(point->argument, cell->argument, sizeof point->argument);
        locate(point, room);
        at += point->n_visits;
    }
}

static int fill(struct dataset *dataset)
{
    size_t n_visits = 1;
    for (int i = 0; i < dataset->n_raws; i++)
        n_visits += (size_t)dataset->raws[i]->n_visits;
    const size_t n_room = n_visits + (size_t)most_repetitions(dataset);
    struct loose_visit *loose = calloc(n_visits, sizeof *loose);
    double *room = calloc(n_room, sizeof *room);
    if (loose && room && dataset->launches && dataset->hosts) {
        const int n = gather(dataset, loose, room);
        qsort(loose, (size_t)n, sizeof *loose, compare_visits);
        if (n > 0)
            make_points(dataset, n, loose, room);
    }
    const bool has_failed = !loose || !room || dataset->arena.failed;
    free(loose);
    free(room);
    return has_failed ? -ENOMEM : dataset->n_points == 0 ? -ENODATA : 0;
}

int dataset_new(int n, struct raw *raws[], bool is_forced, struct dataset **dataset)
{
    struct dataset *made = calloc(1, sizeof *made);
    struct raw **kept = calloc((size_t)n + 1, sizeof(struct raw *));
    if (!made || !kept) {
        for (int i = 0; i < n; i++)
            raw_free(raws[i]);
        free(kept);
        free(made);
        return -ENOMEM;
    }
    made->raws = kept;
    made->n_raws = n;
    memcpy(kept, raws, (size_t)n * sizeof(struct raw *));
    list_launches(made, is_forced);
    list_hosts(made);
    const int status = fill(made);
    if (status == -ENOMEM)
        dataset_free(made);
    else
        *dataset = made;
    return status;
}

void dataset_free(struct dataset *dataset)
{
    if (!dataset)
        return;
    for (int i = 0; i < dataset->n_raws; i++)
        raw_free(dataset->raws[i]);
    free(dataset->raws);
    arena_release(&dataset->arena);
    free(dataset);
}

/* --- slices ----------------------------------------------------------------------------------- */

static bool is_of(const struct dataset_point *point, enum raw_operation operation,
                  enum raw_path path, enum raw_load load)
{
    return point->operation == operation && point->path == path && point->load == load;
}

struct dataset_slice dataset_slice(const struct dataset *dataset, enum raw_operation operation,
                                   enum raw_path path, enum raw_load load, int n_active)
{
    struct dataset_slice slice = {0, NULL};
    for (int i = 0; i < dataset->n_points; i++) {
        const struct dataset_point *point = &dataset->points[i];
        if (!is_of(point, operation, path, load))
            continue;
        if (n_active == 0)
            n_active = point->n_active;
        if (point->n_active != n_active)
            continue;
        if (slice.n++ == 0)
            slice.points = point;
    }
    return slice;
}

int dataset_most_active(const struct dataset *dataset, enum raw_operation operation,
                        enum raw_path path, enum raw_load load)
{
    int most = 0;
    for (int i = 0; i < dataset->n_points; i++)
        if (is_of(&dataset->points[i], operation, path, load) && dataset->points[i].n_active > most)
            most = dataset->points[i].n_active;
    return most;
}

int dataset_count_visits(const struct dataset_slice *slice)
{
    int n = 0;
    for (int i = 0; i < slice->n; i++)
        n += slice->points[i].n_visits;
    return n;
}

static bool has_launch(const struct dataset_slice *slice, int launch)
{
    for (int i = 0; i < slice->n; i++)
        for (int j = 0; j < slice->points[i].n_visits; j++)
            if (slice->points[i].visits[j].launch == launch)
                return true;
    return false;
}

int dataset_count_launches(const struct dataset_slice *slice)
{
    int n = 0, last = 0;
    for (int i = 0; i < slice->n; i++)
        for (int j = 0; j < slice->points[i].n_visits; j++)
            if (slice->points[i].visits[j].launch > last)
                last = slice->points[i].visits[j].launch;
    for (int launch = 0; launch <= last; launch++)
        n += has_launch(slice, launch);
    return n;
}

/* --- what launches tell of themselves ----------------------------------------------------------
 */

const json_t *dataset_launch_text(const struct dataset *dataset)
{
    for (int i = 0; i < dataset->n_launches; i++)
        if (dataset->launches[i].is_used)
            return dataset->launches[i].launch->text;
    return NULL;
}

const json_t *dataset_environment(const struct dataset *dataset)
{
    for (int i = 0; i < dataset->n_raws; i++) {
        const json_t *line;
        size_t index;
        json_array_foreach(dataset->raws[i]->environments, index, line)
        {
            const int launch = (int)json_integer_value(json_object_get(line, "launch"));
            if (dataset_uses(dataset, dataset->raws[i], launch))
                return json_object_get(line, "environment");
        }
    }
    return NULL;
}

int dataset_ranks_per_host(const struct dataset *dataset)
{
    int most = 0;
    for (int i = 0; i < dataset->n_launches; i++) {
        const json_t *ranks = json_object_get(dataset->launches[i].launch->text, "ranks");
        for (int host = 0; host < dataset->n_hosts && dataset->launches[i].is_used; host++) {
            const json_t *rank;
            size_t index;
            int n = 0;
            json_array_foreach(ranks, index, rank) n +=
                strcmp(host_name(rank), dataset->hosts[host]) == 0;
            if (n > most)
                most = n;
        }
    }
    return most;
}

bool dataset_is_imported(const struct dataset *dataset)
{
    return dataset->n_raws > 0 && dataset->raws[0]->imported_from != NULL;
}

enum { MAX_HOSTS_TOLD = 4, DATE_B = 10 };

static const char *hosts_text(const struct dataset *dataset, struct arena *arena)
{
    const char *text = dataset->n_names > 0 ? dataset->names[0] : "an unnamed host";
    for (int i = 1; i < dataset->n_names && i < MAX_HOSTS_TOLD && text; i++)
        text = arena_format(arena, "%s, %s", text, dataset->names[i]);
    if (dataset->n_names > MAX_HOSTS_TOLD && text)
        text = arena_format(arena, "%s and %d more", text, dataset->n_names - MAX_HOSTS_TOLD);
    return text;
}

/* The tools that a slice's numbers come from, each once. */
static const char *tools_text(const struct dataset *dataset, const struct dataset_slice *slice,
                              struct arena *arena)
{
    const char *text = NULL;
    for (int p = 0; p < slice->n; p++)
        for (int v = 0; v < slice->points[p].n_visits; v++) {
            const struct dataset_launch *launch =
                &dataset->launches[slice->points[p].visits[v].launch];
            const char *tool = text_or(launch->launch->text, "tool", "another tool");
            if (!text)
                text = tool;
            else if (!strstr(text, tool))
                text = arena_format(arena, "%s, %s", text, tool);
            if (!text)
                return NULL;
        }
    return text ? text : "other tools";
}

static const char *imported_source(const struct dataset *dataset, const struct dataset_slice *slice,
                                   const char *what, struct arena *arena)
{
    const char *tools = tools_text(dataset, slice, arena);
    return tools ? arena_format(arena, "imported from %s: %s, %d point%s", tools, what, slice->n,
                                slice->n == 1 ? "" : "s")
                 : NULL;
}

const char *dataset_source(const struct dataset *dataset, const struct dataset_slice *slice,
                           const char *what, struct arena *arena)
{
    if (dataset_is_imported(dataset))
        return imported_source(dataset, slice, what, arena);
    const char *started = text_or(dataset_launch_text(dataset), "started", "");
    const char *hosts = hosts_text(dataset, arena);
    const int n_launches = dataset_count_launches(slice);
    if (!hosts)
        return NULL;
    return arena_format(arena, "measured %.*s on %s: %s, %d point%s, %d visits, %d launch%s",
                        DATE_B, started, hosts, what, slice->n, slice->n == 1 ? "" : "s",
                        dataset_count_visits(slice), n_launches, n_launches == 1 ? "" : "es");
}
