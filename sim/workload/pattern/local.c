/*
 * local.c - what a rank does without the others: computing, and its disk.
 */
#include "work.h"

#include "models/storage.h"

#include <math.h>

static double one_operation(const void *spec, int n_ranks, long step)
{
    (void)spec, (void)step;
    return n_ranks;
}

/* --- computing -------------------------------------------------------------------------- */

struct compute_phase {
    struct phase_common common;
    struct phase_work work;
};

static void compute_complete(void *spec, struct pattern_check *check)
{
    work_check(&((const struct compute_phase *)spec)->work, check);
}

static void compute_part(const void *spec, const struct turn *turn)
{
    work_do(&((const struct compute_phase *)spec)->work, turn, (uint64_t)turn->number);
}

static const struct field compute_fields[] = {
    PHASE_NAME, WORK_FIELDS(struct compute_phase, work, "each rank"), {0}};

extern const struct pattern_kind pattern_compute;
const struct pattern_kind pattern_compute = {.name = "compute",
                                             .help = "Every rank computes.",
                                             .fields = compute_fields,
                                             .spec_size = sizeof(struct compute_phase),
                                             .complete = compute_complete,
                                             .operations = one_operation,
                                             .part = compute_part};

/* --- disk ----------------------------------------------------------------------------------- */

static const char *const operation_names[] = {[DISK_READ] = "read", [DISK_WRITE] = "write", NULL};
static const char *const order_names[] = {
    [DISK_SEQUENTIAL] = "sequential", [DISK_RANDOM] = "random", NULL};

/* Three years: longer than anybody waits for a disk, and nothing that an engine cannot count. */
static const double longest_io_s = 1e8;

struct io {
    struct phase_common common;
    int operation; /* enum disk_operation */
    int order;     /* enum disk_order */
    struct expression size_B;
    double record_B;
    bool is_buffered;
    bool is_foreign;
};

static struct disk_access access_of(const struct io *io, long step)
{
    return (struct disk_access){.operation = (enum disk_operation)io->operation,
                                .order = (enum disk_order)io->order,
                                .record_B = io->record_B,
                                .n_records = expression_at(&io->size_B, step) / io->record_B,
                                .is_buffered = io->is_buffered,
                                .is_foreign = io->is_foreign,
                                .is_by_all = true};
}

static void io_complete(void *spec, struct pattern_check *check)
{
    if (!check->storage)
        return;
    double longest_s = 0.0;
    for (long step = 0; step < check->n_passes; step++) {
        const struct disk_access access = access_of(spec, step);
        const struct storage_cost cost = storage_cost_of(check->storage, &access);
        longest_s = fmax(longest_s, storage_cost_alone_s(&cost));
    }
    if (!(longest_s * check->n_ranks <= longest_io_s))
        pattern_refuse(check, "size", "take less, or larger records",
                       "all ranks together would use their disks for %.3g s",
                       longest_s * check->n_ranks);
}

static void io_part(const void *spec, const struct turn *turn)
{
    const struct disk_access access = access_of(spec, turn->step);
    const double start_s = rank_time_s(turn->rank);
    rank_disk(turn->rank, &access);
    *turn->disk_s += rank_time_s(turn->rank) - start_s;
}

static const struct field io_fields[] = {
    PHASE_NAME,
    {.key = "operation",
     .kind = FIELD_CHOICE,
     .choices = operation_names,
     .fallback = "write",
     .help = "What is done with the disk of the rank's node, which its ranks share.",
     .offset = offsetof(struct io, operation)},
    {.key = "order",
     .kind = FIELD_CHOICE,
     .choices = order_names,
     .fallback = "sequential",
     .help = "Whether records follow each other on the disk, or each has to be found.",
     .offset = offsetof(struct io, order)},
    {.key = "size",
     .kind = FIELD_EXPRESSION,
     .dimension = DIMENSION_BYTES,
     .min = 0.0,
     .max = 1e15,
     .help = "What each rank reads or writes.",
     .offset = offsetof(struct io, size_B)},
    {.key = "record",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_BYTES,
     .min = 512.0,
     .max = 1073741824.0,
     .fallback = "1 MiB",
     .help = "Bytes of one operation.",
     .offset = offsetof(struct io, record_B)},
    {.key = "buffered",
     .kind = FIELD_BOOL,
     .fallback = "false",
     .help = "Whether it goes through the page cache of the rank's operating system, as usual, or "
             "directly to its disk.",
     .offset = offsetof(struct io, is_buffered)},
    {.key = "input",
     .kind = FIELD_BOOL,
     .fallback = "false",
     .help = "Whether what is read was there before the run: no cache has it, and where a guest's "
             "disk is a snapshot it comes from the backing file.",
     .offset = offsetof(struct io, is_foreign)},
    {0}};

extern const struct pattern_kind pattern_io;
const struct pattern_kind pattern_io = {.name = "io",
                                        .help =
                                            "Every rank reads from or writes to its node's disk.",
                                        .fields = io_fields,
                                        .spec_size = sizeof(struct io),
                                        .uses_disk = true,
                                        .complete = io_complete,
                                        .operations = one_operation,
                                        .part = io_part};
