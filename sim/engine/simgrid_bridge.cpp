/*
 * simgrid_bridge.cpp - see simgrid_bridge.h.
 *
 * Every domain is a SimGrid host. Every route has a latency of exactly one second, so that
 * a latency factor is a latency and SimGrid, which weighs flows by the latency of their routes,
 * shares links equally.
 */
#include <algorithm>
#include <cassert>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/kernel/resource/NetworkModelIntf.hpp>
#include <simgrid/s4u.hpp>
#include <smpi/smpi.h>
#include <string>
#include <vector>

extern "C" { /* after SimGrid's own headers, which are C++ */
#include "sim/platform/sharing.h"
#include "simgrid_bridge.h"
}

namespace sg4 = simgrid::s4u;
using Links = std::vector<sg4::LinkInRoute>;
using NetPoint = simgrid::kernel::routing::NetPoint;

namespace
{

constexpr double route_latency_s = 1.0;
constexpr double core_rate = 1.0;   /* a "flop" is one second of one core */
constexpr double disk_rate = 1e9;   /* a "byte" is one nanosecond of a disk: bytes are integers */
constexpr double most_disk_s = 9e9; /* of which 64 bits hold so many */

struct Deadlock : std::exception {
};

/* The one simulation of this process. */
struct Simulation {
    const struct platform *platform;
    struct network network;
    const struct bridge_callbacks *callbacks;
    void *context;
    size_t n_node_links; /* on a route between two nodes, those of the nodes themselves */
    std::vector<sg4::Host *> domains;
    std::vector<sg4::Host *> shared_cores; /* of a rank; null where it has a core to itself */
    std::vector<sg4::ActorPtr> actors;
    std::vector<std::vector<sg4::Link *>> backends; /* of a node, and its bridge between guests */
    std::vector<double> slowdowns;                  /* of a node's backends */
    std::vector<sg4::Disk *> disks;                 /* of a node */
    struct flow_cost last_cost;
};
Simulation simulation;

int domain_number(const sg4::Host *host)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(host->get_data<void>()));
}

/* --- platform -------------------------------------------------------------- */

sg4::Link *make_link(sg4::NetZone *zone, const std::string &name, double bandwidth_Bps,
                     double latency_s)
{
    return zone->create_link(name, bandwidth_Bps)->set_latency(latency_s)->seal();
}

/* Links of one node, in the order in which a message leaves; nothing where there is no limit. */
struct NodeLinks {
    Links out, in;
};

NodeLinks make_node_links(sg4::NetZone *zone, int node)
{
    const struct platform *p = simulation.platform;
    const std::string name = "node" + std::to_string(node);
    const double nic_Bps = network_nic_Bps(&simulation.network);
    NodeLinks links;
    if (p->node.network_bandwidth_Bps.value > 0.0) {
        sg4::Link *bus = make_link(zone, name + ".bus", p->node.network_bandwidth_Bps.value, 0.0);
        links.out.emplace_back(bus);
        links.in.emplace_back(bus);
    }
    links.out.emplace_back(make_link(zone, name + ".out", nic_Bps, route_latency_s));
    links.in.insert(links.in.begin(),
                    sg4::LinkInRoute(make_link(zone, name + ".in", nic_Bps, 0.0)));
    return links;
}

/* Where a guest's way to the network begins and ends: its backend, where it has one. */
void add_backend(NodeLinks &links, sg4::Link *backend)
{
    links.out.insert(links.out.begin(), sg4::LinkInRoute(backend));
    links.in.emplace_back(backend);
}

/*
 * Lets the link's capacity follow its node's slowdown. Its bandwidth stays that of an idle host: a
 * flow could never be faster than the bandwidths that SimGrid saw when it started.
 */
sg4::Link *follow_slowdown(sg4::Link *link, int node_number)
{
    const auto node = static_cast<size_t>(node_number);
    link->set_sharing_policy(sg4::Link::SharingPolicy::NONLINEAR, [node](double capacity_Bps, int) {
        return capacity_Bps / simulation.slowdowns[node];
    });
    simulation.backends[node].push_back(link);
    return link;
}

