/*
 * What lies between hardware and ranks, from trees of files that are as such systems show them.
 */
#include "calibration/measure/environment_part.h"
#include "fake_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_FILES = 12 };

struct machine {
    const char *name;
    struct hypervisor_leaves leaves;
    struct fake_file files[MAX_FILES];
    const char *stack; /* kinds, outermost first */
    const char *cloud; /* or NULL */
};

#define FIRST_NAMESPACES                                                                           \
    {"/proc/self/ns/user", "-> user:[4026531837]"}, {"/proc/self/ns/pid", "-> pid:[4026531836]"},  \
    {                                                                                              \
        "/proc/self/ns/uts", "-> uts:[4026531838]"                                                 \
    }
#define OWN_NAMESPACES                                                                             \
    {"/proc/self/ns/user", "-> user:[4026531837]"}, {"/proc/self/ns/pid", "-> pid:[4026532456]"},  \
    {                                                                                              \
        "/proc/self/ns/uts", "-> uts:[4026532455]"                                                 \
    }
#define GUEST_OF(...) .leaves = {.is_present = true, .n = 1, .signatures = {__VA_ARGS__}}

static const struct machine machines[] = {
    {.name = "a bare server that somebody sells as QEMU's maker does not",
     .files = {{"/sys/class/dmi/id/sys_vendor", "Dell Inc.\n"},
               {"/sys/class/dmi/id/product_name", "PowerEdge R640\n"},
               FIRST_NAMESPACES},
     .stack = ""},
    {.name = "a KVM guest of QEMU",
     GUEST_OF("KVMKVMKVM"),
     .files = {{"/sys/class/dmi/id/sys_vendor", "QEMU\n"},
               {"/sys/class/dmi/id/product_name", "Standard PC (Q35 + ICH9, 2009)\n"},
               {"/sys/firmware/acpi/tables/DSDT", "DSDTabcd\x01zBOCHS BXPC    "},
               FIRST_NAMESPACES},
     .stack = "kvm(qemu)"},
    {.name = "a docker container in a KVM guest, control groups of version 2",
     GUEST_OF("KVMKVMKVM"),
     .files = {{"/.dockerenv", ""},
               {"/proc/self/cgroup", "0::/\n"},
               {"/proc/self/mountinfo",
                "1 2 0:3 / / rw - overlay overlay rw\n4 5 254:1 "
                "/var/lib/docker/containers/ab12/hostname /etc/hostname rw - ext4 /dev/vda rw\n"},
               OWN_NAMESPACES},
     .stack = "kvm docker"},
    {.name = "a guest of KVM that shows Hyper-V's interface, too",
     .leaves = {.is_present = true, .n = 2, .signatures = {"Microsoft Hv", "KVMKVMKVM"}},
     .stack = "kvm"},
    {.name = "a guest of Hyper-V",
     GUEST_OF("Microsoft Hv"),
     .files = {{"/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n"},
               {"/sys/class/dmi/id/product_name", "Virtual Machine\n"}},
     .stack = "hyperv"},
    {.name = "the same in Azure, which its asset tag tells",
     GUEST_OF("Microsoft Hv"),
     .files = {{"/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n"},
               {"/sys/class/dmi/id/product_name", "Virtual Machine\n"},
               {"/sys/class/dmi/id/chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77\n"}},
     .stack = "hyperv",
     .cloud = "microsoft-azure"},
    {.name = "a paravirtual Xen guest, which has neither CPUID's flag nor DMI",
     .files = {{"/sys/hypervisor/type", "xen\n"},
               {"/sys/hypervisor/guest_type", "PV\n"},
               {"/proc/xen/capabilities", "\n"}},
     .stack = "xen"},
    {.name = "a Xen guest with hardware's help, which shows Hyper-V's interface",
     .leaves = {.is_present = true, .n = 2, .signatures = {"Microsoft Hv", "XenVMMXenVMM"}},
     .files = {{"/sys/hypervisor/type", "xen\n"},
               {"/sys/class/dmi/id/sys_vendor", "Xen\n"},
               {"/sys/class/dmi/id/product_name", "HVM domU\n"}},
     .stack = "xen"},
    {.name = "Xen's dom0 on hardware",
     .files = {{"/sys/hypervisor/type", "xen\n"},
               {"/proc/xen/capabilities", "control_d\n"},
               {"/sys/class/dmi/id/sys_vendor", "Dell Inc.\n"}},
     .stack = "xen[dom0]"},
    {.name = "a paravirtual Xen guest on Xen in a KVM guest, whose CPUID shows through",
     GUEST_OF("KVMKVMKVM"),
     .files = {{"/sys/hypervisor/type", "xen\n"}},
     .stack = "kvm xen"},
    {.name = "EC2 of today",
     GUEST_OF("KVMKVMKVM"),
     .files = {{"/sys/class/dmi/id/sys_vendor", "Amazon EC2\n"},
               {"/sys/class/dmi/id/product_name", "c5n.18xlarge\n"},
               {"/sys/firmware/acpi/tables/DSDT", "DSDTabcd\x01zAMAZONAMZNDSDT"}},
     .stack = "kvm(amazon-nitro)",
     .cloud = "amazon-ec2"},
    {.name = "EC2 of before, on Xen",
     GUEST_OF("XenVMMXenVMM"),
     .files = {{"/sys/hypervisor/type", "xen\n"},
               {"/sys/class/dmi/id/sys_vendor", "Xen\n"},
               {"/sys/class/dmi/id/bios_version", "4.2.amazon\n"}},
     .stack = "xen",
     .cloud = "amazon-ec2"},
    {.name = "a bare-metal instance of EC2",
     .files = {{"/sys/class/dmi/id/sys_vendor", "Amazon EC2\n"},
               {"/sys/class/dmi/id/product_name", "c5n.metal\n"}},
     .stack = "",
     .cloud = "amazon-ec2"},
    {.name = "software emulation",
     GUEST_OF("TCGTCGTCGTCG"),
     .files = {{"/sys/class/dmi/id/sys_vendor", "QEMU\n"}},
     .stack = "qemu-tcg"},
    {.name = "KVM that hides itself behind DMI of QEMU",
     .files = {{"/sys/class/dmi/id/sys_vendor", "QEMU\n"}},
     .stack = "qemu"},
    {.name = "VMware",
     GUEST_OF("VMwareVMware"),
     .files = {{"/sys/class/dmi/id/sys_vendor", "VMware, Inc.\n"}},
     .stack = "vmware"},
    {.name = "a guest on ARM",
     .files = {{"/proc/device-tree/hypervisor/compatible", "linux,kvm"}},
     .stack = "kvm"},
    {.name = "a hypervisor that does not tell its name",
     .leaves = {.is_present = true},
     .stack = "unknown"},
    {.name = "an LXC container on hardware",
     .files = {{"/proc/1/environ", "container=lxc\nTERM=linux"}, OWN_NAMESPACES},
     .stack = "lxc"},
    {.name = "docker in LXC, outermost first by the path of the control group",
     .files = {{"/.dockerenv", ""},
               {"/proc/self/cgroup", "4:cpu,cpuacct:/lxc/web/docker/0a1b2c\n"},
               OWN_NAMESPACES},
     .stack = "lxc docker"},
    {.name = "a Kubernetes pod, whose runtime is no layer of its own",
     GUEST_OF("KVMKVMKVM"),
     .files = {{"/proc/self/cgroup",
                "0::/system.slice/kubepods-besteffort-pod1.slice:cri-containerd:0a1b\n"},
               OWN_NAMESPACES},
     .stack = "kvm kubernetes"},
    {.name = "a unit that runs docker's daemon, which is no container",
     .files = {{"/proc/self/cgroup", "0::/system.slice/docker.service\n"}, FIRST_NAMESPACES},
     .stack = ""},
    {.name = "podman",
     .files = {{"/run/.containerenv", "engine=\"podman\"\n"}, OWN_NAMESPACES},
     .stack = "podman"},
    {.name = "Apptainer, which leaves most namespaces alone",
     .files = {{"/.singularity.d/env/01-base.sh", ""}, FIRST_NAMESPACES},
     .stack = "apptainer?"},
    {.name = "OpenVZ", .files = {{"/proc/vz/veinfo", "101\n"}}, .stack = "openvz"},
    {.name = "the machine that OpenVZ's containers are on",
     .files = {{"/proc/vz/veinfo", "0\n"}, {"/proc/bc/0/resources", "\n"}},
     .stack = ""},
    {.name = "namespaces that nobody named", .files = {OWN_NAMESPACES}, .stack = "namespaces"},
    {.name = "a network of its own beside process 1, no more",
     .files = {FIRST_NAMESPACES,
               {"/proc/self/ns/net", "-> net:[4026532100]"},
               {"/proc/1/ns/net", "-> net:[4026531840]"}},
     .stack = "namespaces"},
    {.name = "a disk image of a container that was made a guest of Firecracker",
     GUEST_OF("KVMKVMKVM"),
     .files = {{"/.dockerenv", ""},
               {"/sys/firmware/acpi/tables/DSDT", "DSDTabcd\x01zFIRECKFCVMDSDT"},
               FIRST_NAMESPACES},
     .stack = "kvm(firecracker) docker?"},
    {.name = "the second Windows subsystem",
     GUEST_OF("Microsoft Hv"),
     .files = {{"/proc/sys/kernel/osrelease", "5.15.90.1-microsoft-standard-WSL2\n"}},
     .stack = "hyperv wsl"},
};

