#include "counterfactual_ideal.h"

#include "models/noise.h"
#include "sim/workload/workload.h"

#include <assert.h>

static bool has_wire(const struct scenario *scenario)
{
    return scenario->cluster.n_nodes > 1;
}

/* --- computing in guests --------------------------------------------------- */

static bool is_lossy(const struct scenario *scenario, const struct efficiency *efficiency)
{
    const struct parameter *full =
        has_smp_guests(scenario) ? &efficiency->smp_guest : &efficiency->full_node;
    return is_virtual(scenario) && (efficiency->alone.value != 1.0 || full->value != 1.0);
}

static void make_lossless(const struct scenario *scenario, struct efficiency *efficiency)
{
    struct parameter *full =
        has_smp_guests(scenario) ? &efficiency->smp_guest : &efficiency->full_node;
    efficiency->alone = parameter_exact(1.0);
    *full = parameter_exact(1.0);
}

static bool has_cpu_loss(const struct scenario *scenario)
{
    const struct efficiency *efficiency = scenario->virtualization.technology.efficiency;
    for (int class = 0; class < N_WORK_CLASS; class ++)
        if (class != WORK_MEMORY && is_lossy(scenario, &efficiency[class]))
            return true;
    return false;
}

static void make_cpu_native(struct scenario *scenario)
{
    for (int class = 0; class < N_WORK_CLASS; class ++)
        if (class != WORK_MEMORY)
            make_lossless(scenario, &scenario->virtualization.technology.efficiency[class]);
}

/* Whether a guest's vCPUs, and with them its memory, are on several sockets. */
static bool spans_sockets(const struct scenario *scenario)
{
    const struct node_profile *node = &scenario->cluster.node;
    const int n_vcpus = scenario->virtualization.vcpus;

    for (int guest = 0; guest < scenario->virtualization.vms_per_node; guest++) {
        const int first = placement_of_vcpu(node, scenario->placement, guest, n_vcpus, 0).socket;
        for (int vcpu = 1; vcpu < n_vcpus; vcpu++)
            if (placement_of_vcpu(node, scenario->placement, guest, n_vcpus, vcpu).socket != first)
                return true;
    }
    return false;
}

static bool has_memory_loss(const struct scenario *scenario)
{
    const struct virt_profile *virt = &scenario->virtualization.technology;
    const bool hides_sockets = virt->numa == NUMA_HIDDEN && spans_sockets(scenario);
    return is_virtual(scenario) &&
           (is_lossy(scenario, &virt->efficiency[WORK_MEMORY]) || hides_sockets);
}

static void make_memory_native(struct scenario *scenario)
{
    make_lossless(scenario, &scenario->virtualization.technology.efficiency[WORK_MEMORY]);
    scenario->virtualization.technology.numa = NUMA_EXPOSED;
}

static bool has_paging_loss(const struct scenario *scenario)
{
    const struct virt_profile *virt = &scenario->virtualization.technology;
    const bool walks_longer = is_virtual(scenario) && is_above(&virt->nested_walk, 1.0) &&
                              is_above(&scenario->cluster.node.page_walk.small_s, 0.0);
    return walks_longer || is_lossy(scenario, &virt->access_efficiency);
}

static void make_paging_native(struct scenario *scenario)
{
    make_lossless(scenario, &scenario->virtualization.technology.access_efficiency);
    scenario->virtualization.technology.nested_walk = parameter_exact(1.0);
}

/* --- network of guests ----------------------------------------------------- */

static bool has_guest_stack(const struct scenario *scenario)
{
    const struct virt_profile *virt = &scenario->virtualization.technology;
    const struct guest_stack *stack = &virt->stack;
    return is_virtual(scenario) &&
           (is_above(&stack->send_message_s, 0.0) || is_above(&stack->send_byte_s, 0.0) ||
            is_above(&stack->recv_message_s, 0.0) || is_above(&stack->recv_byte_s, 0.0) ||
            ideal_has_cpu_times(&virt->sizes) || ideal_has_cpu_times(&virt->same_host.sizes));
}

