#include "mitigation.h"

#include <assert.h>

static struct mitigation_cost cost_of(const struct node_profile *node, double n_entries,
                                      const struct virt_profile *virt, double n_exits)
{
    assert(n_entries >= 0.0 && n_exits >= 0.0);

    return (struct mitigation_cost){
        .kernel_s = n_entries * node->mitigation.kernel_entry_s.value,
        .exit_s = virt->kind == VIRT_HYPERVISOR ? n_exits * node->mitigation.exit_s.value : 0.0,
    };
}

struct mitigation_cost mitigation_of_send(const struct node_profile *node,
                                          const struct mpi_profile *mpi,
                                          const struct virt_profile *virt, double n_packets)
{
    return cost_of(node, mpi->kernel_entries.send.value, virt,
                   virt->exits.message.value + n_packets * virt->exits.packet.value);
}

struct mitigation_cost mitigation_of_receive(const struct node_profile *node,
                                             const struct mpi_profile *mpi,
                                             const struct virt_profile *virt, double n_packets,
                                             double n_interrupts)
{
    return cost_of(node, mpi->kernel_entries.receive.value, virt,
                   n_packets * virt->exits.packet.value +
                       n_interrupts * virt->exits.interrupt.value);
}
