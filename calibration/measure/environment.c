#include "environment.h"

#include "environment_part.h"

#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

/* A hypervisor may show several interfaces, each at the next multiple of 0x100 of leaves. */
static struct hypervisor_leaves look_at_leaves(void)
{
    const unsigned guest_flag = 1u << 31, first = 0x40000000, step = 0x100;
    struct hypervisor_leaves leaves = {.n = 0};
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & guest_flag))
        return leaves;
    leaves.is_present = true;
    for (unsigned i = 0; i < MAX_SIGNATURES; i++) {
        const unsigned leaf = first + i * step;
        __cpuid(leaf, a, b, c, d);
        /* Each says up to which leaf it goes; old KVM says 0. Processors answer leaves that nobody
         * defined with those of another one, so a name must also be printable. */
        if ((a < leaf && !(i == 0 && a == 0)) || a > leaf + step || (b & 0xff) < ' ')
            continue;
        char *name = leaves.signatures[leaves.n];
        memcpy(name, &b, sizeof b);
        memcpy(name + sizeof b, &c, sizeof c);
        memcpy(name + sizeof b + sizeof c, &d, sizeof d);
        leaves.n++;
    }
    return leaves;
}
#else
static struct hypervisor_leaves look_at_leaves(void)
{
    return (struct hypervisor_leaves){.n = 0};
}
#endif

struct environment_source environment_here(void)
{
    return (struct environment_source){.root = "", .leaves = look_at_leaves()};
}

json_t *environment_collect(const struct environment_source *source)
{
    static const struct {
        const char *key;
        json_t *(*part)(const struct environment_source *source);
    } parts[] = {
        {"host", environment_host},         {"virtualization", environment_virtualization},
        {"cpu", environment_cpu},           {"clock", environment_clock},
        {"numa", environment_numa},         {"cores", environment_cores},
        {"limits", environment_limits},     {"memory", environment_memory},
        {"load", environment_load},         {"thermal", environment_thermal},
        {"networks", environment_networks}, {"rdma", environment_rdma},
        {"disks", environment_disks},       {"software", environment_software},
    };
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        json_object_set_new(all, parts[i].key, parts[i].part(source));
    return all;
}
