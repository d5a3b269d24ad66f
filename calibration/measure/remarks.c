#include "remarks.h"

#include "system_file.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what there is to say ------------------------------------------------------------------------
 */

/* Why each matters and what to do does not depend on the machine; what was seen does. */
struct rule {
    const char *code;
    bool is_refusal;
    const char *why, *advice;
};

enum rule_number {
    OVERSUBSCRIBED,
    SHARED_THREAD,
    QUOTA,
    QUOTA_BELOW_CORES,
    UNPINNED,
    SHARED_CORE,
    SLOW_CLOCK,
    OTHER_LOAD,
    STOLEN,
    GOVERNOR,
    SWAP,
    THROTTLED,
    HOT,
    EMULATED,
    LITTLE_MEMORY,
    DIFFERENT,
    N_RULES
};

static const struct rule rules[N_RULES] = {
    [OVERSUBSCRIBED] = {"oversubscribed", true,
                        "ranks wait for each other's time slices, so every time is the scheduler's",
                        "start at most one rank a core, or give the guest more vCPUs"},
    [SHARED_THREAD] = {"shared-thread", true, "these ranks take turns on it, whatever else is free",
                       "let mpirun place them: --map-by core --bind-to core"},
    [QUOTA] = {"quota-below-ranks", true,
               "a control group stops all ranks for the rest of each period once its quota is used",
               "raise cpu.max (docker run --cpus, Kubernetes limits) or start fewer ranks"},
    [QUOTA_BELOW_CORES] = {"quota-below-cores", false,
                           "what is measured while all cores compute is stopped by the quota",
                           "raise cpu.max, or set a cpuset of as many cores as the quota gives"},
    [UNPINNED] = {"no-pinning", false,
                  "a rank that is moved loses its caches and may land beside another",
                  "mpirun --bind-to core, or srun --cpu-bind=cores"},
    [SHARED_CORE] = {"shared-core", false,
                     "hardware threads of one core share its arithmetic and caches, so rates of a "
                     "core are too low",
                     "mpirun --map-by core --bind-to core"},
    [SLOW_CLOCK] = {"slow-clock", false,
                    "each look at the clock traps into the kernel or the hypervisor, so short "
                    "operations are known less well",
                    "boot with clocksource=tsc where the processor's is stable"},
    [OTHER_LOAD] = {"other-load", false,
                    "it takes cores, caches and memory bandwidth from the ranks",
                    "stop it, or measure when the machine is free"},
    [STOLEN] = {"stolen-time", false,
                "the hypervisor ran something else on these cores while nothing was measured yet",
                "measure on a host without other guests, or take it as a part of this cloud"},
    [GOVERNOR] = {"governor", false,
                  "the frequency follows the load, so short operations run slower than long ones",
                  "cpupower frequency-set -g performance"},
    [SWAP] = {"swap-in-use", false, "a page that must come back from disk takes milliseconds",
              "swapoff -a, or free memory"},
    [THROTTLED] = {"throttled", false,
                   "processors have slowed down for heat since they were started, and may again",
                   "look at cooling; compare the first blocks with the last"},
    [HOT] = {"hot", false, "processors slow down near their limit",
             "let the machine cool down; look at its fans"},
    [EMULATED] = {"emulated", false,
                  "software emulation makes computing 100 times slower than any real processor",
                  "expect times of this guest to hold for nothing but its like"},
    [LITTLE_MEMORY] = {"little-memory", false,
                       "arrays beyond the caches may not fit, so memory may be measured in caches",
                       "free memory, or raise the guest's or container's limit"},
    [DIFFERENT] = {"hosts-differ", false,
                   "a profile describes nodes of one kind, and their spread would hide two kinds",
                   "calibrate each kind of node by itself"},
};

/* Remarks under construction. */
struct finding {
    json_t *refusals, *warnings;
    const char *host; /* of the domain that is looked at */
    int n_domains;
};

