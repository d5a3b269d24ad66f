#include "progress.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_S = 1, PROGRESS_LINE_B = 160 };

/* What the alarm writes while the first simulation runs; a handler must not format. */
static char first_line[PROGRESS_LINE_B];

static void show_first_line(int signal_number)
{
    (void)signal_number;
    const ssize_t written = write(STDERR_FILENO, first_line, strlen(first_line));
    (void)written; /* nobody to tell */
}

double monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void progress_init(struct progress *progress, bool is_wanted, const char *label, int n_total)
{
    *progress = (struct progress){.is_shown = is_wanted && isatty(STDERR_FILENO),
                                  .label = label ? label : "",
                                  .n_total = n_total,
                                  .start_s = monotonic_s()};
    if (!progress->is_shown)
        return;
    const struct sigaction action = {.sa_handler = show_first_line, .sa_flags = SA_RESTART};
    progress_text(first_line, sizeof first_line, progress->label, 0, n_total, 0.0);
    sigaction(SIGALRM, &action, NULL);
    alarm(QUIET_S);
}

void progress_text(char *text, unsigned long size, const char *label, int n_done, int n_total,
                   double elapsed_s)
{
    const int length = snprintf(text, size, "%s%d of %d simulations", label, n_done, n_total);
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
    char text[PROGRESS_LINE_B];

    if (!progress->is_shown || elapsed_s < QUIET_S)
        return;
    alarm(0);
    progress_text(text, sizeof text, progress->label, n_done, progress->n_total, elapsed_s);
    fprintf(stderr, "\r\033[K%s", text);
}

void progress_end(struct progress *progress)
{
    alarm(0);
    if (progress->is_shown && monotonic_s() - progress->start_s >= QUIET_S)
        fputs("\r\033[K", stderr);
    progress->is_shown = false;
}
