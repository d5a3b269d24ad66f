/*
 * disk.c - requests to the disk under a folder that the user names: in order and at random, of 4
 * KiB, 64 KiB and 1 MiB, with 1, 4 and 16 under way, each from a thread of its own that waits for
 * it.
 *
 * Rank 0 alone does it. Requests in order follow each other in the file whichever thread makes
 * them, as from a program that reads ahead. The page cache is bypassed (O_DIRECT); where the file
 * system refuses that, writes wait for the disk (O_DSYNC), the system forgets the file before each
 * repetition and reads nothing ahead, and cells say so. Caches of drive and hypervisor are part of
 * what is measured; where reads are faster than any drive, a remark tells. Parameters of a node:
 * disk.read, .write, .latency, .seek (raw.h). Left out: flushes, and disks of other hosts.
 */
#include "disk_file.h"
#include "line.h"
#include "random.h"
#include "repeat.h"
#include "workspace.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_UNDER_WAY = 16, LARGEST_B = 1 << 20 };

static const double target_s = 0.03; /* of a repetition: threads start within a hundredth of it */
static const double longest_fill_s = 10.0;
static const double guess_s = 1e-3; /* of a request, for time tables alone */

/* No drive answers sooner, nor delivers more. */
static const double soonest_s = 8e-6;
static const double fastest_Bps = 16e9;

static const double file_B[] = {[QUICK] = 0x1p27, [USUAL] = 0x1p29, [FULL] = 0x1p31};

/* --- the file ----------------------------------------------------------------------------- */

enum disk_use { DISK_UNKNOWN, DISK_NONE, DISK_BUFFERED, DISK_DIRECT };

static struct disk_file file; /* of rank 0 */

static void warn(const char *code, const char *text, int status)
{
    char line[256];
    snprintf(line, sizeof line, "%s: %s", text, strerror(-status));
    line_add_warning(code, line);
}

static enum disk_use open_file(const struct measure *measure, enum thoroughness thoroughness)
{
    const int status = disk_file_open(measure->disk_folder, file_B[thoroughness], &file);
    if (status != 0) {
        warn("disk-unusable", "disks are left out, as there can be no file to test them", status);
        fprintf(stderr, "warning: disks are left out: no file can be made in %s: %s\n",
                measure->disk_folder, strerror(-status));
        return DISK_NONE;
    }
    if (file.is_direct)
        return DISK_DIRECT;
    line_add_warning("disk-not-direct",
                     "the file system does not let the page cache be bypassed: "
                     "before each repetition it forgets the file, writes wait for the disk");
    return DISK_BUFFERED;
}

/* The same on every rank; the first call, which all make, opens the file. */
static enum disk_use disk_use(const struct measure *measure, enum thoroughness thoroughness)
{
    static int use = DISK_UNKNOWN;

    if (use != DISK_UNKNOWN)
        return (enum disk_use)use;
    if (measure->rank == 0)
        use = (int)open_file(measure, thoroughness);
    if (MPI_Bcast(&use, 1, MPI_INT, 0, measure->world) != MPI_SUCCESS)
        use = DISK_NONE;
    return (enum disk_use)use;
}

/* --- requests ----------------------------------------------------------------------------- */

/* What all threads of a visit share. */
struct requests {
    bool is_write, is_random;
    size_t size_B;
    int n_threads;
    long n_of_thread;
    char *data; /* size_B for each thread */
    struct random_stream *seeds;
    atomic_ulong next; /* number of a request in order */
    atomic_int status;
};

struct requester {
    struct requests *requests;
    int number;
    struct random_stream places;
    pthread_t thread;
};

static void *make_requests(void *requester_)
{
    struct requester *requester = requester_;
    struct requests *all = requester->requests;
    const unsigned long n_places = (unsigned long)file.size_B / all->size_B;

    for (long i = 0; i < all->n_of_thread; i++) {
        const unsigned long place = all->is_random ? random_bits(&requester->places) % n_places
                                                   : atomic_fetch_add(&all->next, 1) % n_places;
        const struct disk_request request = {all->is_write,
                                             all->data + (size_t)requester->number * all->size_B,
                                             all->size_B, (double)place * (double)all->size_B};
        const int status = disk_file_serve(&file, &request);
        if (status != 0)
            atomic_store(&all->status, status);
    }
    return NULL;
}

