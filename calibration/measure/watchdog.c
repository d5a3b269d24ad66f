#include "watchdog.h"

#include "clock.h"

#include "sim/command.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_BLAMED = 4, DOING_B = 160, REASON_B = 700 };

/* mpirun kills a second after it has asked ranks to end; before that the file must have its end. */
static const double grace_s = 0.4, look_every_s = 0.1;

/* --- whom to blame -------------------------------------------------------------------------- */

/* What a process of this operating system does: 'R', 'S'...; 0: it is no more. */
static char process_state(pid_t pid)
{
    char path[40], line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return '\0';
    const char *name_end = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    return name_end && name_end[1] == ' ' ? name_end[2] : '\0';
}

/* What is wrong with a rank as far as it can be seen from rank 0, or NULL. */
static const char *what_ails(const struct places *places, int rank)
{
    if (places->domain[rank] != places->domain[0])
        return NULL;
    switch (process_state(places->of[rank].pid)) {
    case '\0':
    case 'Z':
    case 'X':
        return "has ended";
    case 'T':
    case 't':
        return "is stopped";
    default:
        return NULL;
    }
}

static size_t append(char *text, size_t size, size_t length, const struct place *place, int rank,
                     const char *ails)
{
    if (length < size)
        length += (size_t)snprintf(text + length, size - length, "%srank %d (%s, process %d)%s%s",
                                   length > 0 ? ", " : "", rank, place->host, (int)place->pid,
                                   ails ? " " : "", ails ? ails : "");
    return length;
}

void watchdog_blame(const struct watched *watched, bool is_visit, char text[], size_t size)
{
    const struct places *places = watched->places;
    size_t length = 0;
    int n = 0;

    text[0] = '\0';
    for (int rank = 1; rank < places->n && n < MAX_BLAMED; rank++) {
        const char *ails = what_ails(places, rank);
        if (ails) {
            length = append(text, size, length, &places->of[rank], rank, ails);
            n++;
        }
    }
    if (n > 0)
        return;
    for (int rank = 1; rank < places->n; rank++) {
        if (is_visit && atomic_load(&watched->crew->has_answered[rank]))
            continue;
        if (n++ < MAX_BLAMED)
            length = append(text, size, length, &places->of[rank], rank, NULL);
    }
    if (n > MAX_BLAMED && length < size)
        snprintf(text + length, size - length, " and %d more", n - MAX_BLAMED);
}

#ifndef SMPI_H

/* --- the start ------------------------------------------------------------------------------ */

static void end_alone(int signal)
{
    static const char text[] =
        "vhpc-measure: not all ranks have come in the time that --patience gives: one of them is "
        "stopped, or runs something else, or its host does not answer\n";
    (void)signal;
    _exit(write(STDERR_FILENO, text, sizeof text - 1) < 0 ? EXIT_CANNOT_WRITE : EXIT_OFF);
}

void watchdog_await_all(double limit_s)
{
    const struct sigaction action = {.sa_handler = end_alone};
    sigaction(SIGALRM, &action, NULL);
    alarm((unsigned)ceil(limit_s));
}

void watchdog_all_came(void)
{
    alarm(0);
}

/* --- the thread ----------------------------------------------------------------------------- */

struct watchdog {
    struct watched watched;
    pthread_t thread;
    pthread_mutex_t lock;
    bool is_expecting, is_visit, is_done;
    double limit_s, deadline_s;
    double interrupted_s; /* since when it shall end; 0: it need not */
    char doing[DOING_B];
};

static void end_run(const struct watchdog *dog, const char *how, const char *reason, int status)
{
    fprintf(stderr, "\nvhpc-measure: %s\nvhpc-measure: what was measured is kept\n", reason);
    recorder_end(dog->watched.recorder, how, dog->watched.spent_s(), reason);
    MPI_Abort(MPI_COMM_WORLD, status);
    _exit(status);
}