sg4::Link *make_backend(sg4::NetZone *zone, const std::string &name, int node)
{
    return follow_slowdown(
        make_link(zone, name + ".backend", network_backend_Bps(&simulation.network), 0.0), node);
}

bool has_backend(enum backend_scope scope)
{
    return simulation.platform->virt.backend.scope == scope &&
           std::isfinite(network_backend_Bps(&simulation.network));
}

/* What the guests' backends move together, on cores reserved for them or on all of the host's. */
double all_backends_Bps()
{
    const struct platform *p = simulation.platform;
    return network_backends_Bps(&simulation.network,
                                p->n_reserved > 0 ? p->n_reserved : p->n_threads);
}

/* True where the guests' backends are more than their cores can keep at work. */
bool backends_share_cores()
{
    const struct platform *p = simulation.platform;
    return has_backend(BACKEND_PER_VM) &&
           all_backends_Bps() < network_backend_Bps(&simulation.network) * p->n_domains_per_node;
}

/* Messages through memory are copies: each of the cores makes one of them at a time. */
Links make_copies(sg4::NetZone *zone, const std::string &name, int n_cores)
{
    const double one_Bps = simulation.platform->mpi.local_bandwidth_Bps.value;
    sg4::Link *one = make_link(zone, name + ".copy", one_Bps, route_latency_s);
    one->set_sharing_policy(sg4::Link::SharingPolicy::FATPIPE);
    sg4::Link *all = make_link(zone, name + ".copies", one_Bps * n_cores, 0.0);
    return {sg4::LinkInRoute(one), sg4::LinkInRoute(all)};
}

void connect_to_itself(sg4::NetZone *zone, const sg4::Host *host)
{
    zone->add_route(host->get_netpoint(), host->get_netpoint(), nullptr, nullptr,
                    make_copies(zone, host->get_name(), host->get_core_count()), false);
}

sg4::Host *make_domain(sg4::NetZone *zone, int domain)
{
    const struct platform *p = simulation.platform;
    const std::string name = "domain" + std::to_string(domain);
    sg4::Host *host = zone->create_host(name, core_rate);
    host->set_core_count(std::max(1, p->n_vcpus > 0 ? p->n_vcpus : p->n_threads));
    host->set_data(reinterpret_cast<void *>(static_cast<std::intptr_t>(domain)));
    host->seal();
    connect_to_itself(zone, host);
    simulation.domains[static_cast<size_t>(domain)] = host;
    return host;
}

/* Guests of a node reach each other over its bridge, or through its memory. */
Links make_bridge(sg4::NetZone *zone, int node)
{
    const std::string name = "node" + std::to_string(node);
    if (simulation.platform->virt.same_host.via == SAME_HOST_SHARED_MEMORY)
        return make_copies(zone, name, simulation.platform->n_threads);
    sg4::Link *bridge = make_link(zone, name + ".bridge",
                                  network_same_host_Bps(&simulation.network), route_latency_s);
    return {sg4::LinkInRoute(follow_slowdown(bridge, node))};
}

void connect_guests(sg4::NetZone *zone, int node, const std::vector<sg4::Host *> &guests)
{
    if (guests.size() < 2)
        return;
    const Links bridge = make_bridge(zone, node);
    for (sg4::Host *guest : guests)
        for (sg4::Host *other : guests)
            if (other != guest)
                zone->add_route(guest->get_netpoint(), other->get_netpoint(), nullptr, nullptr,
                                bridge, false);
}

/* Everything else they reach through their backends and the node's links. */
void connect_to_network(sg4::NetZone *zone, int node, const std::vector<sg4::Host *> &guests,
                        NetPoint *gateway)
{
    const NodeLinks shared = make_node_links(zone, node);
    sg4::Link *node_backend = has_backend(BACKEND_PER_NODE)
                                  ? make_backend(zone, "node" + std::to_string(node), node)
                                  : nullptr;
    sg4::Link *cores =
        backends_share_cores()
            ? follow_slowdown(make_link(zone, "node" + std::to_string(node) + ".cores",
                                        all_backends_Bps(), 0.0),
                              node)
            : nullptr;
    for (sg4::Host *guest : guests) {
        NodeLinks links = shared;
        if (cores)
            add_backend(links, cores);
        if (node_backend)
            add_backend(links, node_backend);
        else if (has_backend(BACKEND_PER_VM))
            add_backend(links, make_backend(zone, guest->get_name(), node));
        zone->add_route(guest->get_netpoint(), gateway, nullptr, nullptr, links.out, false);
        zone->add_route(gateway, guest->get_netpoint(), nullptr, nullptr, links.in, false);
    }
}