static void remove_guest_stack(struct scenario *scenario)
{
    const struct parameter none = parameter_exact(0.0);
    struct virt_profile *virt = &scenario->virtualization.technology;
    virt->stack = (struct guest_stack){
        .send_message_s = none,
        .send_byte_s = none,
        .recv_message_s = none,
        .recv_byte_s = none,
    };
    ideal_cpu_times(&virt->sizes);
    ideal_cpu_times(&virt->same_host.sizes);
}

/* The rest of a guest's network is on the way to other guests alone. */
static bool leaves_guests(const struct scenario *scenario)
{
    return is_virtual(scenario) &&
           (has_wire(scenario) || scenario->virtualization.vms_per_node > 1);
}

/* A library that polls the adapter itself is never interrupted. */
static bool has_interrupts(const struct scenario *scenario)
{
    const struct interrupts *interrupts = &scenario->virtualization.technology.interrupts;
    const bool polls_adapter =
        scenario->mpi.wait == MPI_WAIT_POLLS && scenario->mpi.registration.threshold_B > 0.0;
    return leaves_guests(scenario) && !polls_adapter &&
           (is_above(&interrupts->cost_s, 0.0) || is_above(&interrupts->delay_s, 0.0));
}

static void remove_interrupts(struct scenario *scenario)
{
    struct interrupts *interrupts = &scenario->virtualization.technology.interrupts;
    interrupts->cost_s = parameter_exact(0.0);
    interrupts->delay_s = parameter_exact(0.0);
}

static bool has_registration(const struct scenario *scenario)
{
    const struct registration *registration = &scenario->mpi.registration;
    const struct registration_cost *added = &scenario->virtualization.technology.registration;
    return leaves_guests(scenario) && registration->threshold_B > 0.0 &&
           registration->cache_hits.value < 1.0 &&
           (is_above(&added->call_s, 0.0) || is_above(&added->page_s, 0.0));
}

static void make_registration_native(struct scenario *scenario)
{
    struct registration_cost *added = &scenario->virtualization.technology.registration;
    added->call_s = parameter_exact(0.0);
    added->page_s = parameter_exact(0.0);
}

static bool has_iommu(const struct scenario *scenario)
{
    return is_virtual(scenario) && has_wire(scenario) &&
           is_above(&scenario->virtualization.technology.iommu_page_s, 0.0);
}

static void remove_iommu(struct scenario *scenario)
{
    scenario->virtualization.technology.iommu_page_s = parameter_exact(0.0);
}

/* Whether a guest adds something to the way of messages of some size. */
static bool has_slow_sizes(const struct message_pieces *pieces)
{
    for (int i = 0; i < pieces->n; i++)
        if (is_above(&pieces->items[i].latency_s, 0.0) || is_above(&pieces->items[i].slowdown, 1.0))
            return true;
    return false;
}

static bool has_sizes(const struct scenario *scenario)
{
    return is_virtual(scenario) && has_wire(scenario) &&
           has_slow_sizes(&scenario->virtualization.technology.sizes);
}

static void make_sizes_alike(struct scenario *scenario)
{
    ideal_way(&scenario->virtualization.technology.sizes);
}

static bool has_backend(const struct scenario *scenario)
{
    return is_virtual(scenario) &&
           scenario->virtualization.technology.backend.scope != BACKEND_NONE;
}

/* The part of a backend's CPU time that the vCPUs of its guest spend. */
static double share_of_exits(const struct backend *backend)
{
    return backend->scope == BACKEND_PER_VM ? backend->vcpu_share.value : 0.0;
}

static bool has_exits(const struct scenario *scenario)
{
    const struct backend *backend = &scenario->virtualization.technology.backend;
    return has_backend(scenario) && share_of_exits(backend) > 0.0 &&
           is_above(&backend->cpu_share, 0.0);
}

