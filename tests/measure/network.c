/*
 * The network operations of the measuring program, under a real MPI: for mpirun with 2 ranks and
 * more.
 *
 * usage: test_measure_network   prints what fails on rank 0's standard output; status 1 if anything
 * does
 *
 * All ranks stand for one domain or for hosts of their own, wherever they are. Delays are put into
 * MPI_Send itself, which this program replaces, and have to come out of the measurements.
 */
#include "calibration/measure/network.h"
#include "calibration/measure/clock.h"
#include "calibration/measure/load.h"
#include "calibration/measure/plan.h"
#include "calibration/measure/thresholds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double send_delay_s;
static int n_failed;

int MPI_Send(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm)
{
    for (const double start_s = clock_now_s(); clock_now_s() - start_s < send_delay_s;)
        ;
    return PMPI_Send(buffer, count, type, to, tag, comm);
}

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("line %d: %s: ", __LINE__, #condition);                                         \
            printf(__VA_ARGS__);                                                                   \
            printf("\n");                                                                          \
            n_failed++;                                                                            \
        }                                                                                          \
    } while (0)

/* Eight ranks at the most, placed as the letters say: "aabb" is two ranks each on two hosts. */
struct placed {
    int place[16], core[16];
    struct measure measure;
};

static const struct measure *place(struct placed *placed, const char *hosts)
{
    const int n = (int)strlen(hosts);

    for (int i = 0; i < n; i++) {
        placed->place[i] = hosts[i] - 'a';
        placed->core[i] = -1;
    }
    placed->measure = (struct measure){.world = MPI_COMM_WORLD,
                                       .n_ranks = n,
                                       .domain = placed->place,
                                       .host = placed->place,
                                       .core = placed->core,
                                       .n_cores = 1,
                                       .seed = 7,
                                       .timer_overhead_s = clock_measure().overhead_s};
    return &placed->measure;
}

static void check_pairs(const char *hosts, enum raw_path path, const char *expected)
{
    struct placed placed;
    int ranks[16];
    char text[64] = "";
    const int n = network_find_pairs(place(&placed, hosts), path, ranks);

    for (int i = 0; i < n; i++)
        sprintf(text + strlen(text), "%d-%d ", ranks[2 * i], ranks[2 * i + 1]);
    CHECK(strcmp(text, expected) == 0, "%s: %s instead of %s", hosts, text, expected);
}

static void pairs_have_no_rank_twice_and_the_right_path(void)
{
    check_pairs("aabb", RAW_SAME_DOMAIN, "0-1 2-3 ");
    check_pairs("aabb", RAW_OTHER_HOST, "0-2 1-3 ");
    check_pairs("abab", RAW_SAME_DOMAIN, "0-2 1-3 ");
    check_pairs("abab", RAW_OTHER_HOST, "0-1 2-3 ");
    check_pairs("aaab", RAW_OTHER_HOST, "0-3 ");
    check_pairs("aaabbbcc", RAW_OTHER_HOST, "0-3 1-4 2-5 ");
    check_pairs("abc", RAW_SAME_DOMAIN, "");
    check_pairs("aa", RAW_OTHER_HOST, "");
}

