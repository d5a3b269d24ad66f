/*
 * environment_ethtool.c - what a network interface says of itself only when asked (ethtool's
 * ioctl): which work it takes off the processor, and how long it waits before it interrupts.
 */
#include "environment_part.h"
#include "system_file.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>

static bool ask(int socket, const char *interface, void *question)
{
    struct ifreq request = {.ifr_data = question};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", interface);
    return ioctl(socket, SIOCETHTOOL, &request) == 0;
}

static json_t *offloads(int socket, const char *interface)
{
    static const struct {
        unsigned command;
        const char *name;
    } features[] = {
        {ETHTOOL_GTXCSUM, "send_checksum"}, {ETHTOOL_GRXCSUM, "receive_checksum"},
        {ETHTOOL_GSG, "scatter_gather"},    {ETHTOOL_GTSO, "tcp_segmentation"},
        {ETHTOOL_GGSO, "segmentation"},     {ETHTOOL_GGRO, "receive_merging"},
    };
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        struct ethtool_value value = {.cmd = features[i].command};
        if (ask(socket, interface, &value))
            json_object_set_new(all, features[i].name, json_boolean(value.data != 0));
    }
    return all;
}

static void put_interrupt_delay(json_t *network, int socket, const char *interface)
{
    struct ethtool_coalesce wait = {.cmd = ETHTOOL_GCOALESCE};
    if (!ask(socket, interface, &wait))
        return;
    json_object_set_new(network, "interrupt_delay",
                        json_pack("{s:f, s:i, s:b}", "receive_s",
                                  1e-6 * (double)wait.rx_coalesce_usecs, "receive_frames",
                                  (int)wait.rx_max_coalesced_frames, "adaptive",
                                  wait.use_adaptive_rx_coalesce != 0));
}

void ethtool_ask(const char *interface, json_t *network)
{
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0)
        return;
    struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
    if (ask(any, interface, &driver)) {
        char text[sizeof driver.driver + 1] = "";
        memcpy(text, driver.driver, sizeof driver.driver);
        if (!json_object_get(network, "driver") && text[0])
            put_string(network, "driver", text);
        memcpy(text, driver.version, sizeof driver.version);
        put_string(network, "driver_version", text);
    }
    json_object_set_new(network, "offloads", offloads(any, interface));
    put_interrupt_delay(network, any, interface);
    close(any);
}