/* What other threads do for the backend stays. */
static void remove_exits(struct scenario *scenario)
{
    struct backend *backend = &scenario->virtualization.technology.backend;
    const double others_share = 1.0 - share_of_exits(backend);
    backend->cpu_share = parameter_exact(backend->cpu_share.value * others_share);
    backend->vcpu_share = parameter_exact(0.0);
}

static bool has_competition(const struct scenario *scenario)
{
    const struct backend *backend = &scenario->virtualization.technology.backend;
    const struct parameter *factor =
        has_smp_guests(scenario) ? &backend->busy_smp_factor : &backend->busy_factor;
    const bool has_threads = is_above(&backend->cpu_share, 0.0) && share_of_exits(backend) < 1.0;
    return has_backend(scenario) && scenario->virtualization.n_reserved_cores == 0 &&
           (is_above(factor, 1.0) || is_above(&backend->wakeup_s, 0.0) || has_threads);
}

/* As if the host had a core to spare for every backend; exits need the vCPU's own. */
static void remove_competition(struct scenario *scenario)
{
    struct backend *backend = &scenario->virtualization.technology.backend;
    struct parameter *factor =
        has_smp_guests(scenario) ? &backend->busy_smp_factor : &backend->busy_factor;
    const double exits = share_of_exits(backend);

    *factor = parameter_exact(1.0);
    backend->wakeup_s = parameter_exact(0.0);
    backend->cpu_share = parameter_exact(backend->cpu_share.value * exits);
    backend->vcpu_share = parameter_exact(1.0);
}

/* What it takes to serve a message goes as well, so that what it costs can be told from these
 * parameters; who competes with it is another question. */
static void remove_backend(struct scenario *scenario)
{
    struct backend *backend = &scenario->virtualization.technology.backend;
    struct parameter *byte_s = has_smp_guests(scenario) ? &backend->byte_smp_s : &backend->byte_s;

    backend->scope = BACKEND_NONE;
    backend->message_s = parameter_exact(0.0);
    backend->packet_s = parameter_exact(0.0);
    backend->latency_s = parameter_exact(0.0);
    *byte_s = parameter_exact(0.0);
}

/* What crosses a host costs more than what stays in one system. */
static bool has_same_host_cost(const struct scenario *scenario)
{
    const struct same_host_path *path = &scenario->virtualization.technology.same_host;
    return is_virtual(scenario) && scenario->virtualization.vms_per_node > 1 &&
           (is_above(&path->latency_s, scenario->mpi.local_latency_s.value) ||
            is_above(&scenario->mpi.local_bandwidth_Bps, path->bandwidth_Bps.value) ||
            has_slow_sizes(&path->sizes));
}

static void make_same_host_native(struct scenario *scenario)
{
    struct same_host_path *path = &scenario->virtualization.technology.same_host;
    const double latency_s = scenario->mpi.local_latency_s.value;
    const double bandwidth_Bps = scenario->mpi.local_bandwidth_Bps.value;

    if (is_above(&path->latency_s, latency_s))
        path->latency_s = parameter_exact(latency_s);
    if (is_above(&scenario->mpi.local_bandwidth_Bps, path->bandwidth_Bps.value))
        path->bandwidth_Bps = parameter_exact(bandwidth_Bps);
    ideal_way(&path->sizes);
}

/* --- disks of guests ------------------------------------------------------- */

/* Containers use files of the node. */
static bool has_guest_disk(const struct scenario *scenario)
{
    const struct storage storage = platform_scenario_storage(scenario);
    const struct workload *workload = scenario->workload;
    return workload->uses_disk && workload->uses_disk(scenario->workload_spec) &&
           storage_has_image(&storage);
}

static void remove_guest_disk(struct scenario *scenario)
{
    struct guest_disk *disk = &scenario->virtualization.technology.disk;
    scenario->virtualization.disk = (struct image_spec){
        .format = IMAGE_BLOCK, .cache = IMAGE_CACHE_NONE, .snapshot = SNAPSHOT_NONE};
    disk->request_B = parameter_exact(0.0);
    disk->request_s = parameter_exact(0.0);
    disk->write_amplification = parameter_exact(1.0);
}

