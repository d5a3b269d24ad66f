/*
 * toy_cluster.h - small clusters with numbers that a hand can work with, and programs to run on
 * them.
 */
#ifndef VHPCSIM_TOY_CLUSTER_H
#define VHPCSIM_TOY_CLUSTER_H

#include "sim/engine/program.h"
#include "sim/platform/platform.h"

/*
 * Native nodes with one core per rank, and a wire of 125 MB/s without headers, 50 us: a
 * message takes exactly latency + size / bandwidth between two stacks of 3 us + 1 ns/B (sender)
 * and 5 us + 2 ns/B (receiver). Release with platform_release().
 */
struct platform toy_native(int n_nodes, int n_ranks_per_node);

/*
 * The same nodes with `n_guests` guests of one vCPU each, one rank in each. The guest's stack adds
 * 7 us and 11 us, each backend 13 us to notify, 17 us a message and 30 us a packet of 1500 B.
 */
struct platform toy_virtual(int n_nodes, int n_guests, enum backend_scope scope);

/* The same with one guest a node that has `n_vcpus` vCPUs and a rank on each. */
struct platform toy_smp_guests(int n_nodes, int n_vcpus, enum backend_scope scope);

/* What one rank does in the only phase of a program. */
typedef void toy_code(struct rank *rank, void *argument);

struct toy_program {
    struct program program;
    struct phase phase;
    toy_code *code;
    void *argument;
};
/* `toy` must not move while the program is used. */
void toy_program_init(struct toy_program *toy, int n_ranks, toy_code *code, void *argument);

/* Runs code(rank, argument) on every rank of the platform; fails the test if the run fails. */
struct outcome toy_run(const struct platform *platform, toy_code *code, void *argument);

/* The same where the run must fail: its status, and what it said. */
int toy_fail(const struct platform *platform, toy_code *code, void *argument, char *error,
             size_t error_size);

/* Asserts that layers sum to the elapsed time and host CPU to that times the cores. */
void toy_check_sums(const struct platform *platform, const struct outcome *outcome);

#endif