__attribute__((format(printf, 3, 4))) static void
say(struct finding *finding, enum rule_number number, const char *format, ...)
{
    const struct rule *rule = &rules[number];
    char seen[512], text[640];
    va_list rest;
    va_start(rest, format);
    vsnprintf(seen, sizeof seen, format, rest);
    va_end(rest);
    if (finding->n_domains > 1 && finding->host)
        snprintf(text, sizeof text, "%s: %s", finding->host, seen);
    else
        snprintf(text, sizeof text, "%s", seen);
    json_array_append_new(rule->is_refusal ? finding->refusals : finding->warnings,
                          json_pack("{s:s, s:s, s:s, s:s, s:s}", "remark",
                                    rule->is_refusal ? "refused" : "warning", "code", rule->code,
                                    "text", text, "why", rule->why, "advice", rule->advice));
}

/* --- looking into an environment -----------------------------------------------------------------
 */

/* The value at "a.b.c"; NULL where there is none. Borrowed. */
static const json_t *at(const json_t *object, const char *path)
{
    char key[64];
    while (object && *path) {
        const size_t length = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, path);
        object = json_object_get(object, key);
        path += length + (path[length] == '.');
    }
    return object;
}

static const char *text_at(const json_t *object, const char *path)
{
    return json_string_value(at(object, path));
}

