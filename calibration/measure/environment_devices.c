/*
 * environment_devices.c - network interfaces, RDMA adapters and disks, as /sys names them.
 */
#include "environment_part.h"
#include "system_file.h"

#include <stdlib.h>
#include <string.h>

#define NET   "/sys/class/net"
#define RDMA  "/sys/class/infiniband"
#define BLOCK "/sys/block"

/* How many names in a folder begin so. */
static int n_beginning(char *const *names, const char *beginning)
{
    int n = 0;
    for (int i = 0; names && names[i]; i++)
        n += strncmp(names[i], beginning, strlen(beginning)) == 0;
    return n;
}

static void put_queues(json_t *network, const struct environment_source *source, const char *name)
{
    char **queues = system_folder(source, NET "/%s/queues", name);
    json_object_set_new(network, "n_receive_queues", json_integer(n_beginning(queues, "rx-")));
    json_object_set_new(network, "n_send_queues", json_integer(n_beginning(queues, "tx-")));
    system_folder_free(queues);
}

static json_t *network(const struct environment_source *source, const char *name)
{
    json_t *all = json_pack("{s:s}", "name", name);
    double rate_Mbps;
    put_file(all, "state", source, NET "/%s/operstate", name);
    put_scaled(all, "mtu_B", 1.0, source, NET "/%s/mtu", name);
    /* -1, or a large number that stands for it: the driver does not know. */
    if (system_number(source, &rate_Mbps, NET "/%s/speed", name) && rate_Mbps > 0.0 &&
        rate_Mbps < 1e7)
        json_object_set_new(all, "rate_bps", json_real(1e6 * rate_Mbps));
    put_file(all, "duplex", source, NET "/%s/duplex", name);
    put_text(all, "driver", system_link(source, NET "/%s/device/driver", name));
    put_text(all, "bus", system_link(source, NET "/%s/device/subsystem", name));
    put_scaled(all, "numa_node", 1.0, source, NET "/%s/device/numa_node", name);
    put_scaled(all, "send_queue_length", 1.0, source, NET "/%s/tx_queue_len", name);
    put_queues(all, source, name);
    if (system_exists(source, NET "/%s/device/physfn", name))
        json_object_set_new(all, "virtual_function", json_true());
    if (system_exists(source, NET "/%s/bridge", name))
        put_string(all, "kind", "bridge");
    else if (system_exists(source, NET "/%s/tun_flags", name))
        put_string(all, "kind", "tap");
    else if (system_exists(source, NET "/%s/bonding", name))
        put_string(all, "kind", "bond");
    put_text(all, "bridge", system_link(source, NET "/%s/master", name));
    if (source->root[0] == '\0')
        ethtool_ask(name, all);
    return all;
}

json_t *environment_networks(const struct environment_source *source)
{
    json_t *all = json_array();
    char **names = system_folder(source, NET);
    for (int i = 0; names && names[i]; i++) {
        if (system_exists(source, NET "/%s/mtu", names[i]))
            json_array_append_new(all, network(source, names[i]));
    }
    system_folder_free(names);
    return all;
}

static json_t *rdma_ports(const struct environment_source *source, const char *name)
{
    json_t *ports = json_array();
    char **numbers = system_folder(source, RDMA "/%s/ports", name);
    for (int i = 0; numbers && numbers[i]; i++) {
        json_t *port = json_pack("{s:s}", "port", numbers[i]);
        put_file(port, "state", source, RDMA "/%s/ports/%s/state", name, numbers[i]);
        put_file(port, "rate", source, RDMA "/%s/ports/%s/rate", name, numbers[i]);
        put_file(port, "link_layer", source, RDMA "/%s/ports/%s/link_layer", name, numbers[i]);
        json_array_append_new(ports, port);
    }
    system_folder_free(numbers);
    return ports;
}

json_t *environment_rdma(const struct environment_source *source)
{
    json_t *all = json_array();
    char **names = system_folder(source, RDMA);
    for (int i = 0; names && names[i]; i++) {
        json_t *adapter = json_pack("{s:s}", "name", names[i]);
        put_file(adapter, "model", source, RDMA "/%s/hca_type", names[i]);
        put_file(adapter, "board", source, RDMA "/%s/board_id", names[i]);
        put_file(adapter, "firmware", source, RDMA "/%s/fw_ver", names[i]);
        put_text(adapter, "driver", system_link(source, RDMA "/%s/device/driver", names[i]));
        if (system_exists(source, RDMA "/%s/device/physfn", names[i]))
            json_object_set_new(adapter, "virtual_function", json_true());
        json_object_set_new(adapter, "ports", rdma_ports(source, names[i]));
        json_array_append_new(all, adapter);
    }
    system_folder_free(names);
    return all;
}

static json_t *disk(const struct environment_source *source, const char *name)
{
    const double sector_B = 512.0; /* of /sys, whatever the disk's own */
    json_t *all = json_pack("{s:s}", "name", name);
    put_file(all, "model", source, BLOCK "/%s/device/model", name);
    put_text(all, "driver", system_link(source, BLOCK "/%s/device/driver", name));
    put_scaled(all, "size_B", sector_B, source, BLOCK "/%s/size", name);
    put_scaled(all, "rotates", 1.0, source, BLOCK "/%s/queue/rotational", name);
    put_scaled(all, "queue_length", 1.0, source, BLOCK "/%s/queue/nr_requests", name);
    put_scaled(all, "block_B", 1.0, source, BLOCK "/%s/queue/logical_block_size", name);
    put_scaled(all, "read_ahead_B", 1024.0, source, BLOCK "/%s/queue/read_ahead_kb", name);
    put_file(all, "write_cache", source, BLOCK "/%s/queue/write_cache", name);
    char *schedulers = system_text(source, BLOCK "/%s/queue/scheduler", name);
    put_text(all, "scheduler", bracketed(schedulers));
    free(schedulers);
    return all;
}

/* Loop devices and memory disks that nobody uses have no sectors. */
json_t *environment_disks(const struct environment_source *source)
{
    json_t *all = json_array();
    char **names = system_folder(source, BLOCK);
    for (int i = 0; names && names[i]; i++) {
        double sectors;
        if (system_number(source, &sectors, BLOCK "/%s/size", names[i]) && sectors > 0.0)
            json_array_append_new(all, disk(source, names[i]));
    }
    system_folder_free(names);
    return all;
}
