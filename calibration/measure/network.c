#include "network.h"

#include "clock.h"
#include "load.h"
#include "random.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const double network_largest_B = 0x1p30;

const double network_calls_largest_B = 0x1p22;

static const double shortest_s = 1e-12;

/* Where little of a piece is timed, it ends here: a call may return long before its message went.
 */
static const double longest_piece_s = 0.005;

/* Between two looks of a rank that waits for nothing urgent. */
static const double quiet_s = 1e-3;

/* Some turns of a scheduler: those of Linux take 3 to 4 ms where two threads want a core. */
const double network_busy_piece_s = 0.02;

enum {
    LINE_B = 64,
    PAGE_B = 4096,
    MESSAGES_IN_MEMORY = BURST, /* receives of a burst must not overlap */
    DOUBLED_B = 64 << 20,
    BURST_B = 1 << 12,
    MOST_CONNECTED = 1024 /* above, connections between all ranks take too much of each */
};

enum raw_path network_path(const struct measure *measure, int rank, int other)
{
    if (measure->domain[rank] == measure->domain[other])
        return RAW_SAME_DOMAIN;
    return measure->host[rank] == measure->host[other] ? RAW_SAME_HOST : RAW_OTHER_HOST;
}

int network_find_pairs(const struct measure *measure, enum raw_path path, int ranks[])
{
    bool *is_taken = calloc((size_t)measure->n_ranks, sizeof *is_taken);
    int n = 0;

    for (int i = 0; is_taken && i < measure->n_ranks; i++) {
        int other = i + 1;
        while (!is_taken[i] && other < measure->n_ranks &&
               (is_taken[other] || network_path(measure, i, other) != path))
            other++;
        if (is_taken[i] || other == measure->n_ranks)
            continue;
        is_taken[i] = is_taken[other] = true;
        ranks[n++] = i;
        ranks[n++] = other;
    }
    free(is_taken);
    return n / 2;
}

int network_members(const struct measure *measure, const struct raw_cell *cell, int members[])
{
    if (cell->path == RAW_ALL_RANKS) {
        for (int i = 0; i < measure->n_ranks; i++)
            members[i] = i;
        return measure->n_ranks;
    }
    if (cell->n_active > 2) {
        const int n = 2 * network_find_pairs(measure, cell->path, members);
        return n < cell->n_active ? n : cell->n_active;
    }
    members[0] = cell->rank;
    members[1] = cell->partner;
    return 2;
}

/* Memory that only grows: [0] is sent from, [1] received into. Each rank has its own. */
static char *storage_of(int which, size_t size_B)
{
    static char *storage[2];
    static size_t storage_B[2];

    if (storage_B[which] >= size_B)
        return storage[which];
    free(storage[which]);
    storage_B[which] = 0;
    /* A power of two, or visits of sizes that rise would have new memory each time; but no more
     * than is asked for where that is much. */
    size_t room_B = PAGE_B;
    while (room_B < size_B && room_B < DOUBLED_B)
        room_B *= 2;
    if (room_B < size_B)
        room_B = (size_B + PAGE_B - 1) / PAGE_B * PAGE_B;
    size_B = room_B;
    storage[which] = aligned_alloc(PAGE_B, size_B);
    if (!storage[which])
        return NULL;
    storage_B[which] = size_B;
    /* Fractions, so that sums of them stay ordinary numbers. */
    struct random_stream stream = random_stream(1, "messages", (unsigned long)which);
    for (size_t i = 0; i + sizeof(double) <= size_B; i += sizeof(double)) {
        const double fraction = random_fraction(&stream);
        memcpy(storage[which] + i, &fraction, sizeof fraction);
    }
    return storage[which];
}

static struct network_memory memory_of(int which, size_t message_B)
{
    const size_t unit_B = message_B < PAGE_B ? LINE_B : PAGE_B;
    const size_t units = message_B == 0 ? 1 : (message_B + unit_B - 1) / unit_B;
    struct network_memory memory = {.stride_B = units * unit_B};

    memory.size_B = message_B < PAGE_B ? MESSAGES_IN_MEMORY * memory.stride_B : memory.stride_B;
    memory.start = storage_of(which, memory.size_B);
    return memory;
}

int exchange_init(struct exchange *exchange, const struct measure *measure,
                  const struct raw_cell *cell)
{
    *exchange = (struct exchange){.measure = measure, .cell = cell, .member = -1};
    exchange->members = calloc((size_t)measure->n_ranks, sizeof(int));
    if (!exchange->members)
        return exchange->error = MPI_ERR_NO_MEM;
    exchange->n_members = network_members(measure, cell, exchange->members);
    for (int i = 0; i < exchange->n_members; i++) {
        if (exchange->members[i] == measure->rank)
            exchange->member = i;
    }
    if (exchange->member >= 0)
        exchange_resize(exchange, cell->size_B);
    return exchange->error;
}

void exchange_resize(struct exchange *exchange, double size_B)
{
    const struct raw_cell *cell = exchange->cell;
    /* All to all needs memory for each of the others. */
    const double all_B = cell->operation == RAW_ALLTOALL ? size_B * cell->n_active : size_B;

    assert(all_B >= 0.0 && all_B <= network_largest_B);
    exchange->size_B = (int)size_B;
    exchange->sent = memory_of(0, (size_t)all_B);
    exchange->received = memory_of(1, (size_t)all_B);
    if (!exchange->sent.start || !exchange->received.start)
        exchange_check(exchange, MPI_ERR_NO_MEM);
}

