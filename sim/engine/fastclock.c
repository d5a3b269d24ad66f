#include "fastclock.h"

#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static bool is_enabled;

void fastclock_enable(void)
{
    is_enabled = true;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (is_enabled && (clock == CLOCK_THREAD_CPUTIME_ID || clock == CLOCK_PROCESS_CPUTIME_ID)) {
        *time = (struct timespec){0};
        return 0;
    }
    return (int)syscall(SYS_clock_gettime, clock, time);
}
