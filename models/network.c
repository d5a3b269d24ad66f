#include "network.h"
#include "interrupt.h"
#include "message_piece.h"
#include "mitigation.h"
#include "registration.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

/* A guest's stack and backend are on every way that leaves the guest. */
static bool leaves_guest(const struct network *net, enum path path)
{
    return net->virt->kind != VIRT_NATIVE && path != PATH_SAME_DOMAIN;
}

/* What the MPI library's pieces say of a message; NULL: nothing. */
static const struct message_piece *library_piece(const struct network *net, enum path path,
                                                 double size_B)
{
    const struct mpi_profile *mpi = net->mpi;
    return message_piece_at(path == PATH_SAME_DOMAIN ? &mpi->local_sizes : &mpi->sizes, size_B);
}

/* The same of the technology's, of a message that leaves its guest. */
static const struct message_piece *guest_piece(const struct network *net, enum path path,
                                               double size_B)
{
    const struct virt_profile *virt = net->virt;
    if (!leaves_guest(net, path))
        return NULL;
    return message_piece_at(path == PATH_SAME_HOST ? &virt->same_host.sizes : &virt->sizes, size_B);
}

static bool has_backend(const struct network *net)
{
    return net->virt->kind != VIRT_NATIVE && net->virt->backend.scope != BACKEND_NONE;
}

static bool is_smp(const struct network *net)
{
    return net->n_vcpus > 1;
}

/* A library that polls the adapter itself needs no interrupt; sockets do, polled or not. */
static bool is_interrupted(const struct network *net)
{
    const struct mpi_profile *mpi = net->mpi;
    return net->virt->kind != VIRT_NATIVE &&
           !(mpi->wait == MPI_WAIT_POLLS && mpi->registration.threshold_B > 0.0);
}

static double exits_s(const struct network *net, double size_B)
{
    const struct interrupts *interrupts = &net->virt->interrupts;
    if (interrupts->cost_s.value == 0.0 || !is_interrupted(net))
        return 0.0;
    return interrupt_cost_s(interrupts, network_packets(net->link, size_B));
}

/* Of `packets_s` seconds for all packets, what those take that interrupts before the last announce.
 */
static double arriving_s(const struct network *net, double size_B, double packets_s)
{
    if (packets_s == 0.0)
        return 0.0;
    const double n_packets = network_packets(net->link, size_B);
    return packets_s * (1.0 - 1.0 / interrupt_count(&net->virt->interrupts, n_packets));
}

static double line_s(const struct parameter *message_s, const struct parameter *byte_s,
                     double size_B)
{
    return message_s->value + byte_s->value * size_B;
}

/* Of messages that leave the operating system, whose local ones are taken to stay out of kernels.
 */
static void add_mitigation(struct stack_cost *cost, struct mitigation_cost added)
{
    cost->native_s += added.kernel_s;
    cost->guest_s += added.exit_s;
    cost->exit_s += added.exit_s;
}

static void add_send_mitigation(const struct network *net, double size_B, struct stack_cost *cost)
{
    const double n_packets = network_packets(net->link, size_B);
    add_mitigation(cost, mitigation_of_send(net->node, net->mpi, net->virt, n_packets));
}

static void add_receive_mitigation(const struct network *net, double size_B,
                                   struct stack_cost *cost)
{
    const double n_packets = network_packets(net->link, size_B);
    const bool exits = net->virt->exits.interrupt.value > 0.0 && is_interrupted(net);
    const double n_interrupts = exits ? interrupt_count(&net->virt->interrupts, n_packets) : 0.0;
    add_mitigation(cost,
                   mitigation_of_receive(net->node, net->mpi, net->virt, n_packets, n_interrupts));
}

double network_eager_threshold_B(const struct mpi_profile *mpi, enum path path)
{
    return path == PATH_SAME_DOMAIN ? mpi->local_eager_threshold_B : mpi->eager_threshold_B;
}

static double native_send_s(const struct network *net, enum path path, double size_B)
{
    const struct message_piece *piece = library_piece(net, path, size_B);
    return piece ? line_s(&piece->send_message_s, &piece->send_byte_s, size_B)
                 : line_s(&net->mpi->send_message_s, &net->mpi->send_byte_s, size_B);
}