/* --- who else is on the node ----------------------------------------------- */

static bool has_tenants(const struct scenario *scenario)
{
    return tenants_are_there(&scenario->virtualization.tenants);
}

static void remove_tenants(struct scenario *scenario)
{
    const struct parameter none = parameter_exact(0.0);
    scenario->virtualization.tenants =
        (struct tenants){.memory_Bps = none, .network_Bps = none, .disk_Bps = none};
}

/* Cores of a socket that let every vCPU of the node, and what else is at work there, have a
 * hardware thread. */
static int cores_wanted_of_socket(const struct scenario *scenario)
{
    const struct node_profile *node = &scenario->cluster.node;
    const struct virtualization_spec *guests = &scenario->virtualization;
    /* One core more on each socket. */
    const int n_threads_a_step = node->n_sockets * node_threads_per_core(node);
    const int n_at_work = guests->vms_per_node * guests->vcpus + guests->tenants.n_cores +
                          guests->n_reserved_cores * node_threads_per_core(node);
    return (n_at_work + n_threads_a_step - 1) / n_threads_a_step;
}

static bool is_oversubscribed(const struct scenario *scenario)
{
    return is_virtual(scenario) &&
           cores_wanted_of_socket(scenario) > scenario->cluster.node.n_cores_per_socket;
}

static void add_cores(struct scenario *scenario)
{
    scenario->cluster.node.n_cores_per_socket = cores_wanted_of_socket(scenario);
}

/* Every technology can lose something to vCPUs that float, if on several sockets alone. */
static bool has_floating(const struct scenario *scenario)
{
    return is_virtual(scenario) && scenario->virtualization.pinning == KNOB_OFF;
}

