/*
 * environment_virtualization.c - the machine beneath the kernel: which hypervisors, what emulates
 * their devices, whose cloud.
 *
 * A hypervisor shows itself by CPUID, by what firmware tables say (DMI, ACPI, device tree), and Xen
 * by /sys/hypervisor. What lies further out shows through only where an inner one lets it, as Xen's
 * paravirtual guests see the CPUID of the machine that Xen runs on. systemd-detect-virt tells the
 * innermost layer; this keeps all of them, each with its evidence.
 */
#include "environment_part.h"
#include "system_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
    const char *text, *means;
};

/* CPUID 0x40000000; Linux: arch/x86/include/asm/hypervisor.h and the systems' own documents. */
static const struct word signatures[] = {
    {"XenVMMXenVMM", "xen"},
    {"KVMKVMKVM", "kvm"},
    {"Linux KVM Hv", "kvm"},
    {"VMwareVMware", "vmware"},
    {"VBoxVBoxVBox", "virtualbox"},
    {"TCGTCGTCGTCG", "qemu-tcg"},
    {"bhyve bhyve ", "bhyve"},
    {"prl hyperv  ", "parallels"},
    {" lrpepyh vr", "parallels"},
    {"ACRNACRNACRN", "acrn"},
    {"Jailhouse", "jailhouse"},
    {"QNXQVMBSQG", "qnx"},
    {"SRESRESRESRE", "lmhs"},
    {"EVMMEVMMEVMM", "evmm"},
    {"UnisysSpar64", "spar"},
    /* Last: KVM, Xen and others show it to Windows guests, with their own in the next leaf. */
    {"Microsoft Hv", "hyperv"},
    {NULL, NULL},
};

static const struct word dmi_hypervisors[] = {
    {"QEMU", "qemu"},
    {"KVM", "kvm"},
    {"VMware", "vmware"},
    {"VirtualBox", "virtualbox"},
    {"innotek", "virtualbox"},
    {"Xen", "xen"},
    {"HVM domU", "xen"},
    {"Parallels", "parallels"},
    {"BHYVE", "bhyve"},
    {"Hyper-V", "hyperv"},
    {"Virtual Machine", "hyperv"},
    {"OpenStack", "kvm"},
    {"RHEV", "kvm"},
    {"oVirt", "kvm"},
    {NULL, NULL},
};

static const struct word dmi_clouds[] = {
    {"Amazon EC2", "amazon-ec2"},
    {"amazon", "amazon-ec2"},
    {"Google", "google-cloud"},
    {"Microsoft Corporation", "microsoft-azure"},
    {"OracleCloud", "oracle-cloud"},
    {"Alibaba", "alibaba-cloud"},
    {"DigitalOcean", "digitalocean"},
    {"Hetzner", "hetzner"},
    {"Scaleway", "scaleway"},
    {"OpenStack", "openstack"},
    {"Huawei Cloud", "huawei-cloud"},
    {"Tencent", "tencent-cloud"},
    {NULL, NULL},
};

/* Who wrote the ACPI tables writes the devices, too. */
static const struct word acpi_monitors[] = {
    {"BOCHS", "qemu"},
    {"FIRECK", "firecracker"},
    {"CLOUDH", "cloud-hypervisor"},
    {"XEN", "xen"},
    {"VBOX", "virtualbox"},
    {"VMWARE", "vmware"},
    {"AMAZON", "amazon-nitro"},
    {NULL, NULL},
};

static const struct word device_trees[] = {
    {"linux,kvm", "kvm"}, {"xen", "xen"}, {"vmware", "vmware"}, {"qemu", "qemu"}, {NULL, NULL},
};

/* The meaning of the first of `words` that is within the text; NULL: of none. */
static const char *meaning(const struct word *words, const char *text)
{
    for (; text && words->text; words++) {
        if (strstr(text, words->text))
            return words->means;
    }
    return NULL;
}

json_t *stack_layer(json_t *stack, const char *type, const char *kind)
{
    size_t i;
    json_t *layer;
    json_array_foreach(stack, i, layer)
    {
        if (strcmp(json_string_value(json_object_get(layer, "kind")), kind) == 0)
            return layer;
    }
    json_array_append_new(stack,
                          json_pack("{s:s, s:s, s:[]}", "type", type, "kind", kind, "evidence"));
    return json_array_get(stack, json_array_size(stack) - 1);
}

void layer_evidence(json_t *layer, const char *format, ...)
{
    char text[512];
    va_list rest;
    va_start(rest, format);
    vsnprintf(text, sizeof text, format, rest);
    va_end(rest);
    json_array_append_new(json_object_get(layer, "evidence"), json_string(text));
}

/* --- firmware ------------------------------------------------------------------------------------
 */

