#include "export.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* SMPI sends so many bytes of its own with each message. */
static const double envelope_B = 16.0;
/* Sizes of so many full packets are boundaries, and powers of two up to 2^30 B. */
enum { LARGEST_POWER = 30, PACKETS = 32 };

/* What the model's functions ask about: a network, a path of it, and how busy its hosts are. */
struct question {
    struct network net;
    enum path path;
    struct host_load load;
};

static enum path main_path(const struct platform *platform)
{
    if (platform->n_nodes > 1)
        return PATH_OTHER_HOST;
    if (platform->n_domains_per_node > 1)
        return platform_path(platform, 0, 1);
    return PATH_SAME_DOMAIN;
}

/* Hosts that do nothing but wait, with their cores where the library polls. */
static struct question question_of(const struct platform *platform)
{
    const bool polls = platform->mpi.wait == MPI_WAIT_POLLS;
    return (struct question){.net = platform_network(platform),
                             .path = main_path(platform),
                             .load = {.n_cores = platform->n_threads,
                                      .n_reserved = platform->n_reserved,
                                      .n_computing = polls ? platform->n_ranks_on_node[0] : 0}};
}

static double send_s(const struct question *question, double size_B)
{
    const struct stack_cost cost = network_send_cost(&question->net, question->path, size_B);
    return stack_cost_s(&cost);
}

/* From the sender's begin to the receiver's, both buffers registered. */
static struct transfer transfer_of(const struct question *question, double size_B)
{
    return network_transfer(&question->net, question->path, size_B, &question->load,
                            &question->load);
}

static double way_s(const struct question *question, double size_B)
{
    const struct transfer transfer = transfer_of(question, size_B);
    const struct stack_cost registration =
        network_registration_cost(&question->net, question->path, size_B);
    return transfer_duration_s(&transfer, size_B) + 2.0 * stack_cost_s(&registration);
}

/* Of a receiver that has waited since the message left, as one does in a ping-pong. */
static double recv_s(const struct question *question, double size_B)
{
    const struct transfer transfer = transfer_of(question, size_B);
    const struct stack_cost cost = network_recv_cost(&question->net, question->path, size_B);
    const struct stack_cost left =
        network_cost_after_wait(&cost, transfer_duration_s(&transfer, size_B));
    return stack_cost_s(&left);
}

/* All of a message, from the sender's begin to the receiver's end. */
static double rendezvous_s(const struct question *question, double size_B)
{
    return send_s(question, size_B) + way_s(question, size_B) + recv_s(question, size_B);
}

double export_own_half_round_trip_s(const struct platform *platform, double size_B)
{
    const struct question question = question_of(platform);
    return rendezvous_s(&question, size_B);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Boundaries of our own pieces: the largest size of the piece below. */
static int add_pieces(const struct message_pieces *pieces, double boundary_B[], int n)
{
    for (int i = 1; i < pieces->n; i++)
        boundary_B[n++] = ceil(pieces->items[i].from_B) - 1.0;
    return n;
}

/* Sizes at which costs bend, rising and different; the first is 0. */
static int find_boundaries(const struct question *question, double boundary_B[])
{
    const struct network *net = &question->net;
    const enum path path = question->path;
    double found_B[EXPORT_PIECES];
    int n = 0;
    for (int power = 0; power < LARGEST_POWER; power++)
        found_B[n++] = ldexp(1.0, power);
    for (int packets = 1; packets <= PACKETS && path == PATH_OTHER_HOST; packets++)
        found_B[n++] = floor(packets * (net->link->mtu_B - net->link->packet_header_B));
    found_B[n++] = floor(network_eager_threshold_B(net->mpi, path));
    found_B[n++] = ceil(net->mpi->registration.threshold_B) - 1.0;
    n = add_pieces(path == PATH_SAME_DOMAIN ? &net->mpi->local_sizes : &net->mpi->sizes, found_B,
                   n);
    n = add_pieces(path == PATH_SAME_HOST ? &net->virt->same_host.sizes : &net->virt->sizes,
                   found_B, n);
    qsort(found_B, (size_t)n, sizeof *found_B, by_value);
    int n_different = 0;
    boundary_B[n_different++] = 0.0;
    for (int i = 0; i < n; i++) {
        if (found_B[i] > boundary_B[n_different - 1] && found_B[i] < ldexp(1.0, LARGEST_POWER))
            boundary_B[n_different++] = found_B[i];
    }
    return n_different;
}

typedef double cost_at(const struct question *question, double size_B);

/* The line through a cost at two sizes; never falling, never negative at its start. */
static struct export_line line_through(const struct question *question, cost_at *cost,
                                       double from_B, double to_B)
{
    const double from_s = cost(question, from_B);
    const double byte_s = fmax(0.0, (cost(question, to_B) - from_s) / (to_B - from_B));
    return (struct export_line){from_s - byte_s * from_B, byte_s};
}

/* The way of a piece as a line; its factors follow when all lines are known. */
static struct export_line fit_piece(const struct question *question, bool is_eager, double from_B,
                                    double to_B, struct export_piece *piece)
{
    const double first_B = from_B > 0.0 ? from_B + 1.0 : 0.0;
    if (!is_eager)
        return line_through(question, rendezvous_s, first_B, to_B);
    piece->send = piece->isend = line_through(question, send_s, first_B, to_B);
    piece->recv = line_through(question, recv_s, first_B, to_B);
    return line_through(question, way_s, first_B, to_B);
}

void export_costs_of(const struct platform *platform, struct export_costs *costs)
{
    const struct question question = question_of(platform);
    double boundary_B[EXPORT_PIECES + 1];
    struct export_line way[EXPORT_PIECES];
    *costs = (struct export_costs){
        .path = question.path,
        .eager_B = floor(network_eager_threshold_B(question.net.mpi, question.path)),
        .latency_s = way_s(&question, 1.0)};
    costs->n = find_boundaries(&question, boundary_B);
    boundary_B[costs->n] = ldexp(1.0, LARGEST_POWER);
    for (int i = 0; i < costs->n; i++) {
        costs->piece[i].from_B = boundary_B[i];
        way[i] = fit_piece(&question, boundary_B[i] < costs->eager_B, boundary_B[i],
                           boundary_B[i + 1], &costs->piece[i]);
        if (way[i].byte_s > 0.0)
            costs->bandwidth_Bps = fmax(costs->bandwidth_Bps, 1.0 / way[i].byte_s);
    }
    for (int i = 0; i < costs->n; i++) {
        const double byte_s = fmax(way[i].byte_s, 1.0 / costs->bandwidth_Bps);
        costs->piece[i].bandwidth_factor = 1.0 / (byte_s * costs->bandwidth_Bps);
        costs->piece[i].latency_factor =
            fmax(0.0, way[i].message_s - envelope_B * byte_s) / costs->latency_s;
    }
}

static double line_s(const struct export_line *line, double size_B)
{
    return fmax(0.0, line->message_s + line->byte_s * size_B);
}

double export_half_round_trip_s(const struct export_costs *costs, double size_B)
{
    int at = 0;
    while (at + 1 < costs->n && size_B > costs->piece[at + 1].from_B)
        at++;
    const struct export_piece *piece = &costs->piece[at];
    const double calls_s =
        size_B > 0.0 ? line_s(&piece->send, size_B) + line_s(&piece->recv, size_B) : 0.0;
    return calls_s + piece->latency_factor * costs->latency_s +
           (size_B + envelope_B) / (piece->bandwidth_factor * costs->bandwidth_Bps);
}
