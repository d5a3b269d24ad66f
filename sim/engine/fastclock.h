/*
 * fastclock.h - answers the CPU clock calls of SMPI without asking the kernel.
 *
 * SMPI reads the thread's CPU clock twice in every MPI call, even where it simulates no
 * computation that was measured on this machine. Our clock_gettime() stands in front of the C
 * library's; once enabled, CPU clocks stand still in this process. Other clocks stay what they are.
 */
#ifndef VHPCSIM_FASTCLOCK_H
#define VHPCSIM_FASTCLOCK_H

/* For a process that does nothing but simulate, from now on. */
void fastclock_enable(void);

#endif
