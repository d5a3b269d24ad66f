#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const double quiet_s = 1.0;

double monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void progress_init(struct progress *progress, bool is_wanted, int n_total)
{
    *progress = (struct progress){.is_shown = is_wanted && isatty(STDERR_FILENO),
                                  .n_total = n_total,
                                  .start_s = monotonic_s()};
}

void progress_text(char *text, unsigned long size, int n_done, int n_total, double elapsed_s)
{
    const int length = snprintf(text, size, "%d of %d simulations", n_done, n_total);
    if (n_done == 0 || length < 0 || (unsigned long)length >= size)
        return;

    const double left_s = elapsed_s / n_done * (n_total - n_done);
    const char *unit = left_s < 120.0 ? "s" : left_s < 7200.0 ? "min" : "h";
    const double divisor = left_s < 120.0 ? 1.0 : left_s < 7200.0 ? 60.0 : 3600.0;
    snprintf(text + length, size - (unsigned long)length, ", about %.0f %s left",
             ceil(left_s / divisor), unit);
}

void progress_update(struct progress *progress, int n_done)
{
    const double elapsed_s = monotonic_s() - progress->start_s;
    char text[80];

    if (!progress->is_shown || elapsed_s < quiet_s)
        return;
    progress_text(text, sizeof text, n_done, progress->n_total, elapsed_s);
    fprintf(stderr, "\r\033[K%s", text);
    progress->has_line = true;
}

void progress_end(struct progress *progress)
{
    if (progress->has_line)
        fputs("\r\033[K", stderr);
    progress->has_line = false;
}
