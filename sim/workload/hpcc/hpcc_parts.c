#include "hpcc_parts.h"

#include <math.h>

#define COMPONENT(test_, prefix_, workload_, spec_)                                                \
    {                                                                                              \
        .workload = &(workload_), .prefix = (prefix_), .spec = offsetof(struct hpcc_parts, spec_), \
        .test = offsetof(struct hpcc_tests, test_)                                                 \
    }

const struct hpcc_component hpcc_components[N_HPCC_COMPONENTS] = {
    COMPONENT(random_access, "mpi_", workload_random_access, mpi_access),
    COMPONENT(random_access, "star_", workload_random_access, star_access),
    COMPONENT(random_access, "single_", workload_random_access, single_access),
    COMPONENT(random_access_lcg, "mpi_lcg_", workload_random_access, mpi_lcg),
    COMPONENT(random_access_lcg, "star_lcg_", workload_random_access, star_lcg),
    COMPONENT(random_access_lcg, "single_lcg_", workload_random_access, single_lcg),
    COMPONENT(ptrans, "", workload_ptrans, ptrans),
    COMPONENT(dgemm, "star_", workload_dgemm, star_dgemm),
    COMPONENT(dgemm, "single_", workload_dgemm, single_dgemm),
    COMPONENT(stream, "star_", workload_stream, star_stream),
    COMPONENT(stream, "single_", workload_stream, single_stream),
    COMPONENT(fft, "mpi_", workload_fft, mpi_fft),
    COMPONENT(fft, "star_", workload_fft, star_fft),
    COMPONENT(fft, "single_", workload_fft, single_fft),
    COMPONENT(pingpong, "", workload_pingpong, pingpong),
    COMPONENT(ring, "", workload_ring, ring),
    COMPONENT(hpl, "", workload_hpl, hpl),
};

uint64_t hpcc_process_memory_B(const struct hpl_spec *hpl)
{
    const double n = (double)hpl->n;
    return (uint64_t)(n * n * MPI_DOUBLE_B / (double)((long)hpl->p * hpl->q));
}

uint64_t hpcc_vector_elements(const struct hpl_spec *hpl, int n_vectors, uint64_t size_B)
{
    const uint64_t most = UINT64_C(1) << 30; /* the largest power of two in C's int */
    const uint64_t n = hpcc_process_memory_B(hpl) / size_B / (uint64_t)n_vectors;
    return n < 2 * most ? n : most;
}

/* Three matrices in a process's memory. */
static int dgemm_order(const struct hpl_spec *hpl)
{
    const uint64_t elements = hpcc_process_memory_B(hpl) / MPI_DOUBLE_B / 3;
    return (int)(sqrt((double)elements + 0.25) - 0.5);
}

static struct random_access_spec access_spec(const struct hpcc_spec *spec, enum ranks_at_work ranks,
                                             enum update_generator generator)
{
    return (struct random_access_spec){.ranks = ranks,
                                       .algorithm = (enum random_access_algorithm)spec->algorithm,
                                       .generator = generator,
                                       .hpl_memory_B = (double)hpcc_process_memory_B(&spec->hpl),
                                       .time_bound_s = HPCC_TIME_BOUND_S};
}

struct hpcc_parts hpcc_parts_of(const struct hpcc_spec *spec)
{
    const struct hpl_spec *hpl = &spec->hpl;
    const int order = dgemm_order(hpl);
    const long n_elements = (long)hpcc_vector_elements(hpl, 3, MPI_DOUBLE_B);
    const double memory_B = (double)hpcc_process_memory_B(hpl);

    return (struct hpcc_parts){
        .mpi_access = access_spec(spec, RANKS_MPI, UPDATES_POLYNOMIAL),
        .star_access = access_spec(spec, RANKS_STAR, UPDATES_POLYNOMIAL),
        .single_access = access_spec(spec, RANKS_SINGLE, UPDATES_POLYNOMIAL),
        .mpi_lcg = access_spec(spec, RANKS_MPI, UPDATES_LCG),
        .star_lcg = access_spec(spec, RANKS_STAR, UPDATES_LCG),
        .single_lcg = access_spec(spec, RANKS_SINGLE, UPDATES_LCG),
        .ptrans = {.n = (int)(hpl->n / 2),
                   .nb = hpl->nb,
                   .p = hpl->p,
                   .q = hpl->q,
                   .n_repetitions = 5,
                   .grid_seed = spec->seed},
        .star_dgemm = {.ranks = RANKS_STAR, .n = order},
        .single_dgemm = {.ranks = RANKS_SINGLE, .n = order},
        .star_stream = {.ranks = RANKS_STAR, .n_elements = n_elements, .n_iterations = 10},
        .single_stream = {.ranks = RANKS_SINGLE, .n_elements = n_elements, .n_iterations = 10},
        .mpi_fft = {.ranks = RANKS_MPI, .hpl_memory_B = memory_B},
        .star_fft = {.ranks = RANKS_STAR, .hpl_memory_B = memory_B},
        .single_fft = {.ranks = RANKS_SINGLE, .hpl_memory_B = memory_B},
        .pingpong = {.latency_B = 8,
                     .bandwidth_B = 2e6,
                     .n_latency_loops = 8,
                     .n_bandwidth_loops = 1,
                     .n_clients = spec->n_clients},
        .ring = {.latency_B = 8,
                 .bandwidth_B = 2e6,
                 .n_latency_loops = 5,
                 .n_bandwidth_loops = 2,
                 .n_latency_rings = 30,
                 .n_bandwidth_rings = 10,
                 .ring_seed = spec->seed},
        .hpl = *hpl,
    };
}

bool hpcc_runs(const struct hpcc_spec *spec, const struct hpcc_component *component)
{
    return *(const bool *)((const char *)&spec->tests + component->test);
}
