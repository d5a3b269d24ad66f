/*
 * floating.h - what vCPUs lose that nothing pins to cores.
 *
 * The host's scheduler moves them: away from the socket that holds their memory, away from warm
 * caches, and now and then two of them onto one core while another idles, until it notices.
 * Pinned vCPUs lose none of that. Left out: hosts that move memory after the vCPU, and
 * bad luck that stays (some vCPUs far from their memory, others near, for a whole run): all lose
 * the mean.
 */
#ifndef VHPCSIM_FLOATING_H
#define VHPCSIM_FLOATING_H

#include "profile.h"

/*
 * Part (0..1) of a vCPU's memory traffic that goes to another socket, on a node of `n_sockets`:
 * `away` says how far the place of a vCPU is independent of that of its memory, so up to 1 -
 * 1 / n_sockets. Never less than `pinned`, what it would be with a core of its own.
 */
double floating_remote(const struct floating *floating, int n_sockets, double pinned);

/*
 * Seconds that it takes to refill caches of `cache_B` at `bandwidth_Bps` (> 0) after each
 * migration during `work_s` seconds of work: as if all that they held were wanted again.
 */
double floating_refill_s(const struct floating *floating, double cache_B, double bandwidth_Bps,
                         double work_s);

/*
 * Seconds that `work_s` seconds of work take longer because the vCPU has half a core for a part
 * `doubled` of its time when `fullness` (0..1) of the node's other cores are at work, in proportion
 * to it.
 */
double floating_doubled_s(const struct floating *floating, double fullness, double work_s);

#endif
