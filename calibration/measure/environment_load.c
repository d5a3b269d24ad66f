/*
 * environment_load.c - what else runs here just now.
 *
 * The load average is of a minute, in which the launch before may have run, so it only stands in
 * the record. Who takes processor time is seen from two looks at all processes. From within a guest
 * or a container, others' work is seen as stolen time or not at all.
 */
#include "environment_part.h"
#include "system_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct process {
    long id, parent;
    char name[17];
    double busy_s;
};

struct load_look {
    int n;
    struct process *processes; /* by rising id */
    double stolen_s;           /* of all processors since they started; < 0: not told */
};

static double ticks_s(double ticks)
{
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

/* A line of /proc/ID/stat: "12 (a name (x)) S 1 ..."; behind the name, the second word is the
 * parent, the 12th and 13th are times in user and system mode. */
static bool read_process(const struct environment_source *source, const char *id,
                         struct process *process)
{
    enum { PARENT = 1, USER_TIME = 11, SYSTEM_TIME = 12 };
    char *text = system_text(source, "/proc/%s/stat", id);
    const char *open = text ? strchr(text, '(') : NULL;
    const char *close = text ? strrchr(text, ')') : NULL;
    double parent, user, system;
    const bool is_read = open && close > open && word_number(close + 1, PARENT, &parent) &&
                         word_number(close + 1, USER_TIME, &user) &&
                         word_number(close + 1, SYSTEM_TIME, &system);
    if (is_read) {
        process->id = strtol(id, NULL, 10);
        process->parent = (long)parent;
        snprintf(process->name, sizeof process->name, "%.*s", (int)(close - open - 1), open + 1);
        process->busy_s = ticks_s(user + system);
    }
    free(text);
    return is_read;
}

/* "cpu  user nice system idle iowait irq softirq steal ..." */
static void read_processors(const struct environment_source *source, struct load_look *look)
{
    enum { STOLEN_TIME = 8 };
    double stolen;
    char *text = system_text(source, "/proc/stat");
    look->stolen_s = -1.0;
    if (text && word_number(text, STOLEN_TIME, &stolen))
        look->stolen_s = ticks_s(stolen);
    free(text);
}

struct load_look *load_look_new(const struct environment_source *source)
{
    struct load_look *look = calloc(1, sizeof *look);
    char **names = system_folder(source, "/proc");
    int n = 0;
    while (names && names[n])
        n++;
    if (look)
        look->processes = calloc((size_t)n + 1, sizeof *look->processes);
    for (int i = 0; look && look->processes && i < n; i++) {
        if (isdigit((unsigned char)names[i][0]) &&
            read_process(source, names[i], &look->processes[look->n]))
            look->n++;
    }
    system_folder_free(names);
    if (look)
        read_processors(source, look);
    return look;
}

void load_look_free(struct load_look *look)
{
    if (look)
        free(look->processes);
    free(look);
}

static int by_id(const void *a, const void *b)
{
    const long one = ((const struct process *)a)->id, other = ((const struct process *)b)->id;
    return (one > other) - (one < other);
}

static double busy_before_s(const struct load_look *look, const struct process *process)
{
    const struct process *found =
        bsearch(process, look->processes, (size_t)look->n, sizeof *process, by_id);
    return found ? found->busy_s : 0.0;
}

json_t *load_between(const struct load_look *before, const struct load_look *after,
                     double interval_s, const char *own_name, long own_parent)
{
    const double least_cores = 0.05; /* a clock tick in a fifth of a second */
    double others = 0.0;
    json_t *busy = json_array();
    for (int i = 0; i < after->n; i++) {
        const struct process *process = &after->processes[i];
        const double cores = (process->busy_s - busy_before_s(before, process)) / interval_s;
        const bool is_own = process->parent == own_parent && strcmp(process->name, own_name) == 0;
        if (cores < least_cores || is_own)
            continue;
        others += cores;
        json_array_append_new(busy, json_pack("{s:s, s:f}", "name", process->name, "cores", cores));
    }
    json_t *all =
        json_pack("{s:o, s:f, s:i}", "busy", busy, "others_cores", others, "n_processes", after->n);
    if (after->stolen_s >= 0.0 && before->stolen_s >= 0.0)
        json_object_set_new(all, "stolen_cores",
                            json_real((after->stolen_s - before->stolen_s) / interval_s));
    return all;
}

/* The name of this program as /proc shows it. */
static char *own_name(const struct environment_source *source)
{
    char *name = system_text(source, "/proc/self/comm");
    return name ? name : strdup("");
}

json_t *environment_load(const struct environment_source *source)
{
    const struct timespec interval = {.tv_nsec = 300 * 1000 * 1000};
    const double interval_s = 1e-9 * (double)interval.tv_nsec;
    struct load_look *before = load_look_new(source);
    struct timespec rest = interval;
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
        continue;
    struct load_look *after = load_look_new(source);
    char *name = own_name(source);
    json_t *all = before && after && name ? load_between(before, after, interval_s, name, getppid())
                                          : json_object();
    put_file(all, "average", source, "/proc/loadavg");
    put_file(all, "pressure_cpu", source, "/proc/pressure/cpu");
    free(name);
    load_look_free(before);
    load_look_free(after);
    return all;
}
