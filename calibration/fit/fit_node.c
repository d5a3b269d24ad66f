/*
 * fit_node.c - a node's profile: what its manifest says, and what its cores were measured to do.
 */
#include "fit_node.h"

#include <math.h>

/* A clock that nobody told; it is for reports alone. */
static const double unknown_clock_Hz = 1e9;

/* Both ways at once take so many times as long as one way before a bus is to blame. */
static const double least_bus_slowdown = 1.1;

static int at_least_one(int n)
{
    return n > 1 ? n : 1;
}

static void set_machine(struct fitted *fitted)
{
    struct node_profile *node = &fitted->node;
    const struct machine *machine = &fitted->machine;
    const int n_cores = node_cores(fitted);
    node->n_sockets =
        n_cores % at_least_one(machine->n_sockets) == 0 ? at_least_one(machine->n_sockets) : 1;
    node->n_cores_per_socket = n_cores / node->n_sockets;
    node->n_threads_per_core = at_least_one(machine->n_threads_per_core);
    node->clock_Hz = machine->clock_Hz > 0.0 ? machine->clock_Hz : unknown_clock_Hz;
    node->memory_B = machine->memory_B;
    node->name = arena_format(fitted->arena, "%s-node", fitted->name);
    node->title = arena_format(
        fitted->arena, "%s%s%s", machine->model[0] ? machine->model : "a node",
        machine->is_guest ? ", as a guest sees it: " : "", machine->is_guest ? machine->layer : "");
    if (machine->clock_Hz == 0.0)
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "clock: the machine does not tell it; 1 GHz stands for it, in reports alone");
    if (machine->memory_B == 0.0)
        fitted_note(fitted, NOTE_MISSING, PART_NODE,
                    "the file has no manifest of the machine: nobody knows its memory");
}

/* What goes in and out at the same time, where that is less than both ways would carry alone. */
static void set_bus(struct fitted *fitted)
{
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_BIDIRECTIONAL, fitted->remote_path, RAW_IDLE, 0);
    if (slice.n == 0 || !fitted->has_remote)
        return;
    const struct dataset_point *point = &slice.points[slice.n - 1];
    const double one_way_s = path_fit_time_s(&fitted->remote, point->size_B);
    const double bytes_s = point->size_B / fitted->remote.bandwidth_Bps.value *
                           path_fit_piece(&fitted->remote, point->size_B)->slowdown.value;
    if (point->location_s < least_bus_slowdown * one_way_s || bytes_s < 0.5 * one_way_s)
        return;
    const struct estimate time_s = dataset_location(point, &fitted->resampling);
    const double fixed_s = one_way_s - bytes_s;
    fitted->node.network_bandwidth_Bps =
        fitted_parameter_in((struct estimate){2.0 * point->size_B / (time_s.value - fixed_s),
                                              2.0 * point->size_B / (time_s.ci95_hi - fixed_s),
                                              2.0 * point->size_B / (time_s.ci95_lo - fixed_s)},
                            fitted_source(fitted, &slice, "long messages both ways at once"),
                            slice.points[0].size_B, point->size_B);
}

/* True where every number without a default was measured. */
static bool is_complete(const struct fitted *fitted)
{
    const struct node_profile *node = &fitted->node;
    bool is_complete = node->memory_bandwidth_one_Bps.value > 0.0 && node->memory_B > 0.0;
    for (int i = 0; i < N_WORK_CLASS; i++)
        is_complete = is_complete && node->rate_flops[i].alone.value > 0.0;
    return is_complete;
}

int fit_node(struct fitted *fitted)
{
    /* Noise first: it is taken out of the others' times. */
    static int (*const parts[])(struct fitted *) = {fit_node_noise, fit_node_dgemm, fit_node_rates,
                                                    fit_node_memory, fit_node_disk};
    int status = 0;
    set_machine(fitted);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == 0; i++)
        status = parts[i](fitted);
    set_bus(fitted);
    fitted->has[PART_NODE] = status == 0 && is_complete(fitted) && fitted->node.name;
    return status;
}
