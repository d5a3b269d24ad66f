#include "synthetic.h"

#include "calibration/raw/raw_build.h"
#include "calibration/raw/raw_write.h"
#include "models/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const struct synthetic synthetic_truth = {
    .send_s = 2.13e-6,
    .send_byte_s = 0.17e-9,
    .recv_s = 1.71e-6,
    .recv_byte_s = 0.23e-9,
    .latency_s = 11.3e-6,
    .bandwidth_Bps = 125e6,
    .piece_B = 8192.0,
    .piece_latency_s = 23e-6,
    .piece_slowdown = 1.27,
    .threshold_B = 65536.0,
    .rendezvous_s = 87e-6,
    .local_send_s = 0.21e-6,
    .local_recv_s = 0.13e-6,
    .local_latency_s = 0.37e-6,
    .local_bandwidth_Bps = 7.3e9,
    .dgemm_mnk_s = 0.0431e-9,
    .dgemm_mk_s = 1.9e-9,
    .dgemm_call_s = 3.1e-6,
    .dgemm_full = 1.17,
    .scalar_flops = 1.13e9,
    .fft_flops = 2.9e9,
    .integer_flops = 0.71e9,
    .triad_flops = 5.3e9,
    .memory_one_Bps = 13.7e9,
    .memory_all_Bps = 19.1e9,
    .memory_latency_s = 93e-9,
    .at_once = 7.7,
    .strided_extra_B = 21.0,
    .scale = 1.0,
    .guest_slowdown = 1.0,
    .guest_compute = 1.0,
    .visit_noise = 0.02,
    .repetition_noise = 0.02,
    .n_launches = 3,
    .n_blocks = 6,
    .n_sizes = 48,
    .launch_shift = 1.0,
    .seed = 1,
};

enum { N_REPETITIONS = 5, N_RANKS = 4 };

/* --- truth --------------------------------------------------------------------------------------
 */

static double wire_B(double size_B)
{
    const double carried_B = fmax(size_B, 1.0);
    return carried_B + ceil(carried_B / 1448.0) * 90.0;
}

double synthetic_round_s(const struct synthetic *truth, double size_B)
{
    const bool is_eager = size_B <= truth->threshold_B;
    const bool is_slow = size_B >= truth->piece_B && is_eager;
    const double calls_s = truth->send_s + truth->recv_s + truth->guest_send_s +
                           (is_eager ? (truth->send_byte_s + truth->recv_byte_s) * size_B : 0.0);
    const double added_s =
        is_eager ? (is_slow ? truth->piece_latency_s : 0.0) : truth->rendezvous_s;
    return calls_s + truth->latency_s + truth->guest_latency_s + added_s +
           (is_slow ? truth->piece_slowdown : 1.0) * truth->guest_slowdown * wire_B(size_B) /
               truth->bandwidth_Bps;
}

static double local_round_s(const struct synthetic *truth, double size_B)
{
    return truth->local_send_s + truth->local_recv_s + truth->local_latency_s +
           fmax(size_B, 1.0) / truth->local_bandwidth_Bps;
}

/* --- files --------------------------------------------------------------------------------------
 */

struct writing {
    const struct synthetic *truth;
    struct raw *raw;
    struct random_stream stream;
};

static void add(struct writing *writing, const struct raw_cell *cell, double time_s)
{
    const struct synthetic *truth = writing->truth;
    const int number = raw_cell_of(writing->raw, cell);
    for (int launch = 1; launch <= truth->n_launches; launch++)
        for (int block = 0; block < truth->n_blocks; block++)
            for (int rank = 0; rank < (cell->path == RAW_NOWHERE ? cell->n_active : 1); rank++) {
                double times_s[N_REPETITIONS];
                const double visit_s = time_s *
                                       random_lognormal(&writing->stream, truth->visit_noise) *
                                       (launch == truth->n_launches ? truth->launch_shift : 1.0);
                for (int i = 0; i < N_REPETITIONS; i++)
                    times_s[i] =
                        visit_s * random_lognormal(&writing->stream, truth->repetition_noise);
                raw_add_visit(writing->raw, &(struct raw_visit){.cell = number,
                                                                .launch = launch,
                                                                .block = block,
                                                                .rank = cell->rank + rank,
                                                                .cold_s = 1.5 * visit_s,
                                                                .n = N_REPETITIONS,
                                                                .times_s = times_s});
            }
}

static enum raw_path far_path(const struct synthetic *truth)
{
    return truth->far == RAW_NOWHERE ? RAW_OTHER_HOST : truth->far;
}