struct Attachment {
    NetPoint *point;
    NetPoint *gateway; /* null where the point is a host or a router */
};

/* A node as a zone of its own, with its links inside. */
Attachment make_node_zone(sg4::NetZone *parent, int node)
{
    const int n_guests = simulation.platform->n_domains_per_node;
    const std::string name = "node" + std::to_string(node);
    sg4::NetZone *zone = sg4::create_full_zone(name);
    zone->set_parent(parent);
    NetPoint *gateway = zone->create_router(name + ".switch");
    std::vector<sg4::Host *> guests;
    for (int guest = 0; guest < n_guests; guest++)
        guests.push_back(make_domain(zone, node * n_guests + guest));
    connect_guests(zone, node, guests);
    connect_to_network(zone, node, guests, gateway);
    zone->seal();
    return {zone->get_netpoint(), gateway};
}

/* A node with one domain needs no zone of its own in a star, which makes routes quicker to find. */
void make_bare_node(sg4::NetZone *star, int node)
{
    sg4::Host *host = make_domain(star, node);
    NodeLinks links = make_node_links(star, node);
    if (has_backend(BACKEND_PER_NODE) || has_backend(BACKEND_PER_VM))
        add_backend(links, make_backend(star, host->get_name(), node));
    star->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, links.out, false);
    star->add_route(nullptr, host->get_netpoint(), nullptr, nullptr, links.in, false);
}

/* Nodes first..last-1 on one switch. */
void fill_switch(sg4::NetZone *star, int first, int last)
{
    for (int node = first; node < last; node++) {
        if (simulation.platform->n_domains_per_node == 1) {
            make_bare_node(star, node);
            continue;
        }
        const Attachment at = make_node_zone(star, node);
        star->add_route(at.point, nullptr, at.gateway, nullptr, Links(), false);
        star->add_route(nullptr, at.point, nullptr, at.gateway, Links(), false);
    }
}

sg4::NetZone *make_tree()
{
    const struct platform *p = simulation.platform;
    const int n_per_switch = p->topology.n_nodes_per_switch;
    const double uplink_Bps =
        network_wire_Bps(&p->link) * n_per_switch / p->topology.oversubscription;
    sg4::NetZone *core = sg4::create_star_zone("core");
    for (int first = 0; first < p->n_nodes; first += n_per_switch) {
        const std::string name = "edge" + std::to_string(first / n_per_switch);
        sg4::NetZone *edge = sg4::create_star_zone(name);
        edge->set_parent(core);
        NetPoint *gateway = edge->create_router(name + ".switch");
        edge->add_route(gateway, nullptr, nullptr, nullptr, Links(), false);
        edge->add_route(nullptr, gateway, nullptr, nullptr, Links(), false);
        fill_switch(edge, first, std::min(first + n_per_switch, p->n_nodes));
        edge->seal();
        const sg4::LinkInRoute up(make_link(core, name + ".up", uplink_Bps, 0.0));
        const sg4::LinkInRoute down(make_link(core, name + ".down", uplink_Bps, 0.0));
        core->add_route(edge->get_netpoint(), nullptr, gateway, nullptr, {up}, false);
        core->add_route(nullptr, edge->get_netpoint(), nullptr, gateway, {down}, false);
    }
    return core;
}

std::vector<unsigned> as_unsigned(const int values[], int n)
{
    return std::vector<unsigned>(values, values + n);
}