/* Each thread makes n requests: as long as n of them take, one behind the other. */
static void request_all(void *data, long n)
{
    struct requests *all = data;
    struct requester requesters[MOST_UNDER_WAY];
    int n_started = 1;

    assert(all->n_threads >= 1 && all->n_threads <= MOST_UNDER_WAY);
    disk_file_forget(&file);
    all->n_of_thread = n;
    for (int i = 0; i < all->n_threads; i++)
        requesters[i] = (struct requester){
            .requests = all,
            .number = i,
            .places = {random_bits(all->seeds)},
        };
    while (n_started < all->n_threads && pthread_create(&requesters[n_started].thread, NULL,
                                                        make_requests, &requesters[n_started]) == 0)
        n_started++;
    if (n_started < all->n_threads)
        atomic_store(&all->status, -EAGAIN);
    make_requests(&requesters[0]);
    for (int i = 1; i < n_started; i++)
        pthread_join(requesters[i].thread, NULL);
}

/* --- visits ------------------------------------------------------------------------------- */

/* Tells once where a cache must have answered. */
static void look_for_cache(const struct raw_cell *cell, const struct visit *visit)
{
    static bool is_told;

    for (int i = 1; i < visit->n && !is_told; i++)
        if (cell->operation == RAW_DISK_READ &&
            (visit->times_s[i] < soonest_s ||
             cell->argument[1] * cell->size_B / visit->times_s[i] > fastest_Bps)) {
            line_add_warning("disk-cached", "the disk was read faster than any drive can be: a "
                                            "cache (of a hypervisor, or memory as a file system) "
                                            "has answered");
            is_told = true;
        }
}

static int visit_disk(const struct measure *measure, const struct raw_cell *cell,
                      struct visit *visit)
{
    static struct random_stream seeds; /* no visit asks for what another has brought into a cache */
    static bool is_seeded;
    int self = measure->rank;
    const struct team alone = {.n = 1, .ranks = &self};

    if (measure->rank != cell->rank)
        return MPI_SUCCESS;
    if (!is_seeded)
        seeds = random_stream(measure->seed, "disk", 0);
    is_seeded = true;
    struct requests requests = {.is_write = cell->operation == RAW_DISK_WRITE,
                                .is_random = cell->argument[0] > 0.0,
                                .size_B = (size_t)cell->size_B,
                                .n_threads = (int)cell->argument[1],
                                .data = workspace_of(WORKSPACE_DISK, MOST_UNDER_WAY * LARGEST_B),
                                .seeds = &seeds,
                                .next = random_bits(&seeds) >> 1};
    if (!requests.data)
        return MPI_ERR_NO_MEM;
    int status = disk_file_fill(&file, longest_fill_s);
    if (status == 0) {
        memcpy(requests.data, workspace_random(LARGEST_B / sizeof(double)), LARGEST_B);
        status = repeat_work_for(measure, &alone, target_s, request_all, &requests, visit);
        if (status != MPI_SUCCESS)
            return status;
        status = atomic_load(&requests.status);
    }
    if (status != 0) {
        warn("disk-error", "a request to the disk failed, its visit is left out", status);
        visit->n = 0;
    }
    look_for_cache(cell, visit);
    return MPI_SUCCESS;
}

/* --- plan --------------------------------------------------------------------------------- */

static void plan_disk(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan, enum raw_operation operation)
{
    static const double sizes_B[] = {4096, 65536, LARGEST_B};
    static const int under_way[] = {1, 4, MOST_UNDER_WAY};
    const int step = request->thoroughness == QUICK ? 2 : 1;

    if (measure->is_simulated || !measure->disk_folder)
        return;
    const enum disk_use use = disk_use(measure, request->thoroughness);
    for (int i = 0; i < 3 && use != DISK_NONE; i += step)
        for (int j = 0; j < 3; j += step)
            for (int is_random = 0; is_random < 2; is_random++) {
                const struct raw_cell cell = {
                    .operation = operation,
                    .path = RAW_NOWHERE,
                    .size_B = sizes_B[i],
                    .n_active = 1,
                    .partner = -1,
                    .argument = {is_random, under_way[j], use == DISK_DIRECT}};
                plan_add(plan, &cell, VISIT_REPETITIONS * (target_s + guess_s * under_way[j]));
            }
}

static void plan_disk_read(const struct measure *measure, const struct plan_request *request,
                           struct plan *plan)
{
    plan_disk(measure, request, plan, RAW_DISK_READ);
}

static void plan_disk_write(const struct measure *measure, const struct plan_request *request,
                            struct plan *plan)
{
    plan_disk(measure, request, plan, RAW_DISK_WRITE);
}

const struct operation operation_disk_read = {
    .kind = RAW_DISK_READ,
    .help = "reads from the disk under --disk, in order and at random, 1 to 16 under way",
    .plan = plan_disk_read,
    .visit = visit_disk,
};

const struct operation operation_disk_write = {
    .kind = RAW_DISK_WRITE,
    .help = "writes to it, likewise",
    .plan = plan_disk_write,
    .visit = visit_disk,
};
