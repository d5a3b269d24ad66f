#include "interruption.h"

#include <stddef.h>

static volatile sig_atomic_t interrupted;

static void note_interruption(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

const volatile sig_atomic_t *interruption_catch(void)
{
    const struct sigaction action = {.sa_handler = note_interruption};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &interrupted;
}
