#include "machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : 0.0;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* How many numbers a list such as "0-3,8" names. */
static int count_list(const char *list)
{
    int n = 0;
    for (const char *at = list; *at;) {
        char *end;
        const long first = strtol(at, &end, 10);
        const long last = *end == '-' ? strtol(end + 1, &end, 10) : first;
        if (end == at || last < first)
            return n;
        n += (int)(last - first) + 1;
        at = *end == ',' ? end + 1 : end;
        if (*end != ',' && *end != '\0')
            return n;
    }
    return n;
}

static void read_cores(const json_t *cpu, struct machine *machine)
{
    const json_t *cores = json_object_get(cpu, "cores");
    machine->n_sockets = (int)number_of(cpu, "sockets");
    machine->n_cores = (int)json_array_size(cores);
    const char *siblings = json_string_value(json_array_get(cores, 0));
    machine->n_threads_per_core = siblings ? count_list(siblings) : 0;
}

/* Of these, as many as control groups and cpusets allow; at least one. */
static void limit_cores(const json_t *environment, struct machine *machine)
{
    const double n_usable = number_of(json_object_get(environment, "cores"), "n_usable");
    const double quota = number_of(json_object_get(environment, "limits"), "cpu_cores");
    const double n_threads = fmax(machine->n_threads_per_core, 1.0);
    double n_cores = machine->n_cores;
    if (n_usable > 0.0)
        n_cores = fmin(n_cores, ceil(n_usable / n_threads));
    if (quota > 0.0)
        n_cores = fmin(n_cores, ceil(quota / n_threads));
    machine->n_cores = machine->n_cores > 0 ? (int)fmax(n_cores, 1.0) : 0;
}

/* A clock that the system tells, or else what the processor's name has: "... @ 2.50GHz", or else
 * what it was when it was looked at, which is all that guests know. */
static double clock_of(const json_t *cpu)
{
    static const char *const keys[] = {"highest_Hz", "limit_Hz"};
    const json_t *frequency = json_object_get(cpu, "frequency");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (number_of(frequency, keys[i]) > 0.0)
            return number_of(frequency, keys[i]);
    const char *at = strrchr(text_of(cpu, "model"), '@');
    const double GHz = at ? strtod(at + 1, NULL) : 0.0;
    return isfinite(GHz) && GHz > 0.0 ? 1e9 * GHz : number_of(frequency, "now_Hz");
}

/* Caches of data: a core's own are shared by its own threads alone. */
static void read_caches(const json_t *cpu, struct machine *machine)
{
    const json_t *cache;
    size_t index;
    json_array_foreach(json_object_get(cpu, "caches"), index, cache)
    {
        const int n_threads = count_list(text_of(cache, "shared_by"));
        const double size_B = number_of(cache, "size_B");
        if (strcmp(text_of(cache, "type"), "Instruction") == 0)
            continue;
        if (n_threads <= machine->n_threads_per_core)
            machine->core_cache_B = fmax(machine->core_cache_B, size_B);
        else
            machine->socket_cache_B = fmax(machine->socket_cache_B, size_B);
    }
}

static void read_virtualization(const json_t *environment, struct machine *machine)
{
    const json_t *stack = json_object_get(json_object_get(environment, "virtualization"), "stack");
    const json_t *layer = NULL, *next;
    size_t index;
    /* A layer in doubt is a mark that an image left. */
    json_array_foreach(stack, index, next)
    {
        layer = json_object_get(next, "doubt") ? layer : next;
    }
    machine->is_guest = layer != NULL;
    machine->layer = text_of(layer, "kind");
    machine->layer_type = text_of(layer, "type");
}

static double mtu_of(const json_t *environment)
{
    const json_t *network;
    size_t index;
    json_array_foreach(json_object_get(environment, "networks"), index, network)
    {
        if (strcmp(text_of(network, "name"), "lo") != 0 &&
            strcmp(text_of(network, "state"), "up") == 0 && number_of(network, "mtu_B") > 0.0)
            return number_of(network, "mtu_B");
    }
    return 0.0;
}

struct machine machine_read(const json_t *environment)
{
    const json_t *cpu = json_object_get(environment, "cpu");
    struct machine machine = {
        .name = text_of(json_object_get(environment, "host"), "name"),
        .model = text_of(cpu, "model"),
        .clock_Hz = clock_of(cpu),
        .memory_B = number_of(json_object_get(environment, "memory"), "total_B"),
        .mtu_B = mtu_of(environment),
    };
    read_cores(cpu, &machine);
    limit_cores(environment, &machine);
    read_caches(cpu, &machine);
    read_virtualization(environment, &machine);
    const double limit_B = number_of(json_object_get(environment, "limits"), "memory_B");
    if (limit_B > 0.0 && limit_B < machine.memory_B)
        machine.memory_B = limit_B;
    return machine;
}