static double native_recv_s(const struct network *net, enum path path, double size_B)
{
    const struct message_piece *piece = library_piece(net, path, size_B);
    return piece ? line_s(&piece->recv_message_s, &piece->recv_byte_s, size_B)
                 : line_s(&net->mpi->recv_message_s, &net->mpi->recv_byte_s, size_B);
}

struct stack_cost network_send_cost(const struct network *net, enum path path, double size_B)
{
    const struct guest_stack *guest = &net->virt->stack;
    struct stack_cost cost = {
        .native_s = native_send_s(net, path, size_B),
        .guest_s = leaves_guest(net, path)
                       ? line_s(&guest->send_message_s, &guest->send_byte_s, size_B)
                       : 0.0,
    };
    const struct message_piece *piece = guest_piece(net, path, size_B);
    if (piece)
        cost.guest_s += line_s(&piece->send_message_s, &piece->send_byte_s, size_B);
    if (path != PATH_SAME_DOMAIN)
        add_send_mitigation(net, size_B, &cost);
    return cost;
}

struct stack_cost network_recv_cost(const struct network *net, enum path path, double size_B)
{
    const struct guest_stack *guest = &net->virt->stack;
    struct stack_cost cost = {.native_s = native_recv_s(net, path, size_B)};
    if (leaves_guest(net, path)) {
        cost.exit_s = exits_s(net, size_B);
        const double packets_s = guest->recv_byte_s.value * size_B + cost.exit_s;
        cost.guest_s = guest->recv_message_s.value + packets_s;
        cost.arriving_s = arriving_s(net, size_B, packets_s);
    }
    /* A piece's is measured with the message there already: none of it is done before. */
    const struct message_piece *piece = guest_piece(net, path, size_B);
    if (piece)
        cost.guest_s += line_s(&piece->recv_message_s, &piece->recv_byte_s, size_B);
    if (path != PATH_SAME_DOMAIN)
        add_receive_mitigation(net, size_B, &cost);
    return cost;
}

struct stack_cost network_cost_after_wait(const struct stack_cost *cost, double idle_s)
{
    assert(idle_s >= 0.0);

    const double done_s = fmin(cost->arriving_s, idle_s);
    struct stack_cost left = *cost;
    left.guest_s -= done_s;
    left.arriving_s -= done_s;
    return left;
}

struct stack_cost network_registration_cost(const struct network *net, enum path path,
                                            double size_B)
{
    const struct registration *registration = &net->mpi->registration;
    if (path == PATH_SAME_DOMAIN || !registers(net->mpi, size_B))
        return (struct stack_cost){0};
    return (struct stack_cost){
        .native_s = registration_cost_s(registration, &registration->cost, size_B),
        .guest_s = leaves_guest(net, path)
                       ? registration_cost_s(registration, &net->virt->registration, size_B)
                       : 0.0};
}

double stack_cost_s(const struct stack_cost *cost)
{
    return cost->native_s + cost->guest_s;
}

struct stack_cost stack_cost_sum(const struct stack_cost *a, const struct stack_cost *b)
{
    return (struct stack_cost){.native_s = a->native_s + b->native_s,
                               .guest_s = a->guest_s + b->guest_s,
                               .exit_s = a->exit_s + b->exit_s,
                               .arriving_s = a->arriving_s + b->arriving_s};
}

static double payload_B(const struct link_profile *link)
{
    return link->mtu_B - link->packet_header_B;
}

double network_packets(const struct link_profile *link, double size_B)
{
    return fmax(1.0, ceil(size_B / payload_B(link)));
}

double network_wire_Bps(const struct link_profile *link)
{
    return link->bandwidth_Bps.value * payload_B(link) / (link->mtu_B + link->frame_overhead_B);
}

/* Of each page of 4 KiB, what the IOMMU takes for it. */
static double iommu_page_s(const struct network *net)
{
    return net->virt->kind == VIRT_NATIVE ? 0.0 : net->virt->iommu_page_s.value;
}

double network_nic_Bps(const struct network *net)
{
    const double page_s = iommu_page_s(net);
    const double wire_Bps = network_wire_Bps(net->link);
    return page_s > 0.0 ? fmin(wire_Bps, ADAPTER_PAGE_B / page_s) : wire_Bps;
}

/* An empty message still is one packet with a header; a byte keeps rates finite. */
static double carried(double size_B)
{
    return fmax(1.0, size_B);
}

