#include "iperf.h"
#include "sim/workload/shared.h"

#include "sim/input/scenario.h"
#include "sim/platform/platform.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { TAG_DATA, TAG_END };

/* Slots: a stream's rate each, then CPU use by domain at senders, then at receivers. */
enum {
    SLOT_SENDER_CPU = IPERF_MAX_STREAMS,
    SLOT_RECEIVER_CPU = SLOT_SENDER_CPU + N_CPU_DOMAINS,
    N_SLOTS = SLOT_RECEIVER_CPU + N_CPU_DOMAINS
};
static_assert((int)N_SLOTS <= (int)RECORD_SLOTS, "a slot for every stream and domain");

/* Blocks that a run may take, so that a mistake does not run for days. */
static const double most_blocks = 1e8;

/* Small writes are joined to blocks of about as many bytes as iperf's own writes have: eleven
 * packets of TCP with time stamps over Ethernet. */
static const double joined_B = 11 * 1448.0;

struct iperf_plan {
    struct iperf_spec spec; /* with its zeros replaced */
    int n_writes;           /* of a block */
    double block_B;
    int n_blocks; /* under way */
};

/* --- where streams run ---------------------------------------------------------------------- */

static int count_streams(const struct iperf_spec *spec, int n_ranks)
{
    return spec->n_streams > 0 ? spec->n_streams : n_ranks / 2;
}

static int first_receiver(const struct iperf_spec *spec, int n_ranks)
{
    return spec->first_receiver > 0 ? spec->first_receiver : count_streams(spec, n_ranks);
}

/* A long, as a careless spec may ask for more ranks than there can be. */
static long receiver_of(const struct iperf_spec *spec, int n_ranks, int stream)
{
    return first_receiver(spec, n_ranks) + (long)stream * spec->receiver_stride;
}

/* The stream that the rank receives, or -1. */
static int stream_to(const struct iperf_spec *spec, int rank)
{
    const int distance = rank - spec->first_receiver;
    const bool is_receiver = distance >= 0 && distance % spec->receiver_stride == 0 &&
                             distance / spec->receiver_stride < spec->n_streams;
    return is_receiver ? distance / spec->receiver_stride : -1;
}

/* --- CPU use -------------------------------------------------------------------------------- */

/* The node's CPU time until now. */
struct cpu_reading {
    double at_s;
    double cpu_s[N_CPU_DOMAINS];
};

static struct cpu_reading read_cpu(struct rank *rank)
{
    struct cpu_reading reading;
    rank_node_cpu(rank, reading.cpu_s);
    reading.at_s = rank_time_s(rank);
    return reading;
}

/* Records what the node used since `start`, in cores, from `slot` on. */
static void record_cpu(struct rank *rank, const struct cpu_reading *start, int slot)
{
    const struct cpu_reading end = read_cpu(rank);
    const double s = end.at_s - start->at_s;

    for (int domain = 0; s > 0.0 && domain < N_CPU_DOMAINS; domain++)
        rank_record(rank, slot + domain, (end.cpu_s[domain] - start->cpu_s[domain]) / s);
}

/* --- one stream ----------------------------------------------------------------------------- */

static bool goes_on(const struct iperf_plan *plan, long n_sent, double s)
{
    const struct iperf_spec *spec = &plan->spec;
    return spec->amount_B > 0.0 ? (double)n_sent * plan->block_B < spec->amount_B
                                : s < spec->duration_s;
}

/* The last write of a block fills the last packet. */
static struct request *send_block(const struct iperf_plan *plan, struct rank *rank, int to)
{
    for (int i = 1; i < plan->n_writes; i++)
        rank_write(rank, rank_world(rank), to, (uint64_t)plan->spec.write_B);
    return rank_issend(rank, rank_world(rank), to, TAG_DATA, (uint64_t)plan->block_B);
}

/* Blocks, then an empty message for each receive that is left open. */
static void send_stream(const struct iperf_plan *plan, struct rank *rank, int to)
{
    struct request *under_way[IPERF_MAX_BLOCKS] = {0};
    struct comm *world = rank_world(rank);
    const struct cpu_reading start = read_cpu(rank);
    long n = 0;

    while (goes_on(plan, n, rank_time_s(rank) - start.at_s)) {
        struct request **place = &under_way[n++ % plan->n_blocks];
        if (*place)
            rank_wait(rank, *place, NULL);
        *place = send_block(plan, rank, to);
    }
    rank_wait_all(rank, plan->n_blocks, under_way);
    record_cpu(rank, &start, SLOT_SENDER_CPU);
    for (int i = 0; i < plan->n_blocks; i++)
        rank_send(rank, world, to, TAG_END, 0);
}