static void end_hanging(const struct watchdog *dog)
{
    char blamed[500], reason[REASON_B + DOING_B];
    watchdog_blame(&dog->watched, dog->is_visit, blamed, sizeof blamed);
    snprintf(reason, sizeof reason, "%s: no answer within %.0f s, in %s",
             *blamed ? blamed : "all ranks", dog->limit_s, dog->doing);
    end_run(dog, "failed", reason, EXIT_OFF);
}

/* mpirun also asks ranks to end when one of them has died. */
static void end_interrupted(const struct watchdog *dog)
{
    char blamed[500], reason[REASON_B + DOING_B];
    bool is_dead = false;
    for (int rank = 1; rank < dog->watched.places->n; rank++)
        is_dead = is_dead || what_ails(dog->watched.places, rank) != NULL;
    watchdog_blame(&dog->watched, dog->is_visit, blamed, sizeof blamed);
    if (is_dead)
        snprintf(reason, sizeof reason, "%s, in %s", blamed, dog->doing);
    else
        snprintf(reason, sizeof reason, "asked to end in %s, by somebody or because a rank died",
                 dog->doing);
    end_run(dog, is_dead ? "failed" : "interrupted", reason, is_dead ? EXIT_OFF : EXIT_INTERRUPTED);
}

static void look(struct watchdog *dog)
{
    const double now_s = clock_now_s();
    if (*dog->watched.is_interrupted && dog->interrupted_s <= 0.0)
        dog->interrupted_s = now_s;
    if (!dog->is_expecting)
        return;
    if (now_s > dog->deadline_s)
        end_hanging(dog);
    if (dog->interrupted_s > 0.0 && now_s > dog->interrupted_s + grace_s)
        end_interrupted(dog);
}

static void *watch(void *user)
{
    struct watchdog *dog = user;
    for (bool is_done = false; !is_done;) {
        clock_sleep(look_every_s);
        pthread_mutex_lock(&dog->lock);
        is_done = dog->is_done;
        if (!is_done)
            look(dog);
        pthread_mutex_unlock(&dog->lock);
    }
    return NULL;
}

struct watchdog *watchdog_new(const struct watched *watched)
{
    struct watchdog *dog = calloc(1, sizeof *dog);
    if (!dog)
        return NULL;
    dog->watched = *watched;
    pthread_mutex_init(&dog->lock, NULL);
    /* Signals are for the thread that measures: it notices them between visits. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = pthread_create(&dog->thread, NULL, watch, dog);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) {
        free(dog);
        return NULL;
    }
    return dog;
}

void watchdog_free(struct watchdog *dog)
{
    if (!dog)
        return;
    pthread_mutex_lock(&dog->lock);
    dog->is_done = true;
    pthread_mutex_unlock(&dog->lock);
    pthread_join(dog->thread, NULL);
    pthread_mutex_destroy(&dog->lock);
    free(dog);
}

void watchdog_expect(struct watchdog *dog, double limit_s, bool is_visit, const char *doing)
{
    if (!dog)
        return;
    pthread_mutex_lock(&dog->lock);
    dog->is_expecting = true;
    dog->is_visit = is_visit;
    dog->limit_s = limit_s;
    dog->deadline_s = clock_now_s() + limit_s;
    snprintf(dog->doing, sizeof dog->doing, "%s", doing);
    pthread_mutex_unlock(&dog->lock);
}

void watchdog_rest(struct watchdog *dog)
{
    if (!dog)
        return;
    pthread_mutex_lock(&dog->lock);
    dog->is_expecting = false;
    pthread_mutex_unlock(&dog->lock);
}

#else

void watchdog_await_all(double limit_s)
{
    (void)limit_s;
}

void watchdog_all_came(void)
{
}

struct watchdog *watchdog_new(const struct watched *watched)
{
    (void)watched;
    return NULL;
}

void watchdog_free(struct watchdog *dog)
{
    (void)dog;
}

void watchdog_expect(struct watchdog *dog, double limit_s, bool is_visit, const char *doing)
{
    (void)dog;
    (void)limit_s;
    (void)is_visit;
    (void)doing;
}

void watchdog_rest(struct watchdog *dog)
{
    (void)dog;
}

#endif
