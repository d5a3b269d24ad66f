#include "load.h"

#include "random.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Three matrices of 40 KiB in all: within the second cache of every machine since 2008. */
enum { ORDER = 40 };

struct load {
    atomic_bool shall_end;
    atomic_int n_computing;
    cpu_set_t cores; /* where they may run; empty: where their process may */
    int n_threads;
    pthread_t *threads;
};

/* Members in the domain of `measure->rank`; *first is the first of them, or -1. */
static int members_here(const struct measure *measure, int n_members, const int members[],
                        int *first)
{
    int n = 0;

    *first = -1;
    for (int i = 0; i < n_members; i++) {
        if (measure->domain[members[i]] != measure->domain[measure->rank])
            continue;
        if (n++ == 0)
            *first = members[i];
    }
    return n;
}

int load_n_threads(const struct measure *measure, int n_members, const int members[])
{
    int first;
    const int n_here = members_here(measure, n_members, members, &first);

    if (n_here == 0 || measure->is_simulated)
        return 0;
    if (measure->n_cores == 1)
        return 1;
    return measure->n_cores > n_here ? measure->n_cores - n_here : 0;
}

static void fill(double matrix[ORDER][ORDER], struct random_stream *stream)
{
    for (int i = 0; i < ORDER; i++)
        for (int j = 0; j < ORDER; j++)
            matrix[i][j] = random_fraction(stream) - 0.5;
}

/* c = a b, so that nothing grows. */
static void multiply(double c[ORDER][ORDER], double a[ORDER][ORDER], double b[ORDER][ORDER])
{
    for (int i = 0; i < ORDER; i++) {
        for (int j = 0; j < ORDER; j++)
            c[i][j] = 0.0;
        for (int k = 0; k < ORDER; k++)
            for (int j = 0; j < ORDER; j++)
                c[i][j] += a[i][k] * b[k][j];
    }
}

static void *compute(void *argument)
{
    struct load *load = argument;
    struct random_stream stream = random_stream(1, "load", 0);
    double a[ORDER][ORDER], b[ORDER][ORDER], c[ORDER][ORDER];
    volatile double kept = 0.0; /* or the compiler would see that nobody wants the products */

    if (CPU_COUNT(&load->cores) > 0)
        sched_setaffinity(0, sizeof load->cores, &load->cores);
    fill(a, &stream);
    fill(b, &stream);
    atomic_fetch_add(&load->n_computing, 1);
    while (!atomic_load_explicit(&load->shall_end, memory_order_relaxed)) {
        multiply(c, a, b);
        kept = kept + c[ORDER / 2][ORDER / 3];
    }
    return NULL;
}

/*
 * The cores of this domain that no member is bound to: a thread may ask for all of the machine's
 * and gets those that the domain may use. Empty where members are not bound or no core is left.
 */
static cpu_set_t free_cores(const struct measure *measure, int n_members, const int members[])
{
    cpu_set_t own, cores;

    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof own, &own) != 0)
        return cores;
    memset(&cores, 0xff, sizeof cores);
    sched_setaffinity(0, sizeof cores, &cores);
    sched_getaffinity(0, sizeof cores, &cores);
    sched_setaffinity(0, sizeof own, &own);
    for (int i = 0; i < n_members; i++) {
        const int core = measure->core[members[i]];
        if (measure->domain[members[i]] == measure->domain[measure->rank] && core >= 0)
            CPU_CLR((size_t)core, &cores);
    }
    return cores;
}

struct load *load_start(const struct measure *measure, int n_members, const int members[])
{
    const int n_threads = load_n_threads(measure, n_members, members);
    int first;

    members_here(measure, n_members, members, &first);
    if (n_threads == 0 || first != measure->rank)
        return NULL;
    struct load *load = calloc(1, sizeof *load);
    if (!load)
        return NULL;
    load->threads = calloc((size_t)n_threads, sizeof *load->threads);
    load->cores = free_cores(measure, n_members, members);
    while (load->threads && load->n_threads < n_threads &&
           pthread_create(&load->threads[load->n_threads], NULL, compute, load) == 0)
        load->n_threads++;
    while (atomic_load(&load->n_computing) < load->n_threads)
        sched_yield();
    return load;
}

int load_n_running(const struct load *load)
{
    return load ? load->n_threads : 0;
}

void load_stop(struct load *load)
{
    if (!load)
        return;
    atomic_store(&load->shall_end, true);
    for (int i = 0; i < load->n_threads; i++)
        pthread_join(load->threads[i], NULL);
    free(load->threads);
    free(load);
}