static struct request *take_block(const struct iperf_plan *plan, struct rank *rank, int from)
{
    return rank_irecv(rank, rank_world(rank), from, RANK_ANY, (uint64_t)plan->block_B);
}

static void receive_stream(const struct iperf_plan *plan, struct rank *rank, int from)
{
    struct request *under_way[IPERF_MAX_BLOCKS] = {0};
    const struct cpu_reading start = read_cpu(rank);
    double last_s = start.at_s;
    long n = 0;

    for (int i = 0; i < plan->n_blocks; i++)
        under_way[i] = take_block(plan, rank, from);
    for (struct message got;; n++) {
        struct request **place = &under_way[n % plan->n_blocks];
        rank_wait(rank, *place, &got);
        *place = NULL;
        if (got.tag == TAG_END)
            break;
        last_s = rank_time_s(rank);
        *place = take_block(plan, rank, from);
    }
    record_cpu(rank, &start, SLOT_RECEIVER_CPU);
    rank_record(rank, from, (double)n * plan->block_B / (last_s - start.at_s));
    rank_wait_all(rank, plan->n_blocks, under_way);
}

/* --- the program ---------------------------------------------------------------------------- */

/* Senders are the first ranks, so a stream has the number of its sender. */
static void stream_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct iperf_plan *plan = plan_;
    const int number = rank_number(rank);
    const int stream = stream_to(&plan->spec, number);
    (void)iteration, (void)state;

    rank_barrier(rank, rank_world(rank));
    if (number < plan->spec.n_streams)
        send_stream(plan, rank, (int)receiver_of(&plan->spec, 0, number));
    else if (stream >= 0)
        receive_stream(plan, rank, stream);
}

static const struct phase iperf_phases[] = {{.name = "streams", .part = stream_part}};

static bool iperf_step(const void *plan, long index, struct step *step)
{
    (void)plan;
    *step = (struct step){0, 0};
    return index == 0;
}

static int writes_of_block(const struct iperf_spec *spec)
{
    return (int)fmax(1.0, floor(joined_B / spec->write_B));
}

static int iperf_program_new(const void *spec_, int n_ranks, struct program *program)
{
    const struct iperf_spec *spec = spec_;
    struct iperf_plan *plan = malloc(sizeof *plan);

    *program =
        (struct program){.phases = iperf_phases, .n_phases = 1, .plan = plan, .step = iperf_step};
    if (!plan)
        return -ENOMEM;
    plan->spec = *spec;
    plan->spec.n_streams = count_streams(spec, n_ranks);
    plan->spec.first_receiver = first_receiver(spec, n_ranks);
    plan->n_writes = writes_of_block(spec);
    plan->block_B = plan->n_writes * spec->write_B;
    plan->n_blocks = (int)fmin(fmax(1.0, floor(spec->window_B / plan->block_B)), IPERF_MAX_BLOCKS);
    program->n_ranks = (int)receiver_of(spec, n_ranks, plan->spec.n_streams - 1) + 1;
    return 0;
}

/* --- results -------------------------------------------------------------------------------- */

static double mean_of(const struct record *record)
{
    return record->n > 0 ? record->sum / (double)record->n : 0.0;
}

/* CPU use of one end: all that is not idle, and its parts; returns how many metrics. */
static int cpu_metrics(const char *end, const struct record use[], struct metric metrics[])
{
    int n = 1;

    metrics[0] = (struct metric){.unit = "%", .digits = 3};
    snprintf(metrics[0].name, sizeof metrics[0].name, "iperf_%s_cpu_percent", end);
    for (int domain = 0; domain < CPU_IDLE; domain++) {
        struct metric *part = &metrics[n++];
        *part = (struct metric){.unit = "%", .value = mean_of(&use[domain]) * 100.0, .digits = 3};
        snprintf(part->name, sizeof part->name, "iperf_%s_%s_cpu_percent", end,
                 cpu_domain_names[domain]);
        metrics[0].value += part->value;
    }
    return n;
}

static struct metric rate_metric(const char *name, double rate_Bps)
{
    struct metric metric = {
        .unit = "Mbit/s", .value = rate_Bps * 8e-6, .more_is_better = true, .digits = 3};
    snprintf(metric.name, sizeof metric.name, "%s", name);
    return metric;
}

static int count_recorded(const struct record rates[])
{
    int n = 0;
    while (n < IPERF_MAX_STREAMS && rates[n].n > 0)
        n++;
    return n;
}

static void name_stream(char name[], size_t room, int stream)
{
    snprintf(name, room, "iperf_stream_%d_Mbps", stream + 1);
}

