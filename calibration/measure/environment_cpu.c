/*
 * environment_cpu.c - processors, their frequency, clocks, memory nodes, and which of them the
 * caller may use.
 */
#include "environment_part.h"
#include "system_file.h"

#include <stdlib.h>
#include <string.h>

#define CPU "/sys/devices/system/cpu"

/* Adds a text to an array that has each only once; takes it over. */
static void add_once(json_t *array, char *text)
{
    size_t i;
    json_t *have;
    json_array_foreach(array, i, have)
    {
        if (text && strcmp(json_string_value(have), text) == 0) {
            free(text);
            return;
        }
    }
    if (text)
        json_array_append_new(array, json_string(text));
    free(text);
}

/* What the same file says for each processor: each answer once. */
static json_t *of_all_processors(const struct environment_source *source, const char *file)
{
    json_t *found = json_array();
    char **names = system_folder(source, CPU);
    for (int i = 0; names && names[i]; i++) {
        if (is_numbered(names[i], "cpu"))
            add_once(found, system_text(source, CPU "/%s/%s", names[i], file));
    }
    system_folder_free(names);
    return found;
}

/* The sum of what the same file says for each processor; NULL where none says anything. */
static json_t *sum_of_processors(const struct environment_source *source, const char *file)
{
    double sum = 0.0, number;
    bool is_told = false;
    char **names = system_folder(source, CPU);
    for (int i = 0; names && names[i]; i++) {
        if (system_number(source, &number, CPU "/%s/%s", names[i], file)) {
            sum += number;
            is_told = true;
        }
    }
    system_folder_free(names);
    return is_told ? json_integer((json_int_t)sum) : NULL;
}

static json_t *frequency(const struct environment_source *source)
{
    json_t *all = json_object();
    double setting;
    put_file(all, "driver", source, CPU "/cpu0/cpufreq/scaling_driver");
    json_object_set_new(all, "governors", of_all_processors(source, "cpufreq/scaling_governor"));
    put_scaled(all, "lowest_Hz", 1e3, source, CPU "/cpu0/cpufreq/cpuinfo_min_freq");
    put_scaled(all, "highest_Hz", 1e3, source, CPU "/cpu0/cpufreq/cpuinfo_max_freq");
    put_scaled(all, "limit_Hz", 1e3, source, CPU "/cpu0/cpufreq/scaling_max_freq");
    char *cpus = system_text(source, "/proc/cpuinfo");
    char *now_MHz = cpus ? line_value(cpus, "cpu MHz") : NULL;
    if (now_MHz && word_number(now_MHz, 0, &setting))
        json_object_set_new(all, "now_Hz", json_real(1e6 * setting));
    free(now_MHz);
    free(cpus);
    put_file(all, "preference", source, CPU "/cpu0/cpufreq/energy_performance_preference");
    if (system_number(source, &setting, CPU "/intel_pstate/no_turbo"))
        json_object_set_new(all, "turbo", json_boolean(setting == 0.0));
    else if (system_number(source, &setting, CPU "/cpufreq/boost"))
        json_object_set_new(all, "turbo", json_boolean(setting != 0.0));
    put_file(all, "idle_driver", source, CPU "/cpuidle/current_driver");
    put_file(all, "idle_governor", source, CPU "/cpuidle/current_governor");
    return all;
}

static json_t *caches(const struct environment_source *source)
{
    json_t *all = json_array();
    for (int i = 0; system_exists(source, CPU "/cpu0/cache/index%d", i); i++) {
        json_t *cache = json_object();
        put_scaled(cache, "level", 1.0, source, CPU "/cpu0/cache/index%d/level", i);
        put_file(cache, "type", source, CPU "/cpu0/cache/index%d/type", i);
        put_scaled(cache, "size_B", 1024.0, source, CPU "/cpu0/cache/index%d/size", i);
        put_file(cache, "shared_by", source, CPU "/cpu0/cache/index%d/shared_cpu_list", i);
        json_array_append_new(all, cache);
    }
    return all;
}

static json_t *vulnerabilities(const struct environment_source *source)
{
    json_t *all = json_object();
    char **names = system_folder(source, CPU "/vulnerabilities");
    for (int i = 0; names && names[i]; i++)
        put_file(all, names[i], source, CPU "/vulnerabilities/%s", names[i]);
    system_folder_free(names);
    return all;
}