/* SimGrid's own regular topologies; places without a node get a router that nobody uses. */
sg4::NetZone *make_regular()
{
    const struct topology *t = &simulation.platform->topology;
    const double wire_Bps = network_wire_Bps(&simulation.platform->link);
    const auto duplex = sg4::Link::SharingPolicy::SPLITDUPLEX;
    const sg4::ClusterCallbacks nodes([](sg4::NetZone *zone, const std::vector<unsigned long> &,
                                         unsigned long id) -> std::pair<NetPoint *, NetPoint *> {
        if (id >= static_cast<unsigned long>(simulation.platform->n_nodes))
            return {zone->create_router("vacant" + std::to_string(id)), nullptr};
        const Attachment at = make_node_zone(zone, static_cast<int>(id));
        return {at.point, at.gateway};
    });
    const auto n = static_cast<size_t>(t->n_dimensions);
    if (t->kind == TOPOLOGY_TORUS)
        return sg4::create_torus_zone("torus", nullptr,
                                      std::vector<unsigned long>(t->down, t->down + n), nodes,
                                      wire_Bps, 0.0, duplex);
    if (t->kind == TOPOLOGY_FAT_TREE)
        return sg4::create_fatTree_zone(
            "fat tree", nullptr,
            sg4::FatTreeParams(static_cast<unsigned>(n), as_unsigned(t->down, t->n_dimensions),
                               as_unsigned(t->up, t->n_dimensions),
                               as_unsigned(t->parallel, t->n_dimensions)),
            nodes, wire_Bps, 0.0, duplex);
    assert(t->n_groups <= topology_most_groups(t));
    return sg4::create_dragonfly_zone(
        "dragonfly", nullptr,
        sg4::DragonflyParams({t->n_groups, 1}, {t->n_chassis, 1}, {t->n_routers, 1},
                             static_cast<unsigned>(t->n_nodes_per_router)),
        nodes, wire_Bps, 0.0, duplex);
}

sg4::NetZone *make_network()
{
    const struct platform *p = simulation.platform;
    if (p->topology.kind == TOPOLOGY_TREE)
        return make_tree();
    if (p->topology.kind != TOPOLOGY_SWITCH)
        return make_regular();
    sg4::NetZone *star = sg4::create_star_zone("switch");
    fill_switch(star, 0, p->n_nodes);
    return star;
}

/* --- costs ------------------------------------------------------------------- */

/* SimGrid asks for the bandwidth factor of a starting flow first, then for the latency factor. */
double bandwidth_factor(double size_B, const sg4::Host *from, const sg4::Host *to,
                        const std::vector<sg4::Link *> &links,
                        const std::unordered_set<sg4::NetZone *> &)
{
    const int n_switch_links =
        static_cast<int>(links.size()) - static_cast<int>(simulation.n_node_links);
    simulation.last_cost =
        simulation.callbacks->flow_cost(simulation.context, domain_number(from), domain_number(to),
                                        size_B, std::max(0, n_switch_links));
    return simulation.last_cost.rate_factor;
}

double latency_factor(double, const sg4::Host *, const sg4::Host *,
                      const std::vector<sg4::Link *> &, const std::unordered_set<sg4::NetZone *> &)
{
    return simulation.last_cost.latency_s / route_latency_s;
}

void register_costs(const sg4::Engine &engine)
{
    for (auto *model : engine.get_all_models())
        if (auto *network = dynamic_cast<simgrid::kernel::resource::NetworkModelIntf *>(model)) {
            network->set_bw_factor_cb(bandwidth_factor);
            network->set_lat_factor_cb(latency_factor);
        }
    const auto send = [](size_t size_B, sg4::Host *from, sg4::Host *to) {
        return simulation.callbacks->send_cost_s(simulation.context, domain_number(from),
                                                 domain_number(to), static_cast<double>(size_B));
    };
    smpi_register_op_cost_callback(SmpiOperation::SEND, send);
    smpi_register_op_cost_callback(SmpiOperation::ISEND, send);
    smpi_register_op_cost_callback(SmpiOperation::RECV, [](size_t size_B, sg4::Host *from,
                                                           sg4::Host *to) {
        return simulation.callbacks->recv_cost_s(simulation.context, domain_number(from),
                                                 domain_number(to), static_cast<double>(size_B));
    });
}

/* --- run ------------------------------------------------------------------------ */