/* "kvm(firecracker) docker?": kinds with monitor, role, and whether there is a doubt. */
static void write_stack(const json_t *stack, char *text, size_t size)
{
    size_t i, used = 0;
    const json_t *layer;
    text[0] = '\0';
    json_array_foreach(stack, i, layer)
    {
        const char *monitor = json_string_value(json_object_get(layer, "monitor"));
        const char *role = json_string_value(json_object_get(layer, "role"));
        const bool is_dom0 = role && strcmp(role, "dom0") == 0;
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s%s%s%s%s%s", i ? " " : "",
                             json_string_value(json_object_get(layer, "kind")), monitor ? "(" : "",
                             monitor ? monitor : "", monitor ? ")" : "", is_dom0 ? "[dom0]" : "",
                             json_object_get(layer, "doubt") ? "?" : "");
        /* Each layer says why it is thought to be there. */
        assert_true(json_array_size(json_object_get(layer, "evidence")) > 0);
    }
}

static void sees_all_layers_outermost_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        char found[256];
        char *root = fake_tree_make(machines[i].files);
        const struct environment_source source = {.root = root, .leaves = machines[i].leaves};
        json_t *all = environment_virtualization(&source);
        const char *cloud = json_string_value(json_object_get(all, "cloud"));
        write_stack(json_object_get(all, "stack"), found, sizeof found);
        if (strcmp(found, machines[i].stack) != 0)
            print_error("%s:\n", machines[i].name);
        assert_string_equal(found, machines[i].stack);
        assert_string_equal(cloud ? cloud : "none", machines[i].cloud ? machines[i].cloud : "none");
        json_decref(all);
        fake_tree_remove(root);
    }
}