/* A number, or NAN where there is none. */
static double number_at(const json_t *object, const char *path)
{
    const json_t *value = at(object, path);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool has_layer(const json_t *environment, const char *kind)
{
    size_t i;
    const json_t *layer;
    const json_t *stack = at(environment, "virtualization.stack");
    json_array_foreach(stack, i, layer)
    {
        const char *found = text_at(layer, "kind");
        if (found && strcmp(found, kind) == 0)
            return true;
    }
    return false;
}

/* --- ranks and cores -----------------------------------------------------------------------------
 */

/* A rank of a domain. */
struct member {
    int rank;
    const char *threads; /* hardware threads that it may use; NULL: not told */
    int thread;          /* the only one of them; -1: several */
    int core; /* the only core that they are of, by its place in cpu.cores; -1: several */
};

/* The ranks of a domain. */
struct crew {
    int n;
    struct member *members;
};

/* The place of the core that all these hardware threads are of, or -1. */
static int core_of(const json_t *cores, const char *threads)
{
    size_t i;
    const json_t *siblings;
    int core = -1;
    json_array_foreach(cores, i, siblings)
    {
        if (!number_lists_meet(json_string_value(siblings), threads))
            continue;
        if (core >= 0)
            return -1;
        core = (int)i;
    }
    return core;
}

static struct member member_of(const json_t *environment, int rank, const json_t *place)
{
    struct member member = {.rank = rank, .thread = -1, .core = -1};
    member.threads = text_at(place, "cores");
    if (!member.threads)
        return member;
    if (number_list_count(member.threads) == 1)
        member.thread = (int)strtol(member.threads, NULL, 10);
    const json_t *cores = at(environment, "cpu.cores");
    member.core = json_array_size(cores) > 0 ? core_of(cores, member.threads) : member.thread;
    return member;
}

/* The ranks that run in domain number `domain`; its members are freed by the caller. */
static struct crew crew_of(const json_t *environment, const json_t *ranks, size_t domain)
{
    struct crew crew = {.members = calloc(json_array_size(ranks) + 1, sizeof *crew.members)};
    size_t i;
    const json_t *place;
    json_array_foreach(ranks, i, place)
    {
        const json_t *of = json_object_get(place, "domain");
        if (crew.members && json_integer_value(of) == (json_int_t)domain)
            crew.members[crew.n++] = member_of(environment, (int)i, place);
    }
    return crew;
}

/* Of how many cores are hardware threads that the domain may use; all threads where the machine
 * does not tell them. */
static int count_cores(const json_t *environment)
{
    const char *usable = text_at(environment, "cores.usable");
    size_t i;
    const json_t *siblings;
    int n = 0;
    if (!usable)
        return 0;
    json_array_foreach(at(environment, "cpu.cores"), i, siblings)
    {
        n += number_lists_meet(json_string_value(siblings), usable);
    }
    return n > 0 ? n : number_list_count(usable);
}

/* The first two ranks of the crew that are bound to one thread, or to one core. */
static void look_at_bindings(struct finding *finding, const struct crew *crew)
{
    for (int i = 0; i < crew->n; i++) {
        const struct member *a = &crew->members[i];
        for (int j = i + 1; j < crew->n; j++) {
            const struct member *b = &crew->members[j];
            if (a->core < 0 || a->core != b->core)
                continue;
            if (a->thread >= 0 && a->thread == b->thread)
                say(finding, SHARED_THREAD, "ranks %d and %d are bound to hardware thread %d",
                    a->rank, b->rank, a->thread);
            else
                say(finding, SHARED_CORE,
                    "ranks %d and %d are bound to hardware threads (%s and %s) of one core",
                    a->rank, b->rank, a->threads, b->threads);
            return;
        }
    }
}

static void look_at_pinning(struct finding *finding, const json_t *environment,
                            const struct crew *crew)
{
    int n = 0;
    const char *threads = NULL;
    /* Where there is one thread, a rank cannot be anywhere else. */
    if (number_at(environment, "cores.n_usable") == 1.0)
        return;
    for (int i = 0; i < crew->n; i++) {
        if (crew->members[i].threads && crew->members[i].core < 0) {
            n++;
            threads = crew->members[i].threads;
        }
    }
    if (n > 0)
        say(finding, UNPINNED, "%d of %d ranks are not bound to a core (free to use %s)", n,
            crew->n, threads);
}

static void look_at_places(struct finding *finding, const json_t *environment,
                           const struct crew *crew)
{
    const int n_threads = (int)fmax(0.0, number_at(environment, "cores.n_usable"));
    const int n_cores = count_cores(environment);
    const double quota = number_at(environment, "limits.cpu_cores");
    if (n_threads > 0 && crew->n > n_threads)
        say(finding, OVERSUBSCRIBED, "%d ranks on %d cores", crew->n, n_threads);
    else if (n_cores > 0 && crew->n > n_cores)
        say(finding, SHARED_CORE, "%d ranks on %d cores of %d hardware threads", crew->n, n_cores,
            n_threads);
    else
        look_at_bindings(finding, crew);
    if (quota < crew->n)
        say(finding, QUOTA, "a quota of %.3g cores for %d ranks", quota, crew->n);
    else if (quota < n_threads)
        say(finding, QUOTA_BELOW_CORES, "a quota of %.3g cores on %d", quota, n_threads);
    if (crew->n <= n_threads)
        look_at_pinning(finding, environment, crew);
}

/* --- the machine ---------------------------------------------------------------------------------
 */

/* Clocks that user programs read without a trap. */
static bool is_fast_clock(const char *name)
{
    static const char *const fast[] = {
        "tsc", "kvm-clock", "arch_sys_counter", "timebase", "hyperv_clocksource_tsc_page",
        "tod", NULL};
    for (int i = 0; fast[i]; i++) {
        if (strcmp(name, fast[i]) == 0)
            return true;
    }
    return false;
}

static void look_at_clock(struct finding *finding, const json_t *environment)
{
    const char *clock = text_at(environment, "clock.current");
    const char *available = text_at(environment, "clock.available");
    if (clock && !is_fast_clock(clock))
        say(finding, SLOW_CLOCK, "the clocksource is %s (available: %s)", clock,
            available ? available : "not told");
}

/* The name of the program that takes most. */
static const char *busiest(const json_t *busy)
{
    size_t i;
    const json_t *program;
    const char *name = NULL;
    double most = 0.0;
    json_array_foreach(busy, i, program)
    {
        if (number_at(program, "cores") > most) {
            most = number_at(program, "cores");
            name = text_at(program, "name");
        }
    }
    return name;
}

static void look_at_load(struct finding *finding, const json_t *environment)
{
    const double tenth = 0.1; /* of a core: what daemons and shells do is below */
    const double others = number_at(environment, "load.others_cores");
    const double stolen = number_at(environment, "load.stolen_cores");
    const char *name = busiest(at(environment, "load.busy"));
    if (others > tenth)
        say(finding, OTHER_LOAD, "other programs take %.1f cores%s%s", others,
            name ? ", most of them " : "", name ? name : "");
    if (stolen > tenth)
        say(finding, STOLEN, "the hypervisor withholds %.1f cores", stolen);
}

static void look_at_frequency(struct finding *finding, const json_t *environment)
{
    size_t i;
    const json_t *governor;
    json_array_foreach(at(environment, "cpu.frequency.governors"), i, governor)
    {
        const char *name = json_string_value(governor);
        if (name && strcmp(name, "performance") != 0) {
            say(finding, GOVERNOR, "the frequency governor is %s", name);
            return;
        }
    }
}

static void look_at_heat(struct finding *finding, const json_t *environment)
{
    const double warm_celsius = 85.0; /* limits of processors are 95 to 105 */
    size_t i;
    const json_t *zone;
    if (number_at(environment, "thermal.times_throttled") > 0.0)
        say(finding, THROTTLED, "cores were throttled %.0f times",
            number_at(environment, "thermal.times_throttled"));
    json_array_foreach(at(environment, "thermal.zones"), i, zone)
    {
        if (number_at(zone, "celsius") >= warm_celsius) {
            say(finding, HOT, "%s is at %.0f degrees Celsius",
                text_at(zone, "type") ? text_at(zone, "type") : "a sensor",
                number_at(zone, "celsius"));
            return;
        }
    }
}

static void look_at_memory(struct finding *finding, const json_t *environment,
                           const struct crew *crew)
{
    const double little_B = 1 << 20;
    const double a_rank_needs_B = 256.0 * (1 << 20);
    const double used_B = number_at(environment, "memory.swap_total_B") -
                          number_at(environment, "memory.swap_free_B");
    const double free_B = fmin(number_at(environment, "memory.available_B"),
                               number_at(environment, "limits.memory_B"));
    if (used_B > little_B)
        say(finding, SWAP, "%.0f MiB of swap are in use", used_B / (1 << 20));
    if (free_B < crew->n * a_rank_needs_B)
        say(finding, LITTLE_MEMORY, "%.0f MiB of memory for %d ranks", free_B / (1 << 20), crew->n);
}

static void look_at_domain(struct finding *finding, const json_t *environment,
                           const struct crew *crew)
{
    finding->host = text_at(environment, "host.name");
    look_at_places(finding, environment, crew);
    look_at_clock(finding, environment);
    look_at_load(finding, environment);
    look_at_frequency(finding, environment);
    look_at_memory(finding, environment, crew);
    look_at_heat(finding, environment);
    if (has_layer(environment, "qemu-tcg"))
        say(finding, EMULATED, "this is a guest of QEMU without hardware virtualization");
}

/* The first key in which a domain is another kind of machine than the first one. */
static void look_at_differences(struct finding *finding, const json_t *domains)
{
    static const char *const keys[] = {"cpu.model", "host.kernel", "clock.current",
                                       "cpu.frequency.turbo", "memory.transparent_huge_pages"};
    const json_t *first = json_array_get(domains, 0);
    size_t d;
    const json_t *other;
    json_array_foreach(domains, d, other)
    {
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            const json_t *a = at(first, keys[k]), *b = at(other, keys[k]);
            if (a && b && !json_equal(a, b)) {
                finding->host = NULL;
                say(finding, DIFFERENT, "%s and %s differ in %s", text_at(first, "host.name"),
                    text_at(other, "host.name"), keys[k]);
                return;
            }
        }
    }
}