/* Everything that SimGrid would add of its own is off: costs come from the callbacks alone. */
std::vector<std::string> settings(const char *smpi_selector)
{
    const std::string eager = std::to_string(
        static_cast<int>(std::min(bridge_eager_threshold_B(simulation.platform) + 1.0,
                                  1.0 * INT_MAX))); /* and more: rendezvous */
    std::vector<std::string> all = {"vhpcsim",
                                    "--log=root.thresh:error",
                                    "--cfg=network/model:CM02",
                                    "--cfg=network/crosstraffic:no",
                                    "--cfg=network/TCP-gamma:1e300",
                                    "--cfg=contexts/stack-size:1024",
                                    "--cfg=debug/verbose-exit:no",
                                    "--cfg=smpi/simulate-computation:no",
                                    "--cfg=smpi/host-speed:1f",
                                    "--cfg=smpi/send-is-detached-thresh:" + eager};
    if (smpi_selector)
        all.push_back(std::string("--cfg=smpi/coll-selector:") + smpi_selector);
    return all;
}

/* One actor with a thread for each, as there may be thousands; they never end what they compute. */
void start_tenants(sg4::Host *cores)
{
    constexpr double endless_s = 1e15;
    const int n = simulation.platform->tenants.n_cores;
    if (n > 0)
        sg4::Actor::create("tenants", cores, [cores, n] {
            sg4::this_actor::thread_execute(cores, endless_s, n);
        })->daemonize();
}

/* Ranks that take turns share a host that stands for their cores alone. */
void make_shared_cores(sg4::NetZone *root, int n_ranks)
{
    const struct platform *p = simulation.platform;
    const std::unique_ptr<enum sharing, decltype(&std::free)> sharing(platform_sharing(p),
                                                                      std::free);
    if (!sharing)
        throw std::bad_alloc();
    const auto make = [root](const std::string &name, int n_cores) {
        return root->create_host(name, core_rate)->set_core_count(n_cores)->seal();
    };
    std::vector<sg4::Host *> of_node(static_cast<size_t>(p->n_nodes), nullptr);
    std::vector<sg4::Host *> of_domain(simulation.domains.size(), nullptr);
    simulation.shared_cores.assign(static_cast<size_t>(n_ranks), nullptr);
    for (int rank = 0; rank < n_ranks; rank++) {
        const auto domain = static_cast<size_t>(p->domain_of_rank[rank]);
        const auto node = static_cast<size_t>(platform_node_of_rank(p, rank));
        sg4::Host *&host = simulation.shared_cores[static_cast<size_t>(rank)];
        if (sharing.get()[domain] == SHARES_NODE) {
            if (!of_node[node]) {
                of_node[node] = make("cores" + std::to_string(node), platform_usable_threads(p));
                start_tenants(of_node[node]);
            }
            host = of_node[node];
        } else if (sharing.get()[domain] == SHARES_DOMAIN) {
            if (!of_domain[domain])
                of_domain[domain] = make("vcpus" + std::to_string(domain), p->n_vcpus);
            host = of_domain[domain];
        }
    }
}

/* They hang on the first domain of each node, as SimGrid wants a host; the others use them too. */
void make_disks()
{
    const struct platform *p = simulation.platform;
    for (int node = 0; node <= p->n_nodes; node++) {
        const int at = node < p->n_nodes ? node : 0; /* where the server's hangs does not matter */
        sg4::Host *host = simulation.domains[static_cast<size_t>(at * p->n_domains_per_node)];
        simulation.disks.push_back(
            host->create_disk("disk" + std::to_string(node), disk_rate, disk_rate)->seal());
    }
}

void start_ranks(int n_ranks)
{
    for (int rank = 0; rank < n_ranks; rank++) {
        const auto domain = static_cast<size_t>(simulation.platform->domain_of_rank[rank]);
        sg4::ActorPtr actor =
            sg4::Actor::init("rank" + std::to_string(rank), simulation.domains[domain]);
        simulation.actors.push_back(actor);
        actor->start([rank] { simulation.callbacks->rank_main(simulation.context, rank); });
    }
}