static json_t *dmi(const struct environment_source *source)
{
    static const char *const names[] = {"sys_vendor",   "product_name",   "product_version",
                                        "board_vendor", "board_name",     "bios_vendor",
                                        "bios_version", "chassis_vendor", "chassis_asset_tag"};
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        put_file(all, names[i], source, "/sys/class/dmi/id/%s", names[i]);
    put_file(all, "device_tree_model", source, "/proc/device-tree/model");
    put_file(all, "device_tree_hypervisor", source, "/proc/device-tree/hypervisor/compatible");
    return all;
}

/* The meaning of the first of the DMI's texts that has one; *name and *text say which it was. */
static const char *dmi_meaning(json_t *dmi, const struct word *words, const char **name,
                               const char **text)
{
    const char *key;
    json_t *value;
    json_object_foreach(dmi, key, value)
    {
        /* Versions and asset tags name products of others, except for one cloud. */
        const char *found = meaning(words, json_string_value(value));
        if (found && (strstr(key, "version") == NULL || words == dmi_clouds)) {
            *name = key;
            *text = json_string_value(value);
            return found;
        }
    }
    return NULL;
}

/* Azure's DMI is that of any Hyper-V but for this asset tag; one who sells computers, too, is no
 * cloud by name alone. */
static bool is_azure(const json_t *dmi)
{
    static const char tag[] = "7783-7084-3265-9085-8269-3286-77";
    const char *found = json_string_value(json_object_get(dmi, "chassis_asset_tag"));
    return found && strcmp(found, tag) == 0;
}

static void find_cloud(json_t *virtualization, json_t *dmi)
{
    const char *name, *text;
    const char *cloud = dmi_meaning(dmi, dmi_clouds, &name, &text);
    if (cloud && strcmp(cloud, "microsoft-azure") == 0 && !is_azure(dmi))
        cloud = NULL;
    put_string(virtualization, "cloud", cloud);
}

/* What emulates the guest's devices. An ACPI table has its maker's name in bytes 10 to 15. */
static void find_monitor(const struct environment_source *source, json_t *layer)
{
    enum { MAKER_AT = 10, MAKER_LENGTH = 6 };
    char *table = system_text(source, "/sys/firmware/acpi/tables/DSDT");
    if (table && strlen(table) > MAKER_AT + MAKER_LENGTH) {
        char maker[MAKER_LENGTH + 1] = "";
        memcpy(maker, table + MAKER_AT, MAKER_LENGTH);
        const char *monitor = meaning(acpi_monitors, maker);
        if (monitor) {
            put_string(layer, "monitor", monitor);
            layer_evidence(layer, "ACPI tables made by \"%s\"", maker);
        }
    } else if (system_exists(source, "/sys/firmware/qemu_fw_cfg")) {
        put_string(layer, "monitor", "qemu");
        layer_evidence(layer, "/sys/firmware/qemu_fw_cfg");
    }
    free(table);
}

/* --- hypervisors ---------------------------------------------------------------------------------
 */

/* The hypervisor that CPUID names; NULL: none. Of several names, what runs is that which does not
 * pretend to be another, and the table has the pretended one last. */
static const char *cpuid_hypervisor(const struct hypervisor_leaves *leaves)
{
    for (const struct word *word = signatures; word->text; word++) {
        for (int i = 0; i < leaves->n; i++) {
            if (strcmp(leaves->signatures[i], word->text) == 0)
                return word->means;
        }
    }
    return NULL;
}

static void add_cpuid_layer(const struct hypervisor_leaves *leaves, json_t *stack)
{
    const char *kind = cpuid_hypervisor(leaves);
    if (!kind && leaves->n == 0)
        return;
    json_t *layer = stack_layer(stack, "hypervisor", kind ? kind : "unknown");
    for (int i = 0; i < leaves->n; i++)
        layer_evidence(layer, "CPUID names \"%s\"", leaves->signatures[i]);
}

/* Xen's own word, which stands inside of anything that CPUID shows through it. */
static void add_xen(const struct environment_source *source, json_t *stack)
{
    char *type = system_text(source, "/sys/hypervisor/type");
    char *capabilities = system_text(source, "/proc/xen/capabilities");
    const bool is_dom0 = capabilities && strstr(capabilities, "control_d");
    if ((type && strcmp(type, "xen") == 0) || is_dom0) {
        json_t *layer = stack_layer(stack, "hypervisor", "xen");
        layer_evidence(layer, is_dom0 ? "/proc/xen/capabilities has control_d"
                                      : "/sys/hypervisor/type is xen");
        put_string(layer, "role", is_dom0 ? "dom0" : "guest");
        put_file(layer, "mode", source, "/sys/hypervisor/guest_type");
        char *major = system_text(source, "/sys/hypervisor/version/major");
        char *minor = system_text(source, "/sys/hypervisor/version/minor");
        char *extra = system_text(source, "/sys/hypervisor/version/extra");
        if (major && minor)
            json_object_set_new(layer, "version",
                                json_sprintf("%s.%s%s", major, minor, extra ? extra : ""));
        free(major);
        free(minor);
        free(extra);
    }
    free(type);
    free(capabilities);
}