json_t *remarks_find(const json_t *domains, const json_t *ranks)
{
    struct finding finding = {.refusals = json_array(),
                              .warnings = json_array(),
                              .n_domains = (int)json_array_size(domains)};
    size_t d;
    const json_t *environment;
    json_array_foreach(domains, d, environment)
    {
        const struct crew crew = crew_of(environment, ranks, d);
        look_at_domain(&finding, environment, &crew);
        free(crew.members);
    }
    look_at_differences(&finding, domains);
    json_array_extend(finding.refusals, finding.warnings);
    json_decref(finding.warnings);
    return finding.refusals;
}

bool remarks_refuse(const json_t *remarks)
{
    const char *kind = text_at(json_array_get(remarks, 0), "remark");
    return kind && strcmp(kind, "refused") == 0;
}

void remarks_print(FILE *file, const json_t *remarks, bool is_forced)
{
    size_t i;
    const json_t *remark;
    json_array_foreach(remarks, i, remark)
    {
        const bool is_refusal = strcmp(text_at(remark, "remark"), "refused") == 0;
        fprintf(file, "%s: %s\n    why: %s\n    do:  %s\n",
                is_refusal && !is_forced ? "refused" : "warning", text_at(remark, "text"),
                text_at(remark, "why"), text_at(remark, "advice"));
    }
    if (remarks_refuse(remarks) && !is_forced)
        fputs("Nothing was measured; --force measures all the same, and says so in the file.\n",
              file);
}
