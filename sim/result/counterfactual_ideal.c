/*
 * counterfactual_ideal.c - what no hypervisor is to blame for: computing, the MPI library, shared
 * memory and the wire, each made so good that nobody notices it.
 */
#include "counterfactual_ideal.h"

/* A wire that nobody notices: four orders of magnitude above what is sold, yet a number with
 * which an engine can still calculate. */
static const double ideal_bandwidth_Bps = 1e15;

/* So much faster do cores and memories compute for whom computing is free; for the same reason. */
static const double ideal_speedup = 1e6;

bool ideal_always_concerns(const struct scenario *scenario)
{
    (void)scenario;
    return true;
}

static void speed_up(struct parameter *rate)
{
    *rate = parameter_exact(rate->value * ideal_speedup);
}

static void shorten(struct parameter *time)
{
    *time = parameter_exact(time->value / ideal_speedup);
}

void ideal_compute(struct scenario *scenario)
{
    struct node_profile *node = &scenario->cluster.node;
    struct parameter *const rates[] = {
        &node->memory_bandwidth_one_Bps, &node->memory_bandwidth_all_Bps,
        &node->memory_bandwidth_socket_Bps, &node->interconnect_Bps, &node->cache.bandwidth_Bps};
    struct parameter *const times[] = {&node->dgemm.mnk_s,  &node->dgemm.mn_s,
                                       &node->dgemm.mk_s,   &node->dgemm.nk_s,
                                       &node->dgemm.call_s, &node->memory_latency_s};

    for (int class = 0; class < N_WORK_CLASS; class ++) {
        speed_up(&node->rate_flops[class].alone);
        speed_up(&node->rate_flops[class].full_node);
    }
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
        speed_up(rates[i]);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        shorten(times[i]);
}

bool ideal_has_cpu_times(const struct message_pieces *pieces)
{
    for (int i = 0; i < pieces->n; i++) {
        const struct message_piece *piece = &pieces->items[i];
        if (is_above(&piece->send_message_s, 0.0) || is_above(&piece->send_byte_s, 0.0) ||
            is_above(&piece->recv_message_s, 0.0) || is_above(&piece->recv_byte_s, 0.0))
            return true;
    }
    return false;
}

void ideal_cpu_times(struct message_pieces *pieces)
{
    for (int i = 0; i < pieces->n; i++) {
        struct message_piece *piece = &pieces->items[i];
        piece->send_message_s = piece->send_byte_s = parameter_exact(0.0);
        piece->recv_message_s = piece->recv_byte_s = parameter_exact(0.0);
    }
}

void ideal_way(struct message_pieces *pieces)
{
    for (int i = 0; i < pieces->n; i++) {
        pieces->items[i].latency_s = parameter_exact(0.0);
        pieces->items[i].slowdown = parameter_exact(1.0);
    }
}

bool ideal_has_mpi_stack(const struct scenario *scenario)
{
    const struct mpi_profile *mpi = &scenario->mpi;
    return is_above(&mpi->send_message_s, 0.0) || is_above(&mpi->send_byte_s, 0.0) ||
           is_above(&mpi->recv_message_s, 0.0) || is_above(&mpi->recv_byte_s, 0.0) ||
           ideal_has_cpu_times(&mpi->sizes) || ideal_has_cpu_times(&mpi->local_sizes);
}

void ideal_mpi_stack(struct scenario *scenario)
{
    scenario->mpi.send_message_s = parameter_exact(0.0);
    scenario->mpi.send_byte_s = parameter_exact(0.0);
    scenario->mpi.recv_message_s = parameter_exact(0.0);
    scenario->mpi.recv_byte_s = parameter_exact(0.0);
    ideal_cpu_times(&scenario->mpi.sizes);
    ideal_cpu_times(&scenario->mpi.local_sizes);
}

/* Whether two ranks may run under one operating system. */
bool ideal_has_local_messages(const struct scenario *scenario)
{
    const int n_guests = scenario->virtualization.vms_per_node;
    const int n_domains = scenario->cluster.n_nodes * (is_virtual(scenario) ? n_guests : 1);
    const int n_ranks = platform_rank_count(scenario);
    const bool shares_domains = scenario->mapping == MAPPING_BLOCK && n_ranks > 1;
    return (has_smp_guests(scenario) || !is_virtual(scenario)) &&
           (shares_domains || n_ranks > n_domains);
}

void ideal_local_messages(struct scenario *scenario)
{
    scenario->mpi.local_latency_s = parameter_exact(0.0);
    scenario->mpi.local_bandwidth_Bps = parameter_exact(ideal_bandwidth_Bps);
    ideal_way(&scenario->mpi.local_sizes);
}

void ideal_wire(struct scenario *scenario)
{
    scenario->cluster.link.latency_s = parameter_exact(0.0);
    scenario->cluster.link.bandwidth_Bps = parameter_exact(ideal_bandwidth_Bps);
    ideal_way(&scenario->mpi.sizes);
    if (is_above(&scenario->cluster.node.network_bandwidth_Bps, 0.0))
        scenario->cluster.node.network_bandwidth_Bps = parameter_exact(ideal_bandwidth_Bps);
}
