/*
 * backlog.h - the CPU work of a node's I/O backends, as a fluid in a tank.
 *
 * Each message pours in what it will cost; the backends let it out at one CPU second a second each
 * while any is left. What ran out while a rank computed is what may have been taken from that
 * rank's core. Left out: which of several backends the work belongs to.
 */
#ifndef VHPCSIM_BACKLOG_H
#define VHPCSIM_BACKLOG_H

struct backlog {
    double arrived_s; /* CPU seconds poured in since the start */
    double waiting_s; /* of those, still there at `at_s` */
    double at_s;
};

/* Adds `work_s` >= 0 CPU seconds for `n_backends` >= 1 at `now_s`, which never goes back. */
void backlog_add(struct backlog *backlog, int n_backends, double now_s, double work_s);

/*
 * Returns the CPU seconds that `n_backends` have done by `now_s`: never falls, never rises by
 * more than n_backends seconds a second, and never passes what arrived.
 */
double backlog_done_s(struct backlog *backlog, int n_backends, double now_s);

#endif