static void add_message(struct writing *writing, enum raw_operation operation, enum raw_path path,
                        enum raw_load load, double size_B, double time_s)
{
    add(writing,
        &(struct raw_cell){.operation = operation,
                           .path = path,
                           .load = load,
                           .size_B = size_B,
                           .n_active = 2,
                           .rank = 0,
                           .partner = path == RAW_SAME_DOMAIN ? 1 : 2},
        time_s);
}

static void add_network(struct writing *writing)
{
    const struct synthetic *truth = writing->truth;
    const enum raw_path far = far_path(truth);
    const double largest_B = 4194304.0;
    for (int i = 0; i < truth->n_sizes; i++) {
        const double size_B = floor(pow(largest_B, (double)i / (truth->n_sizes - 1)) + i);
        const double bytes_B = size_B <= truth->threshold_B ? size_B : 0.0;
        const double send_s = truth->send_s + truth->guest_send_s + truth->send_byte_s * bytes_B;
        add_message(writing, RAW_PINGPONG, far, RAW_IDLE, size_B, synthetic_round_s(truth, size_B));
        add_message(writing, RAW_PINGPONG, RAW_SAME_DOMAIN, RAW_IDLE, size_B,
                    local_round_s(truth, size_B));
        add_message(writing, RAW_ISEND, far, RAW_IDLE, size_B, send_s);
        if (truth->busy_factor > 0.0)
            add_message(writing, RAW_PINGPONG, far, RAW_BUSY, size_B,
                        synthetic_round_s(truth, size_B) * truth->busy_factor);
        if (size_B > truth->threshold_B)
            continue;
        add_message(writing, RAW_SEND, far, RAW_IDLE, size_B, send_s);
        add_message(writing, RAW_RECV, far, RAW_IDLE, size_B,
                    truth->recv_s + truth->recv_byte_s * size_B);
        add_message(writing, RAW_SEND, RAW_SAME_DOMAIN, RAW_IDLE, size_B, truth->local_send_s);
        add_message(writing, RAW_RECV, RAW_SAME_DOMAIN, RAW_IDLE, size_B, truth->local_recv_s);
    }
    for (int launch = 1; launch <= truth->n_launches; launch++)
        raw_add_threshold(writing->raw, &(struct raw_threshold){.kind = "eager",
                                                                .method = "semantic",
                                                                .path = far,
                                                                .launch = launch,
                                                                .from_B = truth->threshold_B,
                                                                .to_B = truth->threshold_B + 1});
    add(writing,
        &(struct raw_cell){.operation = RAW_LOOK, .path = far, .n_active = 2, .partner = 2},
        0.83e-6);
}

static void add_work(struct writing *writing, enum raw_operation operation, int n_active,
                     double size_B, double argument, double time_s)
{
    add(writing,
        &(struct raw_cell){.operation = operation,
                           .path = RAW_NOWHERE,
                           .n_active = n_active,
                           .partner = -1,
                           .size_B = size_B,
                           .argument = {argument}},
        time_s * writing->truth->guest_compute);
}

static void add_dgemm(struct writing *writing, int n_active)
{
    static const double shapes[][3] = {{512, 512, 512}, {768, 64, 640},  {96, 900, 300},
                                       {300, 310, 64},  {64, 64, 64},    {1000, 40, 130},
                                       {40, 1000, 90},  {700, 700, 128}, {128, 128, 900}};
    const struct synthetic *truth = writing->truth;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const double m = shapes[i][0], n = shapes[i][1], k = shapes[i][2];
        const double alone_s =
            truth->dgemm_mnk_s * m * n * k + truth->dgemm_mk_s * m * k + truth->dgemm_call_s;
        add(writing,
            &(struct raw_cell){.operation = RAW_DGEMM,
                               .path = RAW_NOWHERE,
                               .n_active = n_active,
                               .partner = -1,
                               .argument = {m, n, k}},
            alone_s * (n_active > 1 ? truth->dgemm_full : 1.0) * truth->guest_compute);
    }
}

static void add_node(struct writing *writing)
{
    const struct synthetic *truth = writing->truth;
    for (int n_active = 1; n_active <= 2; n_active++) {
        const double all_Bps = n_active == 1 ? truth->memory_one_Bps : truth->memory_all_Bps;
        const double arrays_B = 256e6;
        add_dgemm(writing, n_active);
        add_work(writing, RAW_SCALAR, n_active, 0.0, 1e6, 1e6 / truth->scalar_flops);
        add_work(writing, RAW_INTEGER, n_active, 0.0, 1e6, 1e6 / truth->integer_flops);
        add_work(writing, RAW_FFT, n_active, 65536.0, 2048.0,
                 5.0 * 2048.0 * 11.0 / truth->fft_flops);
        add_work(writing, RAW_TRIAD, n_active, 12288.0, 12288.0,
                 12288.0 / 12.0 / truth->triad_flops);
        add_work(writing, RAW_TRIAD, n_active, arrays_B, arrays_B, arrays_B * n_active / all_Bps);
    }
    add_work(writing, RAW_ACCESS_CHAIN, 1, 512e6, 1e5, 1e5 * truth->memory_latency_s);
    add_work(writing, RAW_ACCESS, 1, 512e6, 1e5, 1e5 * truth->memory_latency_s / truth->at_once);
    add_work(writing, RAW_TRANSPOSE, 1, 64e6, 8e6,
             8e6 * (24.0 + truth->strided_extra_B) / truth->memory_one_Bps);
}