void run(int n_ranks, const char *smpi_selector)
{
    std::vector<std::string> arguments = settings(smpi_selector);
    std::vector<char *> argv;
    for (std::string &argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    int argc = static_cast<int>(arguments.size());
    smpi_init_options(); /* makes SMPI's settings known */
    sg4::Engine engine(&argc, argv.data());

    simulation.domains.resize(static_cast<size_t>(simulation.platform->n_nodes) *
                              static_cast<size_t>(simulation.platform->n_domains_per_node));
    simulation.backends.resize(static_cast<size_t>(simulation.platform->n_nodes));
    simulation.slowdowns.assign(static_cast<size_t>(simulation.platform->n_nodes), 1.0);
    sg4::NetZone *root = make_network();
    make_shared_cores(root, n_ranks);
    make_disks();
    root->seal();
    register_costs(engine);
    start_ranks(n_ranks);
    SMPI_init(); /* after the ranks: what SMPI adds to actors is for collectives' helpers alone */
    sg4::Engine::on_deadlock_cb([] {
        simulation.callbacks->deadlock(simulation.context);
        throw Deadlock();
    });
    engine.run();
}

} // namespace

double bridge_eager_threshold_B(const struct platform *platform)
{
    const int last = platform->n_nodes * platform->n_domains_per_node - 1;
    return network_eager_threshold_B(&platform->mpi, platform_path(platform, 0, last));
}

int bridge_run(const struct platform *platform, int n_ranks, const char *smpi_selector,
               const struct bridge_callbacks *callbacks, void *context, char *error,
               size_t error_size)
{
    simulation = Simulation();
    simulation.platform = platform;
    simulation.network = platform_network(platform);
    simulation.callbacks = callbacks;
    simulation.context = context;
    const size_t n_backends = std::isfinite(network_backend_Bps(&simulation.network)) ? 2 : 0;
    const size_t n_cores = backends_share_cores() ? 2 : 0;
    const size_t n_buses = platform->node.network_bandwidth_Bps.value > 0.0 ? 2 : 0;
    /* In these two the node's cable is a link of the topology too. */
    const bool has_cables = platform->topology.kind == TOPOLOGY_FAT_TREE ||
                            platform->topology.kind == TOPOLOGY_DRAGONFLY;
    simulation.n_node_links = 2 + n_buses + n_backends + n_cores + (has_cables ? 2 : 0);
    try {
        run(n_ranks, smpi_selector);
        return 0;
    } catch (const Deadlock &) {
        return -EDEADLK;
    } catch (const std::exception &exception) {
        std::snprintf(error, error_size, "SimGrid: %s", exception.what());
        return -EIO;
    }
}

void bridge_spawn(int rank, const char *instance, int position, void (*code)(void *argument),
                  void *argument)
{
    const auto domain = static_cast<size_t>(simulation.platform->domain_of_rank[rank]);
    sg4::ActorPtr helper = sg4::Actor::init("helper", simulation.domains[domain]);
    helper->set_property("instance_id", instance);
    helper->set_property("rank", std::to_string(position));
    helper->daemonize();
    helper->start([code, argument] { code(argument); });
}

sg_host_t bridge_shared_cores(int rank)
{
    return simulation.shared_cores[static_cast<size_t>(rank)];
}

void bridge_use_disk(int node, double service_s)
{
    assert(service_s >= 0.0 && service_s < most_disk_s);
    if (service_s * disk_rate < 0.5)
        return;
    simulation.disks[static_cast<size_t>(node)]->read(
        static_cast<sg_size_t>(std::llround(service_s * disk_rate)));
}

void bridge_slow_backends(int node_number, double slowdown)
{
    const auto node = static_cast<size_t>(node_number);
    simulation.slowdowns[node] = slowdown;
    for (sg4::Link *backend : simulation.backends[node])
        backend->set_bandwidth(backend->get_bandwidth()); /* makes SimGrid share it anew */
}

sg_mailbox_t bridge_place_new(int receiver)
{
    static int n_places = 0;
    sg4::Mailbox *place = sg4::Mailbox::by_name("place" + std::to_string(n_places++));
    if (receiver >= 0)
        place->set_receiver(simulation.actors[static_cast<size_t>(receiver)]);
    return place;
}

void bridge_flow_cancel(sg_comm_t flow)
{
    flow->cancel();
    flow->unref();
}

bool bridge_flow_is_over(sg_comm_t flow)
{
    return flow->test();
}