/* Seconds that the wire is taken by a message, headers and a short last packet included. */
static double wire_s(const struct link_profile *link, double size_B)
{
    const double overhead_B =
        network_packets(link, size_B) * (link->packet_header_B + link->frame_overhead_B);
    return (size_B + overhead_B) / link->bandwidth_Bps.value;
}

/* Service time of `size_B` bytes in `n_packets` packets in one backend on an idle host. */
static double packets_service_s(const struct network *net, double n_packets, double size_B)
{
    const struct backend *backend = &net->virt->backend;
    const double byte_s = is_smp(net) ? backend->byte_smp_s.value : backend->byte_s.value;
    return n_packets * backend->packet_s.value + size_B * byte_s;
}

double network_backend_Bps(const struct network *net)
{
    const double full_packet_B = payload_B(net->link);
    const double service_s = packets_service_s(net, 1.0, full_packet_B);
    return has_backend(net) && service_s > 0.0 ? full_packet_B / service_s : INFINITY;
}

double network_backends_Bps(const struct network *net, int n_cores)
{
    assert(n_cores >= 1);

    const double cpu_share = net->virt->backend.cpu_share.value;
    return cpu_share > 0.0 ? network_backend_Bps(net) * n_cores / cpu_share : INFINITY;
}

/* Service time of one message in one backend on an idle host. */
static double service_s(const struct network *net, double size_B)
{
    if (!has_backend(net))
        return 0.0;
    return net->virt->backend.message_s.value +
           packets_service_s(net, network_packets(net->link, size_B), size_B);
}

double network_same_host_Bps(const struct network *net)
{
    return fmin(net->virt->same_host.bandwidth_Bps.value, net->mpi->local_bandwidth_Bps.value);
}

static double same_host_latency_s(const struct network *net)
{
    return fmax(net->virt->same_host.latency_s.value, net->mpi->local_latency_s.value);
}

/* What a piece says of the way of its messages. */
static void slow_down(struct transfer *transfer, const struct message_piece *piece)
{
    if (!piece)
        return;
    transfer->latency_s += piece->latency_s.value;
    transfer->rate_factor /= piece->slowdown.value;
    transfer->spread = message_spread_of_both(transfer->spread, piece->spread.value);
}

/* From guest to guest: all of it is the backends' work, measured from end to end. */
static struct transfer within_idle_host(const struct network *net, double size_B)
{
    struct transfer transfer = {.latency_s = same_host_latency_s(net),
                                .rate_Bps = network_same_host_Bps(net),
                                .rate_factor = 1.0,
                                .wire_s = 0.0};
    slow_down(&transfer, guest_piece(net, PATH_SAME_HOST, size_B));
    return transfer;
}

/* The most that one backend can work on a message between two guests of an idle host. */
static double longest_service_s(const struct network *net, double size_B)
{
    const struct transfer transfer = within_idle_host(net, size_B);
    const double both_s = transfer.latency_s + size_B / (transfer.rate_Bps * transfer.rate_factor);
    return net->virt->backend.scope == BACKEND_PER_NODE ? 0.5 * both_s : both_s;
}

double network_backend_cpu_s(const struct network *net, enum path path, double size_B)
{
    const double alone_s = path == PATH_SAME_DOMAIN ? 0.0 : service_s(net, size_B);
    if (alone_s == 0.0)
        return 0.0;
    const double s =
        path == PATH_SAME_HOST ? fmin(alone_s, longest_service_s(net, size_B)) : alone_s;
    return s * net->virt->backend.cpu_share.value;
}

/* Delay of one backend before it serves a message on a host with this load. */
static double notification_s(const struct network *net, const struct host_load *load)
{
    const struct backend *backend = &net->virt->backend;
    return backend->latency_s.value + host_pressure(load) * backend->wakeup_s.value;
}

double network_backend_slowdown(const struct network *net, const struct host_load *load)
{
    const struct backend *backend = &net->virt->backend;
    if (!has_backend(net))
        return 1.0;
    return host_service_slowdown(load, is_smp(net) ? backend->busy_smp_factor.value
                                                   : backend->busy_factor.value);
}