/* What systemd-detect-virt prints, or "none"; NULL: there is no such program. */
static char *ask_systemd(const char *option)
{
    char command[64], text[64] = "";
    snprintf(command, sizeof command, "systemd-detect-virt %s 2>/dev/null", option);
    FILE *pipe = popen(command, "r");
    if (pipe && !fgets(text, sizeof text, pipe))
        text[0] = '\0';
    if (pipe)
        pclose(pipe);
    text[strcspn(text, "\n")] = '\0';
    return text[0] ? strdup(text) : NULL;
}

static const char *last_of_type(const json_t *stack, const char *type)
{
    size_t i;
    const json_t *layer;
    const char *kind = "none";
    json_array_foreach(stack, i, layer)
    {
        if (strcmp(json_string_value(json_object_get(layer, "type")), type) == 0)
            kind = json_string_value(json_object_get(layer, "kind"));
    }
    return kind;
}

/* Systemd knows one layer of each kind, the innermost, calls emulation and hidden KVM both "qemu"
 * and Azure and Hyper-V both "microsoft". It does not look at namespaces alone. */
static void agrees_with_systemd_on_this_machine(void **state)
{
    (void)state;
    const struct environment_source here = environment_here();
    json_t *all = environment_virtualization(&here);
    const json_t *stack = json_object_get(all, "stack");
    char *machine = ask_systemd("--vm"), *container = ask_systemd("--container");
    const char *found = last_of_type(stack, "hypervisor");
    if (machine && strcmp(found, "unknown") != 0 && strcmp(found, "hyperv") != 0)
        assert_memory_equal(found, machine, strlen(machine) < 4 ? strlen(machine) : 4);
    found = last_of_type(stack, "container");
    if (container && strcmp(container, "none") != 0 && strcmp(container, "container-other") != 0)
        assert_string_not_equal(found, "none");
    free(machine);
    free(container);
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_all_layers_outermost_first),
        cmocka_unit_test(agrees_with_systemd_on_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