static void pin_vcpus(struct scenario *scenario)
{
    scenario->virtualization.pinning = KNOB_ON;
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

/* --- jitter of messages ---------------------------------------------------- */

static bool is_spread(const struct message_pieces *pieces)
{
    for (int i = 0; i < pieces->n; i++)
        if (is_above(&pieces->items[i].spread, 0.0))
            return true;
    return false;
}

static bool has_jitter(const struct scenario *scenario)
{
    const struct virt_profile *virt = &scenario->virtualization.technology;
    const bool has_neighbours = is_virtual(scenario) && scenario->virtualization.vms_per_node > 1 &&
                                virt->same_host.via == SAME_HOST_NETWORK;
    return (has_wire(scenario) && (is_spread(&scenario->mpi.sizes) ||
                                   (is_virtual(scenario) && is_spread(&virt->sizes)))) ||
           (has_neighbours && is_spread(&virt->same_host.sizes)) ||
           (ideal_has_local_messages(scenario) && is_spread(&scenario->mpi.local_sizes));
}

static void make_steady(struct message_pieces *pieces)
{
    for (int i = 0; i < pieces->n; i++)
        pieces->items[i].spread = parameter_exact(0.0);
}

static void remove_jitter(struct scenario *scenario)
{
    struct virt_profile *virt = &scenario->virtualization.technology;
    make_steady(&scenario->mpi.sizes);
    make_steady(&scenario->mpi.local_sizes);
    make_steady(&virt->sizes);
    make_steady(&virt->same_host.sizes);
}

/* --- mitigations ------------------------------------------------------------ */

static bool has_mitigations(const struct scenario *scenario)
{
    const struct mitigation_profile *costs = &scenario->cluster.node.mitigation;
    const struct kernel_entries *entries = &scenario->mpi.kernel_entries;
    const struct exits *exits = &scenario->virtualization.technology.exits;
    const bool has_entries = is_above(&entries->send, 0.0) || is_above(&entries->receive, 0.0);
    const bool has_guest_exits =
        is_virtual(scenario) && (is_above(&exits->message, 0.0) || is_above(&exits->packet, 0.0) ||
                                 is_above(&exits->interrupt, 0.0));
    return (has_entries && is_above(&costs->kernel_entry_s, 0.0)) ||
           (has_guest_exits && is_above(&costs->exit_s, 0.0));
}

static void switch_mitigations_off(struct scenario *scenario)
{
    struct mitigation_profile *costs = &scenario->cluster.node.mitigation;
    costs->kernel_entry_s = costs->exit_s = parameter_exact(0.0);
    scenario->cluster.mitigations = KNOB_OFF;
}

/* --- everything ------------------------------------------------------------ */

static void make_native(struct scenario *scenario)
{
    scenario->virtualization.technology.kind = VIRT_NATIVE;
    scenario->virtualization.technology.backend.scope = BACKEND_NONE;
    scenario->virtualization.vms_per_node = 0;
    scenario->virtualization.vcpus = 0;
    scenario->virtualization.n_reserved_cores = 0;
    remove_tenants(scenario);
    scenario->virtualization.huge_pages = KNOB_OFF;
}

const struct counterfactual counterfactuals[] = {
    {"cpu", "computing in a guest as fast as on the node", has_cpu_loss, make_cpu_native},
    {"memory", "memory from a guest as fast as on the node", has_memory_loss, make_memory_native},
    {"paging", "random accesses as fast as with one level of pages", has_paging_loss,
     make_paging_native},
    {"guest_stack", "no extra network stack in the guest", has_guest_stack, remove_guest_stack},
    {"interrupts", "no exits and no delay for the NIC's interrupts", has_interrupts,
     remove_interrupts},
    {"registration", "buffers registered as fast as on the node", has_registration,
     make_registration_native},
    {"iommu", "no address translation between adapter and memory", has_iommu, remove_iommu},
    {"sizes", "between hosts, no sizes that guests slow down", has_sizes, make_sizes_alike},
    {"exits", "no emulation of the NIC on the guest's own vCPU", has_exits, remove_exits},
    {"competition", "a free core for every I/O backend", has_competition, remove_competition},
    {"backend", "no I/O backend: the NIC in the guest's hands", has_backend, remove_backend},
    {"same_host", "between guests of a host as between processes", has_same_host_cost,
     make_same_host_native},
    {"disk", "the node's own disk: no image, no emulation", has_guest_disk, remove_guest_disk},
    {"pinning", "every vCPU pinned to its core", has_floating, pin_vcpus},
    {"oversubscription", "a core for every vCPU of the node", is_oversubscribed, add_cores},
    {"tenants", "the nodes without other customers' guests", has_tenants, remove_tenants},
    {"noise", "no detours of cores for systems and hypervisor", has_noise, remove_noise},
    {"jitter", "no jitter: messages of a size take the same time", has_jitter, remove_jitter},
    {"mitigations", "no defences against processors' leaks", has_mitigations,
     switch_mitigations_off},
    {"compute", "ideal cores and memory: computing takes no time", ideal_always_concerns,
     ideal_compute},
    {"mpi_stack", "an ideal MPI library and native stack: no CPU time", ideal_has_mpi_stack,
     ideal_mpi_stack},
    {"local", "ideal shared memory between ranks of one system", ideal_has_local_messages,
     ideal_local_messages},
    {"wire", "an ideal wire: no latency, no limit", has_wire, ideal_wire},
    {"native", "no virtualization at all", is_virtual, make_native},
    {0}};

const struct counterfactual *const counterfactual_native =
    &counterfactuals[sizeof counterfactuals / sizeof counterfactuals[0] - 2];

static_assert(sizeof counterfactuals / sizeof counterfactuals[0] - 1 <= MAX_COUNTERFACTUALS,
              "room for all in a result");

struct scenario counterfactual_of(const struct scenario *scenario,
                                  const struct counterfactual *counterfactual)
{
    struct scenario copy = *scenario;
    counterfactual->apply(&copy);
    return copy;
}
