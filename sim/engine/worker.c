#include "worker.h"

#include "fastclock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What precedes the traffic on the result pipe. */
struct header {
    int status;
    struct outcome outcome;
    char error[WORKER_ERROR_SIZE];
};

/* --- in the child -------------------------------------------------------------- */

static void write_all(int fd, const void *data, size_t size)
{
    const char *next = data;
    while (size > 0) {
        const ssize_t n = write(fd, next, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(EXIT_FAILURE);
        next += n;
        size -= (size_t)n;
    }
}

static void die_with_parent(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_FAILURE); /* it was gone before we could ask */
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    static const int signals[] = {SIGINT,  SIGTERM, SIGPIPE, SIGSEGV,
                                  SIGABRT, SIGBUS,  SIGFPE,  SIGILL};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
}

static void redirect(int fd, int stream)
{
    if (dup2(fd, stream) < 0)
        _exit(EXIT_FAILURE);
}

static _Noreturn void work_and_exit(pool_work *work, void *context, int index, int result_fd,
                                    int output_fd)
{
    const int null_fd = open("/dev/null", O_RDONLY);
    if (null_fd >= 0)
        redirect(null_fd, STDIN_FILENO);
    redirect(output_fd, STDOUT_FILENO);
    redirect(output_fd, STDERR_FILENO);
    fastclock_enable();

    static struct header header;
    header.status = work(context, index, &header.outcome, header.error, sizeof header.error);
    write_all(result_fd, &header, sizeof header);
    const struct outcome *outcome = &header.outcome;
    if (header.status == 0 && outcome->traffic)
        write_all(result_fd, outcome->traffic, (size_t)outcome->n_ranks * sizeof *outcome->traffic);
    _exit(EXIT_SUCCESS); /* no destructors: the engine's library may not survive them */
}

/* --- in the parent --------------------------------------------------------------- */

int worker_start(struct worker *worker, pool_work *work, void *context, int index)
{
    *worker = (struct worker){.result_fd = -1, .output_fd = -1};
    int result[2], output[2];
    if (pipe2(result, O_CLOEXEC) < 0)
        return -errno;
    if (pipe2(output, O_CLOEXEC) < 0) {
        const int status = -errno;
        close(result[0]);
        close(result[1]);
        return status;
    }
    fflush(NULL); /* or the child would write it a second time */
    const pid_t parent = getpid();
    worker->pid = fork();
    if (worker->pid == 0) {
        die_with_parent(parent);
        work_and_exit(work, context, index, result[1], output[1]);
    }
    const int status = worker->pid < 0 ? -errno : 0;
    close(result[1]);
    close(output[1]);
    if (status < 0) {
        worker->pid = 0;
        close(result[0]);
        close(output[0]);
        return status;
    }
    worker->result_fd = result[0];
    worker->output_fd = output[0];
    return 0;
}

static int append_result(struct worker *worker, const char *data, size_t size)
{
    char *grown = realloc(worker->result, worker->result_size + size);
    if (!grown)
        return -ENOMEM;
    memcpy(grown + worker->result_size, data, size);
    worker->result = grown;
    worker->result_size += size;
    return 0;
}

/* Keeps the end of what was printed: the reason comes last. */
static void append_output(struct worker *worker, const char *data, size_t size)
{
    const size_t room = WORKER_OUTPUT_SIZE - 1;
    if (size > room) {
        data += size - room;
        size = room;
    }
    if (worker->output_size + size > room) {
        const size_t dropped = worker->output_size + size - room;
        memmove(worker->output, worker->output + dropped, worker->output_size - dropped);
        worker->output_size -= dropped;
    }
    memcpy(worker->output + worker->output_size, data, size);
    worker->output_size += size;
    worker->output[worker->output_size] = '\0';
}