static int iperf_metrics(const void *spec, const struct outcome *outcome, struct metric metrics[])
{
    const struct record *rates = outcome->records;
    const int n_streams = count_recorded(rates);
    double sum = 0.0, min = INFINITY, max = 0.0;
    int n = 4;
    (void)spec;

    for (int i = 0; i < n_streams; i++) {
        sum += rates[i].sum;
        min = fmin(min, rates[i].sum);
        max = fmax(max, rates[i].sum);
    }
    metrics[0] = rate_metric("iperf_Mbps", sum);
    metrics[1] = rate_metric("iperf_stream_min_Mbps", min);
    metrics[2] = rate_metric("iperf_stream_mean_Mbps", sum / n_streams);
    metrics[3] = rate_metric("iperf_stream_max_Mbps", max);
    n += cpu_metrics("sender", &outcome->records[SLOT_SENDER_CPU], &metrics[n]);
    n += cpu_metrics("receiver", &outcome->records[SLOT_RECEIVER_CPU], &metrics[n]);
    for (int i = 0; i < n_streams; i++, n++) {
        metrics[n] = rate_metric("", rates[i].sum);
        name_stream(metrics[n].name, sizeof metrics[n].name, i);
    }
    return n;
}
static_assert(IPERF_MAX_STREAMS + 4 + 2 * (int)N_CPU_DOMAINS <= (int)WORKLOAD_MAX_METRICS,
              "metrics for every stream");

/* --- iperf's report ------------------------------------------------------------------------- */

/* Three digits and the prefix that suits, in steps of `step`: iperf's adaptive format. */
static void print_scaled(FILE *out, double value, double step, const char *unit)
{
    static const char prefixes[] = " KMGT";
    int prefix = 0;

    while (value >= step && prefixes[prefix + 1]) {
        value /= step;
        prefix++;
    }
    fprintf(out, "%4.*f ", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value);
    if (prefix > 0)
        fputc(prefixes[prefix], out);
    fputs(unit, out);
}

static void print_line(FILE *out, const char *id, double s, double rate_Bps)
{
    fprintf(out, "[%3s] %4.1f-%4.1f sec  ", id, 0.0, s);
    print_scaled(out, rate_Bps * s, 1024.0, "Bytes");
    fputs("  ", out);
    print_scaled(out, rate_Bps * 8.0, 1000.0, "bits/sec");
    fputc('\n', out);
}

static double interval_s(const struct iperf_spec *spec, double rate_Bps)
{
    return spec->amount_B > 0.0 ? spec->amount_B / rate_Bps : spec->duration_s;
}

static void print_head(const struct iperf_spec *spec, int n_ranks, FILE *out)
{
    static const char rule[] = "------------------------------------------------------------\n";
    fprintf(out, "%sClient connecting to rank %d, TCP port 5001\nTCP window size: ", rule,
            first_receiver(spec, n_ranks));
    print_scaled(out, spec->window_B, 1024.0, "Byte");
    fprintf(out, "\n%s[ ID] Interval       Transfer     Bandwidth\n", rule);
}

/* As iperf 2 reports the streams of one client, whose sockets begin at number 3. */
static void iperf_print(const void *spec_, const struct scenario *scenario, int n,
                        const struct metric metrics[], FILE *out)
{
    const struct iperf_spec *spec = spec_;
    const int n_ranks = platform_rank_count(scenario);
    const int n_streams = count_streams(spec, n_ranks);
    const struct metric *sum = metric_find(n, metrics, "iperf_Mbps");
    double longest_s = 0.0;

    print_head(spec, n_ranks, out);
    for (int i = 0; i < n_streams; i++) {
        char name[sizeof metrics->name], id[12];
        name_stream(name, sizeof name, i);
        const struct metric *stream = metric_find(n, metrics, name);
        if (!stream)
            continue;
        const double rate_Bps = stream->value / 8e-6;
        snprintf(id, sizeof id, "%d", i + 3);
        print_line(out, id, interval_s(spec, rate_Bps), rate_Bps);
        longest_s = fmax(longest_s, interval_s(spec, rate_Bps));
    }
    if (n_streams > 1 && sum)
        print_line(out, "SUM", longest_s, sum->value / 8e-6);
}

/* --- scenario ------------------------------------------------------------------------------- */

static void check_streams(const struct iperf_spec *spec, int n_ranks,
                          struct diagnostics *diagnostics)
{
    const int n_streams = count_streams(spec, n_ranks);
    const long last = receiver_of(spec, n_ranks, n_streams - 1);

    if (n_streams > IPERF_MAX_STREAMS)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.streams", NULL,
                            "%d streams are more than the %d that one run reports", n_streams,
                            IPERF_MAX_STREAMS);
    else if (first_receiver(spec, n_ranks) < n_streams)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.first_receiver",
                            "0 puts the receivers after the senders",
                            "rank %d is a sender, as are ranks 0 to %d", spec->first_receiver,
                            n_streams - 1);
    else if (last >= n_ranks)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.streams", NULL,
                            "the last of %d streams goes to rank %ld, the scenario has %d ranks",
                            n_streams, last, n_ranks);
}