void exchange_release(struct exchange *exchange)
{
    free(exchange->members);
    exchange->members = NULL;
}

/* By dissemination: after round r each has the largest of 2^(r+1) neighbours. */
double exchange_meet(struct exchange *exchange, double value)
{
    for (int step = 1; step < exchange->n_members && !exchange->error; step *= 2) {
        const int n = exchange->n_members;
        const int to = exchange->members[(exchange->member + step) % n];
        const int from = exchange->members[(exchange->member + n - step) % n];
        double theirs = value;
        exchange_check(exchange,
                       MPI_Sendrecv(&value, 1, MPI_DOUBLE, to, TAG_MEET, &theirs, 1, MPI_DOUBLE,
                                    from, TAG_MEET, exchange->measure->world, MPI_STATUS_IGNORE));
        value = fmax(value, theirs);
    }
    return value;
}

double exchange_elapsed_s(const struct exchange *exchange, double since_s, int count)
{
    const double all_s = clock_now_s() - since_s - exchange->measure->timer_overhead_s;
    return fmax(all_s / count, shortest_s);
}

int exchange_burst(const struct exchange *exchange, int left)
{
    int most = exchange->size_B > 0 ? BURST_B / exchange->size_B : BURST;

    most = most < 1 ? 1 : most > BURST ? BURST : most;
    return left < most ? left : most;
}

/* How many operations this member wants in a piece, if one of them is told to take `one_s` (0: not
 * this member's to tell) and the piece moves on by one in `passing_s`. */
static double wanted(const struct exchange *exchange, double one_s, double passing_s, int most)
{
    const bool is_busy = exchange->cell->load == RAW_BUSY;
    const double longest = floor((is_busy ? network_busy_piece_s : longest_piece_s) / passing_s);

    if (is_busy || one_s == 0.0)
        return fmin(fmax(longest, 1.0), most);
    const double enough = (double)clock_batch(one_s, exchange->measure->timer_overhead_s);
    return fmin(fmax(fmin(longest, enough), 1.0), most);
}

/* Sets *count to what all want of the next piece. */
static double timed(struct exchange *exchange, network_piece *piece, int most, int *count)
{
    const double start_s = clock_now_s();
    const double one_s = piece(exchange, *count);
    const double passing_s = fmax((clock_now_s() - start_s) / *count, shortest_s);

    *count = (int)-exchange_meet(exchange, -wanted(exchange, one_s, passing_s, most));
    return one_s;
}

static void repeat(struct exchange *exchange, network_piece *piece, int most, struct visit *visit)
{
    int count = 1;

    exchange_meet(exchange, 0.0);
    visit->times_s[0] = timed(exchange, piece, most, &count);
    if (count > 1)
        timed(exchange, piece, most, &count);
    const int n = count;
    for (int i = 1; i < VISIT_REPETITIONS; i++, count = n)
        visit->times_s[i] = timed(exchange, piece, most, &count);
    if (!exchange->error && visit->times_s[0] > 0.0)
        visit->n = VISIT_REPETITIONS;
}

int network_visit(const struct measure *measure, const struct raw_cell *cell, network_piece *piece,
                  int most, struct visit *visit)
{
    struct exchange exchange;

    visit->n = 0;
    exchange_init(&exchange, measure, cell);
    if (exchange.error == MPI_SUCCESS && exchange.member >= 0) {
        struct load *load = NULL;
        if (cell->load == RAW_BUSY)
            load = load_start(measure, exchange.n_members, exchange.members);
        repeat(&exchange, piece, most, visit);
        load_stop(load);
    }
    exchange_release(&exchange);
    return exchange.error;
}

void network_pause(const struct measure *measure, double seconds)
{
    if (measure->is_simulated) {
        clock_sleep(seconds);
        return;
    }
    for (const double start_s = clock_now_s(); clock_now_s() - start_s < seconds;)
        ;
}

int network_connect(const struct measure *measure)
{
    const int n = measure->n_ranks;
    int status = MPI_SUCCESS;

    for (int step = 1; step < n && step < MOST_CONNECTED && status == MPI_SUCCESS; step++) {
        const int to = (measure->rank + step) % n, from = (measure->rank + n - step) % n;
        status = MPI_Sendrecv(NULL, 0, MPI_BYTE, to, TAG_MEET, NULL, 0, MPI_BYTE, from, TAG_MEET,
                              measure->world, MPI_STATUS_IGNORE);
    }
    return status;
}

int network_tell_all(const struct measure *measure, int root, void *bytes, size_t size_B)
{
    MPI_Request request;
    int is_done = 0;
    int status = MPI_Ibcast(bytes, (int)size_B, MPI_BYTE, root, measure->world, &request);

    while (status == MPI_SUCCESS && !is_done) {
        status = MPI_Test(&request, &is_done, MPI_STATUS_IGNORE);
        if (!is_done)
            clock_sleep(quiet_s);
    }
    return status;
}
