#include "toy_cluster.h"
#include "engine_run.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Sums of some thousand terms in double precision. */
static const double SUM_ROUNDING = 1e-11;

static void fill_profiles(struct platform *p)
{
    p->node.n_sockets = 1;
    p->node.n_cores_per_socket = p->n_cores;
    for (int i = 0; i < N_WORK_CLASS; i++) {
        p->node.rate_flops[i].alone = parameter_exact(2e9);
        p->node.rate_flops[i].full_node = parameter_exact(2e9);
        p->virt.efficiency[i].alone = parameter_exact(1.0);
        p->virt.efficiency[i].full_node = parameter_exact(1.0);
        p->virt.efficiency[i].smp_guest = parameter_exact(1.0);
    }
    p->node.memory_bandwidth_one_Bps = parameter_exact(4e9);
    p->node.memory_bandwidth_all_Bps = parameter_exact(6e9);
    p->node.disk.read_Bps = parameter_exact(80e6);
    p->node.disk.write_Bps = parameter_exact(60e6);
    p->node.disk.latency_s = parameter_exact(8e-3);

    p->link.bandwidth_Bps = parameter_exact(125e6);
    p->link.latency_s = parameter_exact(50e-6);
    p->link.mtu_B = 1500.0;

    p->mpi.wait = MPI_WAIT_BLOCKS;
    p->mpi.eager_threshold_B = p->mpi.local_eager_threshold_B = 65536.0;
    p->mpi.send_message_s = parameter_exact(3e-6);
    p->mpi.send_byte_s = parameter_exact(1e-9);
    p->mpi.recv_message_s = parameter_exact(5e-6);
    p->mpi.recv_byte_s = parameter_exact(2e-9);
    p->mpi.local_latency_s = parameter_exact(2e-6);
    p->mpi.local_bandwidth_Bps = parameter_exact(1e9);
    p->virt.backend.busy_factor = parameter_exact(1.0);
    p->virt.backend.busy_smp_factor = parameter_exact(1.0);
}

static void fill_guests(struct platform *p, enum backend_scope scope)
{
    p->virt.kind = VIRT_HYPERVISOR;
    p->virt.stack.send_message_s = parameter_exact(7e-6);
    p->virt.stack.recv_message_s = parameter_exact(11e-6);
    p->virt.backend.scope = scope;
    p->virt.backend.latency_s = parameter_exact(13e-6);
    p->virt.backend.message_s = parameter_exact(17e-6);
    p->virt.backend.packet_s = parameter_exact(30e-6);
    p->virt.backend.cpu_share = parameter_exact(0.5);
    p->virt.disk.write_amplification = parameter_exact(1.0);
    p->virt.same_host.latency_s = parameter_exact(40e-6);
    p->virt.same_host.bandwidth_Bps = parameter_exact(300e6);
}

static void map_block(struct platform *p, int n_ranks_per_domain)
{
    const size_t n_nodes = (size_t)p->n_nodes;
    p->domain_of_rank = calloc((size_t)p->n_ranks, sizeof(int));
    p->n_ranks_on_node = calloc(n_nodes, sizeof(int));
    p->node_speed = calloc(n_nodes, sizeof(double));
    assert_non_null(p->domain_of_rank);
    assert_non_null(p->n_ranks_on_node);
    assert_non_null(p->node_speed);
    for (int i = 0; i < p->n_ranks; i++) {
        p->domain_of_rank[i] = i / n_ranks_per_domain;
        p->n_ranks_on_node[platform_node_of_rank(p, i)]++;
    }
    for (int i = 0; i < p->n_nodes; i++)
        p->node_speed[i] = 1.0;
}

struct platform toy_native(int n_nodes, int n_ranks_per_node)
{
    struct platform p = {.n_nodes = n_nodes,
                         .n_cores = n_ranks_per_node,
                         .n_threads = n_ranks_per_node,
                         .n_domains_per_node = 1,
                         .n_ranks = n_nodes * n_ranks_per_node,
                         .seed = 4711};
    fill_profiles(&p);
    map_block(&p, n_ranks_per_node);
    platform_check(&p);
    return p;
}

static struct platform with_guests(int n_nodes, int n_guests, int n_vcpus, enum backend_scope scope)
{
    struct platform p = {.n_nodes = n_nodes,
                         .n_cores = n_guests * n_vcpus,
                         .n_threads = n_guests * n_vcpus,
                         .n_domains_per_node = n_guests,
                         .n_vcpus = n_vcpus,
                         .n_ranks = n_nodes * n_guests * n_vcpus,
                         .seed = 4711};
    fill_profiles(&p);
    fill_guests(&p, scope);
    map_block(&p, n_vcpus);
    platform_check(&p);
    return p;
}

struct platform toy_virtual(int n_nodes, int n_guests, enum backend_scope scope)
{
    return with_guests(n_nodes, n_guests, 1, scope);
}

struct platform toy_smp_guests(int n_nodes, int n_vcpus, enum backend_scope scope)
{
    return with_guests(n_nodes, 1, n_vcpus, scope);
}

static void do_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    (void)iteration;
    (void)state;
    const struct toy_program *toy = plan;
    toy->code(rank, toy->argument);
}

static bool only_step(const void *plan, long index, struct step *step)
{
    (void)plan;
    *step = (struct step){.phase = 0, .iteration = 0};
    return index == 0;
}

void toy_program_init(struct toy_program *toy, int n_ranks, toy_code *code, void *argument)
{
    *toy = (struct toy_program){
        .phase = {.name = "all", .part = do_part}, .code = code, .argument = argument};
    toy->program = (struct program){
        .phases = &toy->phase, .n_phases = 1, .plan = toy, .n_ranks = n_ranks, .step = only_step};
}

static int run(const struct platform *platform, toy_code *code, void *argument,
               struct outcome *outcome, char *error, size_t error_size)
{
    struct toy_program toy;
    const struct engine_options options = {.keep_traffic = true};
    toy_program_init(&toy, platform->n_ranks, code, argument);
    return engine_run(engines[0], platform, &toy.program, &options, outcome, error, error_size);
}

struct outcome toy_run(const struct platform *platform, toy_code *code, void *argument)
{
    struct outcome outcome = {0};
    char error[1024] = "";
    if (run(platform, code, argument, &outcome, error, sizeof error) != 0)
        fail_msg("the run failed: %s", error);
    toy_check_sums(platform, &outcome);
    return outcome;
}

int toy_fail(const struct platform *platform, toy_code *code, void *argument, char *error,
             size_t error_size)
{
    struct outcome outcome = {0};
    const int status = run(platform, code, argument, &outcome, error, error_size);
    assert_true(status < 0);
    return status;
}

void toy_check_sums(const struct platform *platform, const struct outcome *outcome)
{
    double layers_s = 0.0, cpu_s = 0.0;
    for (int i = 0; i < N_LAYERS; i++)
        layers_s += outcome->layer_s[i];
    for (int i = 0; i < N_CPU_DOMAINS; i++)
        cpu_s += outcome->host_cpu_s[i];
    const double capacity_s = outcome->elapsed_s * platform->n_nodes * platform->n_cores;
    gsl_test_rel(layers_s, outcome->elapsed_s, SUM_ROUNDING, "layers sum to the elapsed time");
    gsl_test_rel(cpu_s, capacity_s, SUM_ROUNDING, "host CPU sums to elapsed time x cores");
    assert_true(outcome->host_cpu_s[CPU_IDLE] >= -SUM_ROUNDING * capacity_s);
}
