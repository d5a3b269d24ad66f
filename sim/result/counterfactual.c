#include "counterfactual.h"

#include "models/noise.h"

/* A wire that nobody notices: four orders of magnitude above what is sold, yet a number with
 * which an engine can still calculate. */
static const double ideal_bandwidth_Bps = 1e15;

static bool is_virtual(const struct scenario *scenario)
{
    return scenario->virtualization.technology.kind != VIRT_NATIVE;
}

/* --- efficiency of vCPUs --------------------------------------------------- */

static void make_efficiency_native(struct efficiency *efficiency)
{
    efficiency->alone = parameter_exact(1.0);
    efficiency->full_node = parameter_exact(1.0);
    efficiency->smp_guest = parameter_exact(1.0);
}

static void make_cpu_native(struct scenario *scenario)
{
    for (int class = 0; class < N_WORK_CLASS; class ++)
        if (class != WORK_MEMORY)
            make_efficiency_native(&scenario->virtualization.technology.efficiency[class]);
}

static void make_memory_native(struct scenario *scenario)
{
    make_efficiency_native(&scenario->virtualization.technology.efficiency[WORK_MEMORY]);
    make_efficiency_native(&scenario->virtualization.technology.access_efficiency);
    scenario->virtualization.technology.numa = NUMA_EXPOSED;
}

/* --- network of guests ----------------------------------------------------- */

static bool has_guest_stack(const struct scenario *scenario)
{
    const struct guest_stack *stack = &scenario->virtualization.technology.stack;
    return is_virtual(scenario) &&
           (stack->send_message_s.value > 0.0 || stack->send_byte_s.value > 0.0 ||
            stack->recv_message_s.value > 0.0 || stack->recv_byte_s.value > 0.0);
}

static void remove_guest_stack(struct scenario *scenario)
{
    const struct parameter none = parameter_exact(0.0);
    scenario->virtualization.technology.stack = (struct guest_stack){
        .send_message_s = none,
        .send_byte_s = none,
        .recv_message_s = none,
        .recv_byte_s = none,
    };
}

static bool has_backend(const struct scenario *scenario)
{
    return is_virtual(scenario) &&
           scenario->virtualization.technology.backend.scope != BACKEND_NONE;
}

static void remove_backend(struct scenario *scenario)
{
    scenario->virtualization.technology.backend.scope = BACKEND_NONE;
}

static bool has_competition(const struct scenario *scenario)
{
    const struct backend *backend = &scenario->virtualization.technology.backend;
    return has_backend(scenario) &&
           (backend->busy_factor.value > 1.0 || backend->busy_smp_factor.value > 1.0 ||
            backend->wakeup_s.value > 0.0 || backend->cpu_share.value > 0.0);
}

/* As if the host had a core to spare for every backend. */
static void remove_competition(struct scenario *scenario)
{
    struct backend *backend = &scenario->virtualization.technology.backend;
    backend->busy_factor = parameter_exact(1.0);
    backend->busy_smp_factor = parameter_exact(1.0);
    backend->wakeup_s = parameter_exact(0.0);
    backend->cpu_share = parameter_exact(0.0);
}

/* --- detours of cores ------------------------------------------------------ */

static bool has_noise(const struct scenario *scenario)
{
    return noise_share(&scenario->cluster.node.noise) > 0.0 ||
           (is_virtual(scenario) && noise_share(&scenario->virtualization.technology.noise) > 0.0);
}

static void remove_noise(struct scenario *scenario)
{
    scenario->cluster.node.noise.rate_Hz = parameter_exact(0.0);
    scenario->virtualization.technology.noise.rate_Hz = parameter_exact(0.0);
}

/* --- everything, and what no hypervisor is to blame for -------------------- */

static bool has_wire(const struct scenario *scenario)
{
    return scenario->cluster.n_nodes > 1;
}

static void idealize_wire(struct scenario *scenario)
{
    scenario->cluster.link.latency_s = parameter_exact(0.0);
    scenario->cluster.link.bandwidth_Bps = parameter_exact(ideal_bandwidth_Bps);
    scenario->cluster.node.network_bandwidth_Bps = parameter_exact(0.0);
}

static void make_native(struct scenario *scenario)
{
    scenario->virtualization.technology.kind = VIRT_NATIVE;
    scenario->virtualization.technology.backend.scope = BACKEND_NONE;
    scenario->virtualization.vms_per_node = 0;
    scenario->virtualization.vcpus = 0;
}

const struct counterfactual counterfactuals[] = {
    {"cpu", "computing in a guest as fast as on the node", is_virtual, make_cpu_native},
    {"memory", "memory from a guest as fast as on the node", is_virtual, make_memory_native},
    {"guest_stack", "no extra network stack in the guest", has_guest_stack, remove_guest_stack},
    {"competition", "a free core for every I/O backend", has_competition, remove_competition},
    {"backend", "no I/O backend: the NIC in the guest's hands", has_backend, remove_backend},
    {"noise", "no detours of cores for operating systems and hypervisor", has_noise, remove_noise},
    {"wire", "an ideal wire: no latency, no limit", has_wire, idealize_wire},
    {"native", "no virtualization at all", is_virtual, make_native},
    {0}};

const struct counterfactual *const counterfactual_native =
    &counterfactuals[sizeof counterfactuals / sizeof counterfactuals[0] - 2];

struct scenario counterfactual_of(const struct scenario *scenario,
                                  const struct counterfactual *counterfactual)
{
    struct scenario copy = *scenario;
    counterfactual->apply(&copy);
    return copy;
}