/* Firmware names the hypervisor where CPUID does not (other processors, hidden ones), and repeats
 * it where it does. One that differs is the monitor's: QEMU under KVM. */
static void add_firmware_layer(json_t *dmi, json_t *stack, bool is_guest)
{
    const char *name, *text;
    const char *kind =
        meaning(device_trees, json_string_value(json_object_get(dmi, "device_tree_hypervisor")));
    if (kind) {
        layer_evidence(stack_layer(stack, "hypervisor", kind), "device tree's hypervisor node");
        return;
    }
    kind = dmi_meaning(dmi, dmi_hypervisors, &name, &text);
    if (!kind)
        return;
    const size_t n = json_array_size(stack);
    if (n > 0)
        layer_evidence(json_array_get(stack, n - 1), "DMI %s is \"%s\"", name, text);
    else if (is_guest || strcmp(kind, "kvm") != 0)
        layer_evidence(stack_layer(stack, "hypervisor", kind), "DMI %s is \"%s\"", name, text);
}

static void add_other_machines(const struct environment_source *source, json_t *stack)
{
    char *mainframe = system_text(source, "/proc/sysinfo");
    char *program = mainframe ? line_value(mainframe, "VM00 Control Program") : NULL;
    if (program)
        layer_evidence(stack_layer(stack, "hypervisor", strstr(program, "KVM") ? "kvm" : "zvm"),
                       "/proc/sysinfo: %s", program);
    free(program);
    free(mainframe);
    if (system_exists(source, "/proc/device-tree/ibm,partition-name"))
        layer_evidence(stack_layer(stack, "hypervisor", "powervm"),
                       "device tree has ibm,partition-name");
    char *cpus = system_text(source, "/proc/cpuinfo");
    if (cpus && strstr(cpus, "User Mode Linux"))
        layer_evidence(stack_layer(stack, "hypervisor", "uml"), "/proc/cpuinfo: User Mode Linux");
    free(cpus);
}

/* Whether this machine could itself have guests with hardware's help. */
static json_t *nesting(const struct environment_source *source)
{
    json_t *all = json_object();
    char *cpus = system_text(source, "/proc/cpuinfo");
    char *flags = cpus ? line_value(cpus, "flags") : NULL;
    if (flags)
        json_object_set_new(all, "hardware_offered",
                            json_boolean(strstr(flags, " vmx ") || strstr(flags, " svm ")));
    free(flags);
    free(cpus);
    put_file(all, "kvm_intel_nested", source, "/sys/module/kvm_intel/parameters/nested");
    put_file(all, "kvm_amd_nested", source, "/sys/module/kvm_amd/parameters/nested");
    json_object_set_new(all, "kvm_device", json_boolean(system_exists(source, "/dev/kvm")));
    return all;
}

/* Drivers of paravirtual devices: virtio's, Hyper-V's and Xen's buses. */
static json_t *paravirtual_drivers(const struct environment_source *source)
{
    static const char *const buses[] = {"virtio", "vmbus", "xen"};
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof buses / sizeof *buses; i++) {
        char **devices = system_folder(source, "/sys/bus/%s/devices", buses[i]);
        for (int d = 0; devices && devices[d]; d++)
            put_text(all, devices[d],
                     system_link(source, "/sys/bus/%s/devices/%s/driver", buses[i], devices[d]));
        system_folder_free(devices);
    }
    return all;
}

json_t *environment_virtualization(const struct environment_source *source)
{
    json_t *all = json_object();
    json_t *stack = json_array();
    json_t *firmware = dmi(source);
    json_t *names = json_array();
    for (int i = 0; i < source->leaves.n; i++)
        json_array_append_new(names, json_string(source->leaves.signatures[i]));

    add_cpuid_layer(&source->leaves, stack);
    add_xen(source, stack);
    add_firmware_layer(firmware, stack, source->leaves.is_present);
    add_other_machines(source, stack);
    if (json_array_size(stack) > 0)
        find_monitor(source, json_array_get(stack, json_array_size(stack) - 1));
    else if (source->leaves.is_present)
        layer_evidence(stack_layer(stack, "hypervisor", "unknown"), "CPUID has the guests' flag");
    environment_containers(source, stack);

    find_cloud(all, firmware);
    json_object_set_new(all, "stack", stack);
    json_object_set_new(all, "hypervisor_flag", json_boolean(source->leaves.is_present));
    json_object_set_new(all, "signatures", names);
    json_object_set_new(all, "dmi", firmware);
    json_object_set_new(all, "nesting", nesting(source));
    json_object_set_new(all, "paravirtual_drivers", paravirtual_drivers(source));
    return all;
}
