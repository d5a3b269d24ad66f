/*
 * interruption.h - commands that stop in good order when somebody presses Ctrl-C.
 */
#ifndef VHPCSIM_INTERRUPTION_H
#define VHPCSIM_INTERRUPTION_H

#include <signal.h>

/* From now on SIGINT and SIGTERM do no more than make the result non-zero, which is static. */
const volatile sig_atomic_t *interruption_catch(void);

#endif