/* A stream is hardly faster than the fastest of wire, bridge and loopback. */
static void check_length(const struct iperf_spec *spec, const struct scenario *scenario,
                         struct diagnostics *diagnostics)
{
    const double rate_Bps =
        fmax(scenario->cluster.link.bandwidth_Bps.value,
             fmax(scenario->virtualization.technology.same_host.bandwidth_Bps.value,
                  scenario->mpi.local_bandwidth_Bps.value));
    const bool has_amount = spec->amount_B > 0.0;
    const double stream_B = has_amount ? spec->amount_B : spec->duration_s * rate_Bps;
    const double n_blocks =
        stream_B / spec->write_B * count_streams(spec, platform_rank_count(scenario));

    if (n_blocks > most_blocks)
        diagnostics_add_key(
            diagnostics, SEVERITY_ERROR, has_amount ? "workload.amount" : "workload.duration",
            "a second shows what a minute would: simulated streams are steady",
            "the streams may take %.2g blocks, more than %.2g", n_blocks, most_blocks);
}

static void iperf_check(const void *spec, const struct scenario *scenario,
                        struct diagnostics *diagnostics)
{
    check_two_ranks(spec, scenario, diagnostics);
    if (platform_rank_count(scenario) < 2)
        return;
    check_streams(spec, platform_rank_count(scenario), diagnostics);
    check_length(spec, scenario, diagnostics);
}

static const struct field iperf_fields[] = {
    {.key = "streams",
     .kind = FIELD_COUNT,
     .min = 0,
     .max = IPERF_MAX_STREAMS,
     .fallback = "0",
     .help = "TCP streams at once, from ranks 0, 1, ...; 0: from half of the ranks.",
     .offset = offsetof(struct iperf_spec, n_streams)},
    {.key = "first_receiver",
     .kind = FIELD_COUNT,
     .min = 0,
     .max = 10000000,
     .fallback = "0",
     .help = "Rank that receives the first stream; 0: the one after the senders.",
     .offset = offsetof(struct iperf_spec, first_receiver)},
    {.key = "receiver_stride",
     FIELD_COUNT_UP_TO(10000000),
     .fallback = "1",
     .help = "Ranks from one receiver to the next; the number of ranks of a node sends every "
             "stream to another node.",
     .offset = offsetof(struct iperf_spec, receiver_stride)},
    {.key = "write",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_BYTES,
     .min = 64,
     .max = 2147483647.0,
     .fallback = "16 KiB",
     .help = "Bytes of each write to the socket (-l).",
     .offset = offsetof(struct iperf_spec, write_B)},
    {.key = "window",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_BYTES,
     .min = 512,
     .max = 2147483647.0,
     .fallback = "128 KiB",
     .help = "Bytes that TCP has under way (-w); one write at least.",
     .offset = offsetof(struct iperf_spec, window_B)},
    {.key = "duration",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_TIME,
     .min = 0.001,
     .max = 3600,
     .fallback = "1 s",
     .help = "How long the streams last (-t; iperf takes 10 s, but simulated streams are steady).",
     .offset = offsetof(struct iperf_spec, duration_s)},
    {.key = "amount",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_BYTES,
     .min = 0,
     .max = 1e15,
     .fallback = "0 B",
     .help = "What each stream carries, instead of a duration (-n); 0 B: the duration counts.",
     .offset = offsetof(struct iperf_spec, amount_B)},
    {0}};

const struct workload workload_iperf = {
    .name = "iperf",
    .help = "iperf: throughput of TCP streams, and CPU use of both ends by domain",
    .about =
        "TCP streams between guests of one host, or from one to eight guests of a host to other "
        "hosts, at full speed for a while. On bare nodes with gigabit Ethernet the wire binds and "
        "the CPU is hardly used. In guests the throughput may be the same and the cost is not: "
        "each packet passes an I/O backend (QEMU, vhost, dom0), whose CPU time appears beside the "
        "guest's, and what a backend takes, ranks that compute on the same host lose. Where a "
        "backend is slower than the wire, it sets the throughput, with its core busy.\n\n"
        "Several guests show who is shared: with a backend for each guest, streams add up until "
        "wire or cores are used up; with one for the whole host (dom0), they share it from the "
        "start. Between guests of one host no wire binds at all: what is left is copying, and "
        "page flipping instead of an emulated NIC is worth a factor of five and more. Use "
        "mpi: tcp-sockets, as iperf has no MPI library between itself and TCP.",
    .fields = iperf_fields,
    .spec_size = sizeof(struct iperf_spec),
    .check = iperf_check,
    .program_new = iperf_program_new,
    .program_free = program_free_plan,
    .metrics = iperf_metrics,
    .print = iperf_print,
};
