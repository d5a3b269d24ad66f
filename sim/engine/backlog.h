/*
 * backlog.h - the CPU work of one I/O backend, as a fluid in a tank.
 *
 * Each message pours in what it will cost; the backend lets it out at the rate at which it uses a
 * core, while any is left. What ran out while a rank computed is what may have been taken from that
 * rank's core. Left out: that a backend waits for the wire.
 */
#ifndef VHPCSIM_BACKLOG_H
#define VHPCSIM_BACKLOG_H

struct backlog {
    double arrived_s; /* CPU seconds poured in since the start */
    double waiting_s; /* of those, still there at `at_s` */
    double at_s;
};

/*
 * Returns the CPU seconds done by `now_s`, which never goes back, at `rate` >= 0 CPU seconds a
 * second since the last call: never falls, and never passes what arrived.
 */
double backlog_done_s(struct backlog *backlog, double rate, double now_s);

/* Adds `work_s` >= 0 CPU seconds at `now_s`; until then work was done at `rate`. */
void backlog_add(struct backlog *backlog, double rate, double now_s, double work_s);

#endif