static void describe_model(json_t *all, const struct environment_source *source)
{
    static const char *const keys[][2] = {{"model", "model name"},
                                          {"vendor", "vendor_id"},
                                          {"family", "cpu family"},
                                          {"stepping", "stepping"},
                                          {"microcode", "microcode"},
                                          {"flags", "flags"},
                                          {"implementer", "CPU implementer"},
                                          {"part", "CPU part"},
                                          {"features", "Features"}};
    char *text = system_text(source, "/proc/cpuinfo");
    for (size_t i = 0; text && i < sizeof keys / sizeof *keys; i++)
        put_text(all, keys[i][0], line_value(text, keys[i][1]));
    free(text);
}

json_t *environment_cpu(const struct environment_source *source)
{
    json_t *all = json_object();
    describe_model(all, source);
    json_t *sockets = of_all_processors(source, "topology/physical_package_id");
    json_object_set_new(all, "sockets", json_integer((json_int_t)json_array_size(sockets)));
    json_decref(sockets);
    json_object_set_new(all, "cores", of_all_processors(source, "topology/thread_siblings_list"));
    put_file(all, "online", source, CPU "/online");
    put_file(all, "isolated", source, CPU "/isolated");
    put_file(all, "without_tick", source, CPU "/nohz_full");
    put_file(all, "smt", source, CPU "/smt/control");
    put_scaled(all, "smt_active", 1.0, source, CPU "/smt/active");
    json_object_set_new(all, "frequency", frequency(source));
    json_object_set_new(all, "caches", caches(source));
    json_object_set_new(all, "vulnerabilities", vulnerabilities(source));
    return all;
}

json_t *environment_clock(const struct environment_source *source)
{
    json_t *all = json_object();
    put_file(all, "current", source,
             "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    put_file(all, "available", source,
             "/sys/devices/system/clocksource/clocksource0/available_clocksource");
    return all;
}

/* Node 0's file has "Node 0 MemTotal:       49368168 kB". */
static void put_node_memory(json_t *node, const struct environment_source *source, const char *name)
{
    char *text = system_text(source, "/sys/devices/system/node/%s/meminfo", name);
    const char *total = text ? strstr(text, "MemTotal:") : NULL;
    if (total)
        json_object_set_new(node, "memory_B",
                            json_integer(1024 * strtoll(total + strlen("MemTotal:"), NULL, 10)));
    free(text);
}

json_t *environment_numa(const struct environment_source *source)
{
    json_t *all = json_object();
    json_t *nodes = json_array();
    char **names = system_folder(source, "/sys/devices/system/node");
    for (int i = 0; names && names[i]; i++) {
        if (!is_numbered(names[i], "node"))
            continue;
        json_t *node = json_object();
        put_file(node, "cores", source, "/sys/devices/system/node/%s/cpulist", names[i]);
        put_file(node, "distances", source, "/sys/devices/system/node/%s/distance", names[i]);
        put_node_memory(node, source, names[i]);
        json_array_append_new(nodes, node);
    }
    system_folder_free(names);
    json_object_set_new(all, "nodes", nodes);
    put_scaled(all, "balancing", 1.0, source, "/proc/sys/kernel/numa_balancing");
    return all;
}

json_t *environment_thermal(const struct environment_source *source)
{
    json_t *all = json_object();
    json_t *zones = json_array();
    char **names = system_folder(source, "/sys/class/thermal");
    for (int i = 0; names && names[i]; i++) {
        double millidegrees;
        if (!system_number(source, &millidegrees, "/sys/class/thermal/%s/temp", names[i]))
            continue;
        json_t *zone = json_object();
        put_file(zone, "type", source, "/sys/class/thermal/%s/type", names[i]);
        json_object_set_new(zone, "celsius", json_real(millidegrees / 1e3));
        json_array_append_new(zones, zone);
    }
    system_folder_free(names);
    json_object_set_new(all, "zones", zones);
    json_t *throttled = sum_of_processors(source, "thermal_throttle/core_throttle_count");
    if (throttled)
        json_object_set_new(all, "times_throttled", throttled);
    return all;
}