/* Both backends: two delays, and the first packet has to be through one before the other starts. */
static void add_backends(const struct network *net, double size_B, const struct host_load *from,
                         const struct host_load *to, struct transfer *transfer)
{
    const double first_packet_s = net->virt->backend.message_s.value +
                                  packets_service_s(net, 1.0, fmin(size_B, payload_B(net->link)));
    transfer->latency_s += notification_s(net, from) + notification_s(net, to) +
                           first_packet_s * network_backend_slowdown(net, from);

    const double slowest =
        fmax(network_backend_slowdown(net, from), network_backend_slowdown(net, to));
    const double own_Bps = fmin(transfer->rate_Bps * transfer->rate_factor,
                                size_B / (service_s(net, size_B) * slowest));
    transfer->rate_Bps = fmin(transfer->rate_Bps, network_backend_Bps(net) / slowest);
    transfer->rate_factor = own_Bps / transfer->rate_Bps;
}

/* Loopback or shared memory: the operating system's own business. */
static struct transfer within_domain(const struct network *net, double size_B)
{
    struct transfer transfer = {.latency_s = net->mpi->local_latency_s.value,
                                .rate_Bps = net->mpi->local_bandwidth_Bps.value,
                                .rate_factor = 1.0};
    slow_down(&transfer, library_piece(net, PATH_SAME_DOMAIN, size_B));
    transfer.wire_s = transfer_duration_s(&transfer, size_B);
    return transfer;
}

static struct transfer within_host(const struct network *net, double size_B,
                                   const struct host_load *from, const struct host_load *to)
{
    struct transfer transfer = within_idle_host(net, size_B);
    transfer.latency_s +=
        (host_pressure(from) + host_pressure(to)) * net->virt->backend.wakeup_s.value;
    transfer.rate_Bps /=
        fmax(network_backend_slowdown(net, from), network_backend_slowdown(net, to));
    return transfer;
}

/* The first page has to be through both hosts' IOMMUs; the others follow it. */
static double guest_latency_s(const struct network *net)
{
    return 2.0 * iommu_page_s(net) +
           (is_interrupted(net) ? net->virt->interrupts.delay_s.value : 0.0);
}

static struct transfer over_wire(const struct network *net, double size_B)
{
    const double carried_B = carried(size_B);
    const double taken_s = wire_s(net->link, carried_B);
    const double node_Bps = net->node->network_bandwidth_Bps.value;
    const double nic_Bps = network_nic_Bps(net);
    const double rate_Bps = node_Bps > 0.0 ? fmin(nic_Bps, node_Bps) : nic_Bps;
    const double node_s = node_Bps > 0.0 ? carried_B / node_Bps : 0.0;
    struct transfer transfer = {.latency_s = net->link->latency_s.value,
                                .rate_Bps = rate_Bps,
                                .rate_factor = fmin(1.0, carried_B / taken_s / rate_Bps)};
    const struct message_piece *piece = library_piece(net, PATH_OTHER_HOST, size_B);
    const double slowdown = piece ? piece->slowdown.value : 1.0;
    slow_down(&transfer, piece);
    transfer.wire_s = transfer.latency_s + slowdown * fmax(taken_s, node_s);
    return transfer;
}

static struct transfer between_hosts(const struct network *net, double size_B,
                                     const struct host_load *from, const struct host_load *to)
{
    struct transfer transfer = over_wire(net, size_B);
    if (net->virt->kind == VIRT_NATIVE)
        return transfer;
    transfer.latency_s += guest_latency_s(net);
    if (service_s(net, carried(size_B)) > 0.0)
        add_backends(net, carried(size_B), from, to, &transfer);
    slow_down(&transfer, guest_piece(net, PATH_OTHER_HOST, size_B));
    return transfer;
}

struct transfer network_transfer(const struct network *net, enum path path, double size_B,
                                 const struct host_load *from, const struct host_load *to)
{
    assert(isfinite(size_B) && size_B >= 0.0);

    if (path == PATH_SAME_DOMAIN)
        return within_domain(net, size_B);
    if (path == PATH_SAME_HOST)
        return within_host(net, size_B, from, to);
    return between_hosts(net, size_B, from, to);
}

double transfer_duration_s(const struct transfer *transfer, double size_B)
{
    return transfer->latency_s + carried(size_B) / (transfer->rate_Bps * transfer->rate_factor);
}

void transfer_draw(struct transfer *transfer, struct random_stream *stream)
{
    if (transfer->spread == 0.0)
        return;
    const double factor = random_lognormal(stream, transfer->spread);
    transfer->latency_s *= factor;
    transfer->rate_factor /= factor;
    transfer->wire_s *= factor;
    transfer->spread = 0.0;
}