/* --- what launches say of themselves ------------------------------------------------------------
 */

static json_t *launch_text(int number)
{
    json_t *ranks = json_array();
    for (int i = 0; i < N_RANKS; i++) {
        const char *host = i < N_RANKS / 2 ? "alpha" : "beta";
        json_array_append_new(ranks, json_pack("{s:s, s:s, s:s, s:i}", "host", host, "domain", host,
                                               "physical_host", host, "core", i % 2));
    }
    return json_pack("{s:i, s:s, s:o, s:{s:s}}", "launch", number, "started",
                     "2026-11-20T20:00:00Z", "ranks", ranks, "mpi", "library",
                     "Open MPI v4.1.4, package: Debian OpenMPI");
}

static json_t *environment_line(int launch)
{
    return json_pack(
        "{s:{s:{s:s}, s:{s:s, s:i, s:[s,s], s:{s:f}, s:[{s:i, s:s, s:i, s:s}, {s:i, s:s, s:i, "
        "s:s}]}, s:{s:I}, s:{s:[]}}, s:i, s:s}",
        "environment", "host", "name", "alpha", "cpu", "model", "Nothing 3000", "sockets", 1,
        "cores", "0", "1", "frequency", "highest_Hz", 2.7e9, "caches", "level", 2, "type",
        "Unified", "size_B", 524288, "shared_by", "0", "level", 3, "type", "Unified", "size_B",
        8388608, "shared_by", "0-1", "memory", "total_B", (json_int_t)8589934592, "virtualization",
        "stack", "launch", launch, "domain", "alpha");
}

struct raw *synthetic_raw(const struct synthetic *truth, int parts)
{
    struct raw *raw = raw_new("synthetic.raw");
    struct writing writing = {truth, raw, random_stream_for(truth->seed, "synthetic", 0)};
    for (int launch = 1; launch <= truth->n_launches; launch++) {
        raw_add_launch(raw, launch_text(launch));
        raw_end_launch(raw, launch, "converged");
    }
    json_array_append_new(raw->environments, environment_line(1));
    if (parts & SYNTHETIC_NETWORK)
        add_network(&writing);
    if (parts & SYNTHETIC_NODE)
        add_node(&writing);
    return raw;
}

/* --- a file of it -------------------------------------------------------------------------------
 */

static void write_launches(struct raw_writer *writer, const struct raw *raw)
{
    for (int i = 0; i < raw->n_launches; i++)
        raw_writer_line(writer, json_incref(raw->launches[i].text));
    for (size_t i = 0; i < json_array_size(raw->environments); i++)
        raw_writer_line(writer, json_deep_copy(json_array_get(raw->environments, i)));
    for (int i = 0; i < raw->n_thresholds; i++) {
        const struct raw_threshold *threshold = &raw->thresholds[i];
        raw_writer_line(writer,
                        json_pack("{s:s, s:i, s:s, s:s, s:f, s:f}", "threshold", threshold->kind,
                                  "launch", threshold->launch, "path",
                                  raw_path_names[threshold->path], "method", threshold->method,
                                  "from_B", threshold->from_B, "to_B", threshold->to_B));
    }
}

int synthetic_write(const struct raw *raw, const char *path)
{
    int status = 0;
    struct raw_writer *writer = raw_writer_open(path, &status);
    if (!writer)
        return status;
    raw_writer_line(writer, json_pack("{s:s, s:s, s:s, s:i}", "schema", "vhpcsim-raw/1", "tool",
                                      "synthetic", "created", "2026-11-20T20:00:00Z", "seed", 1));
    write_launches(writer, raw);
    for (int i = 0; i < raw->n_cells; i++)
        raw_writer_cell(writer, &raw->cells[i]);
    for (int i = 0; i < raw->n_visits; i++)
        raw_writer_visit(writer, &raw->visits[i]);
    for (int i = 0; i < raw->n_launches; i++)
        raw_writer_line(writer, json_pack("{s:s, s:i, s:s}", "end", raw->launches[i].end, "launch",
                                          raw->launches[i].number, "text", "done"));
    return raw_writer_close(writer);
}