static void load_has_a_thread_for_each_free_core_or_one_beside_a_lone_rank(void)
{
    struct placed placed;
    const int members[] = {0, 2};

    place(&placed, "aabb");
    CHECK(load_n_threads(&placed.measure, 2, members) == 1, "one core");
    placed.measure.n_cores = 5;
    CHECK(load_n_threads(&placed.measure, 2, members) == 4, "five cores, one member");
    CHECK(load_n_threads(&placed.measure, 2, (int[]){0, 1}) == 3, "five cores, two members");
    placed.measure.n_cores = 2;
    CHECK(load_n_threads(&placed.measure, 2, (int[]){0, 1}) == 0, "as many members as cores");
    CHECK(load_n_threads(&placed.measure, 2, (int[]){2, 3}) == 0, "members elsewhere");
    placed.measure.is_simulated = true;
    CHECK(load_n_threads(&placed.measure, 2, members) == 0, "simulated");
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void load_computes_until_it_is_stopped(const struct measure *measure)
{
    const double before_s = cpu_s();
    struct load *load = load_start(measure, 1, &measure->rank);

    CHECK(load_n_running(load) == 1, "%d threads", load_n_running(load));
    for (int i = 0; i < 1000 && cpu_s() - before_s < 0.02; i++)
        clock_sleep(0.01);
    load_stop(load);
    const double with_s = cpu_s() - before_s;
    clock_sleep(0.1);
    const double without_s = cpu_s() - before_s - with_s;

    CHECK(with_s >= 0.02, "%g s of CPU time under load", with_s);
    CHECK(without_s < 0.01, "%g s of CPU time after load", without_s);
}

static const struct operation *operation_of(enum raw_operation kind)
{
    for (int i = 0; operations[i]; i++)
        if (operations[i]->kind == kind)
            return operations[i];
    CHECK(false, "no operation %s", raw_operation_names[kind]);
    exit(1);
}

/* Visits a cell and returns what rank `of` has measured: the shortest time, or 0. */
static double shortest_s(const struct measure *measure, const struct raw_cell *cell, int of)
{
    struct visit visit = {.n = -1};
    const int status = operation_of(cell->operation)->visit(measure, cell, &visit);
    double least_s = visit.n > 0 ? INFINITY : 0.0;

    CHECK(status == MPI_SUCCESS, "%s ends with %d", raw_operation_names[cell->operation], status);
    CHECK(visit.n == 0 || visit.n == VISIT_REPETITIONS, "%d repetitions", visit.n);
    for (int i = 0; i < visit.n; i++) {
        CHECK(visit.times_s[i] > 0.0 && isfinite(visit.times_s[i]), "%s of %g B takes %g s",
              raw_operation_names[cell->operation], cell->size_B, visit.times_s[i]);
        if (i > 0)
            least_s = fmin(least_s, visit.times_s[i]);
    }
    MPI_Bcast(&least_s, 1, MPI_DOUBLE, of, MPI_COMM_WORLD);
    return least_s;
}

static void each_cell_of_each_operation_gives_times(const struct measure *measure)
{
    const struct raw_threshold threshold = {
        .method = "semantic", .path = RAW_SAME_DOMAIN, .from_B = 300.0, .to_B = 310.0};
    const struct plan_request request = {.thoroughness = QUICK,
                                         .largest_message_B = 20000.0,
                                         .n_sizes = 3,
                                         .n_thresholds = 1,
                                         .thresholds = &threshold};
    struct plan plan = {0};
    int n_kinds = 0;

    for (int kind = RAW_PINGPONG; kind <= RAW_LOOK; kind++) {
        const int n_before = plan.n;
        operation_of(kind)->plan(measure, &request, &plan);
        n_kinds += plan.n > n_before;
    }
    CHECK(n_kinds == RAW_LOOK - RAW_PINGPONG + 1, "%d kinds of operations", n_kinds);
    for (int i = 0; i < plan.n; i++) {
        const struct raw_cell *cell = &plan.cells[i].cell;
        CHECK(shortest_s(measure, cell, cell->rank) > 0.0, "%s of %g B",
              raw_operation_names[cell->operation], cell->size_B);
    }
    plan_release(&plan);
}

static struct raw_cell pair_cell(enum raw_operation operation, double size_B)
{
    return (struct raw_cell){.operation = operation,
                             .path = RAW_SAME_DOMAIN,
                             .n_active = 2,
                             .rank = 0,
                             .partner = 1,
                             .size_B = size_B};
}

/*
 * Others on the machine only ever make times longer, so the shortest of several visits is what an
 * operation takes; there are as many as it needs to be as long as it should.
 */
enum { MOST_VISITS = 200, MOST_TRIALS = 20 };

static void takes_so_many_delays(const struct measure *measure, const struct raw_cell *cell,
                                 double expected)
{
    const double delay_s = 237e-6, tolerance = 0.2 + 0.05 * expected;
    double without_s = INFINITY, with_s = INFINITY, longer = INFINITY;

    for (int i = 0; i < MOST_VISITS && fabs(longer - expected) > tolerance; i++) {
        without_s = fmin(without_s, shortest_s(measure, cell, 0));
        send_delay_s = delay_s;
        with_s = fmin(with_s, shortest_s(measure, cell, 0));
        send_delay_s = 0.0;
        longer = (with_s - without_s) / delay_s;
    }
    CHECK(fabs(longer - expected) <= tolerance, "%s is %.3g delays longer instead of %g",
          raw_operation_names[cell->operation], longer, expected);
}

static void a_delay_of_each_send_is_found_where_it_is(const struct measure *measure)
{
    static const struct {
        enum raw_operation operation;
        double delays; /* in its time */
    } cases[] = {{RAW_SEND, 1.0},          {RAW_PINGPONG, 1.0}, {RAW_ISEND, 0.0},  {RAW_SSEND, 0.0},
                 {RAW_BIDIRECTIONAL, 0.0}, {RAW_RECV, 0.0},     {RAW_STREAM, 9.0}, {RAW_LOOK, 0.0}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct raw_cell cell = pair_cell(cases[i].operation, 100.0);
        if (cell.operation == RAW_STREAM)
            cell.argument[0] = 8.0; /* and the answer */
        takes_so_many_delays(measure, &cell, cases[i].delays);
    }
}

static void longer_messages_take_longer(const struct measure *measure)
{
    static const enum raw_operation kinds[] = {RAW_PINGPONG, RAW_SEND, RAW_RECV, RAW_BIDIRECTIONAL};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct raw_cell small = pair_cell(kinds[i], 11.0), large = pair_cell(kinds[i], 3e6);
        double small_s = INFINITY, large_s = INFINITY;
        for (int k = 0; k < MOST_VISITS && !(large_s > 10.0 * small_s && large_s < 1.0); k++) {
            small_s = fmin(small_s, shortest_s(measure, &small, 0));
            large_s = fmin(large_s, shortest_s(measure, &large, 0));
        }
        CHECK(large_s > 10.0 * small_s, "%s: %g s and %g s", raw_operation_names[kinds[i]], small_s,
              large_s);
    }
}