int worker_read(struct worker *worker, int *fd)
{
    char data[65536];
    const ssize_t n = read(*fd, data, sizeof data);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? 0 : -errno;
    if (n == 0) {
        close(*fd);
        *fd = -1;
        return 0;
    }
    if (fd == &worker->result_fd)
        return append_result(worker, data, (size_t)n);
    append_output(worker, data, (size_t)n);
    return 0;
}

bool worker_has_ended(const struct worker *worker)
{
    return worker->result_fd < 0 && worker->output_fd < 0;
}

/* --- what it died of -------------------------------------------------------------- */

/* Backtraces, and what sanitizers have to say about stacks that are not the thread's. */
static bool is_decoration(const char *line)
{
    static const char *const starts[] = {"->",    "  ->",           "Backtrace",   "Aborted", "==",
                                         "    #", "False positive", "For details", "SUMMARY"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(line, starts[i], strlen(starts[i])) == 0)
            return true;
    return *line == '\0' || strstr(line, "Current backtrace:");
}

/* What is left of a line without "[host:actor:(pid) time] [log/LEVEL]", or file, line and level. */
static const char *without_prefix(const char *line)
{
    static const char critical[] = "/CRITICAL] ";
    const char *found = strstr(line, critical);
    if (found)
        return found + strlen(critical);
    while (*line == '[' && strchr(line, ']')) {
        line = strchr(line, ']') + 1;
        line += strspn(line, " ");
    }
    return line;
}

/* The last line that says something. */
static const char *useful_line(char *output)
{
    const char *useful = "";
    for (char *line = strtok(output, "\n"); line; line = strtok(NULL, "\n")) {
        const char *text = without_prefix(line);
        if (*text && !is_decoration(line))
            useful = text;
    }
    return useful;
}

static void explain_death(struct worker *worker, int wait_status, struct worker_report *report)
{
    char how[64];
    if (WIFSIGNALED(wait_status))
        snprintf(how, sizeof how, "was killed by signal %d (%s)", WTERMSIG(wait_status),
                 strsignal(WTERMSIG(wait_status)));
    else
        snprintf(how, sizeof how, "ended with status %d", WEXITSTATUS(wait_status));
    const char *line = useful_line(worker->output);
    snprintf(report->error, sizeof report->error, "the simulation %s%s%s", how, *line ? ": " : "",
             line);
    report->status = -EIO;
}

/* True when the child wrote all that it promised. */
static bool parse_result(const struct worker *worker, struct worker_report *report)
{
    struct header header;
    if (worker->result_size < sizeof header)
        return false;
    memcpy(&header, worker->result, sizeof header);
    const size_t traffic_size = worker->result_size - sizeof header;
    report->status = header.status;
    report->outcome = header.outcome;
    report->outcome.traffic = NULL;
    memcpy(report->error, header.error, sizeof header.error);
    if (header.status != 0 || !header.outcome.traffic)
        return true;
    if (traffic_size != (size_t)header.outcome.n_ranks * sizeof *header.outcome.traffic)
        return false;
    report->outcome.traffic = malloc(traffic_size);
    if (report->outcome.traffic)
        memcpy(report->outcome.traffic, worker->result + sizeof header, traffic_size);
    else
        report->status = -ENOMEM;
    return true;
}

void worker_finish(struct worker *worker, struct worker_report *report)
{
    assert(worker->pid > 0 && worker_has_ended(worker));

    int wait_status = 0;
    while (waitpid(worker->pid, &wait_status, 0) < 0 && errno == EINTR)
        continue;
    worker->pid = 0;
    *report = (struct worker_report){0};
    if (!parse_result(worker, report))
        explain_death(worker, wait_status, report);
    free(worker->result);
    worker->result = NULL;
}

void worker_kill(struct worker *worker)
{
    if (worker->pid <= 0)
        return;
    kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    worker->pid = 0;
    if (worker->result_fd >= 0)
        close(worker->result_fd);
    if (worker->output_fd >= 0)
        close(worker->output_fd);
    free(worker->result);
    worker->result = NULL;
}
