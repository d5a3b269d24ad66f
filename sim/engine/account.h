/*
 * account.h - books every rank's time to layers while an engine runs.
 *
 * A rank's ledger has a clock. Whatever the rank does moves the clock on and says
 * which layer took the time, so the layers of a rank sum to its clock exactly. Beside it, the
 * cluster's backends book their CPU time. Engines own one account per run.
 */
#ifndef VHPCSIM_ACCOUNT_H
#define VHPCSIM_ACCOUNT_H

#include "engine.h"
#include "models/network.h"

struct ledger {
    double now_s; /* what has been booked so far; the rank's own clock */
    double layer_s[N_LAYERS];
    double exit_s;       /* of the guest's stack, what the hypervisor spent */
    double overlapped_s; /* CPU time of the guest's stack in what is booked as waiting */
    struct rank_traffic traffic;
    double largest_message_B;
};

/* Books `s` seconds (may be < 0 for an overhead that is a gain) to `layer`. */
void ledger_book(struct ledger *ledger, enum layer layer, double s);

/* Books the time until `end_s` to `layer`; nothing where that has gone by. */
void ledger_book_until(struct ledger *ledger, enum layer layer, double end_s);

/* Books the parts of a computation that took its cost times `scale` (node speed, noise). */
void ledger_book_compute(struct ledger *ledger, const struct compute_cost *cost, double scale);

void ledger_book_stack(struct ledger *ledger, const struct stack_cost *cost);

/*
 * How a message spends its time between the two stacks, for the ranks that
 * watch it. Times are of the simulation; `end_s` >= `start_s`.
 */
struct passage {
    double start_s;   /* both sides had come, or the sender alone where it is eager */
    double backend_s; /* idle durations: what the backends and the wire would take alone */
    double wire_s;
};

/* The passage of a message of `size_B` bytes that starts at `start_s` with these costs. */
struct passage passage_of(const struct transfer *transfer, double size_B, double start_s);

/*
 * Books the time from ledger->now_s to `end_s`, in which the rank waited for
 * this message: first for the partner, until the message started, then for the message itself.
 * What it saw of the message is split as the message's whole duration is:
 * idle backend, idle wire, and the rest is contention.
 */
void ledger_book_passage(struct ledger *ledger, const struct passage *passage, double end_s);

/*
 * Books the time from ledger->now_s to `end_s` of a collective: waiting until the last participant
 * came at `complete_s`, the rest in proportion to the costs of a typical message of it.
 */
void ledger_book_collective(struct ledger *ledger, double complete_s,
                            const struct stack_cost *stack, const struct passage *typical,
                            double end_s);

/* What some hosts together had and what their backends used of it. */
struct host_use {
    double n_cores;
    double backend_cpu_s;
    double hypervisor_share; /* part of backend_cpu_s that the hypervisor spent, 0..1 */
    double exit_s;           /* of their ranks' guest stacks, what the hypervisor spent */
    double overlapped_s;     /* of these, what ran while the ranks waited */
};

/*
 * Splits the core seconds that these hosts had in `elapsed_s` by domain; `layer_s` is the sum over
 * the ranks that they run. What the backends used is at most what the ranks left over.
 */
void account_host_cpu(const double layer_s[N_LAYERS], const struct host_use *hosts,
                      double elapsed_s, double cpu_s[N_CPU_DOMAINS]);

/*
 * Fills elapsed time, layers (the mean over `n_ranks` ledgers; a rank that ends early waits), host
 * CPU and message counts of `outcome`. `exit_s` and `overlapped_s` are taken from the ledgers.
 */
void account_close(const struct ledger *const ledgers[], int n_ranks, const struct host_use *hosts,
                   struct outcome *outcome);

void record_add(struct record *record, double value);

#endif