static void a_busy_pair_is_measured_too(const struct measure *measure)
{
    struct placed placed;
    char hosts[16] = "ab";
    struct raw_cell cell = pair_cell(RAW_PINGPONG, 100.0);

    for (int i = 2; i < measure->n_ranks; i++)
        hosts[i] = 'c';
    place(&placed, hosts);
    placed.measure.rank = measure->rank;
    cell.path = RAW_OTHER_HOST;
    cell.load = RAW_BUSY;
    CHECK(shortest_s(&placed.measure, &cell, 0) > 0.0, "under load");
}

static const struct raw_threshold *found_by(const char *method, int n,
                                            const struct raw_threshold found[])
{
    for (int i = 0; i < n; i++)
        if (strcmp(found[i].method, method) == 0)
            return &found[i];
    return NULL;
}

/*
 * What Open MPI says is its limit with its header, so the largest eager message is a little below.
 * A rank that others keep from its core for long looks as one that waits: hence some trials.
 */
static void the_eager_threshold_is_the_librarys(const struct measure *measure)
{
    struct raw_threshold found[THRESHOLDS_MAX];
    bool is_right = false;

    for (int trial = 0; trial < MOST_TRIALS && !is_right; trial++) {
        const int n = thresholds_find(measure, 1e6, found);
        const struct raw_threshold *semantic = found_by("semantic", n, found);
        const struct raw_threshold *said = found_by("mpi_t", n, found);
        for (int i = 0; i < n; i++)
            CHECK(found[i].path == RAW_SAME_DOMAIN, "%s", raw_path_names[found[i].path]);
        CHECK(said, "%d thresholds", n);
        is_right = semantic && said && semantic->from_B >= said->from_B &&
                   semantic->to_B <= said->to_B && semantic->to_B - semantic->from_B <= 64.0;
        if (!is_right && semantic && said)
            printf("trial %d: %g to %g B, said: %g to %g B\n", trial, semantic->from_B,
                   semantic->to_B, said->from_B, said->to_B);
    }
    CHECK(is_right, "in %d trials", MOST_TRIALS);
}

int main(int argc, char **argv)
{
    struct placed placed;
    char hosts[16] = "";
    int n_ranks, rank;

    MPI_Init(&argc, &argv);
    MPI_Comm_size(MPI_COMM_WORLD, &n_ranks);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    memset(hosts, 'a', (size_t)n_ranks);
    place(&placed, hosts);
    placed.measure.rank = rank;
    const struct measure *measure = &placed.measure;

    CHECK(network_connect(measure) == MPI_SUCCESS, "rank %d", rank);
    pairs_have_no_rank_twice_and_the_right_path();
    load_has_a_thread_for_each_free_core_or_one_beside_a_lone_rank();
    load_computes_until_it_is_stopped(measure);
    the_eager_threshold_is_the_librarys(measure);
    each_cell_of_each_operation_gives_times(measure);
    longer_messages_take_longer(measure);
    a_delay_of_each_send_is_found_where_it_is(measure);
    a_busy_pair_is_measured_too(measure);
    MPI_Allreduce(MPI_IN_PLACE, &n_failed, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    MPI_Finalize();
    return n_failed > 0;
}
