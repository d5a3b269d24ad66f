#include "sharing.h"

#include <stdlib.h>

int platform_usable_threads(const struct platform *platform)
{
    return platform->n_threads - platform->n_reserved;
}

static int count_domains(const struct platform *platform)
{
    return platform->n_nodes * platform->n_domains_per_node;
}

/* Hardware threads that the domain could keep at work: one a rank, up to one a vCPU. */
static int demand(const struct platform *platform, int n_ranks)
{
    const bool is_short = platform->n_vcpus > 0 && n_ranks > platform->n_vcpus;
    return is_short ? platform->n_vcpus : n_ranks;
}

static bool is_node_full(const struct platform *platform, const int *n_ranks_in_domain)
{
    long n_wanted = platform->tenants.n_cores;
    for (int i = 0; i < platform->n_domains_per_node; i++)
        n_wanted += demand(platform, n_ranks_in_domain[i]);
    return n_wanted > platform_usable_threads(platform);
}

static enum sharing sharing_of(const struct platform *platform, bool is_node_full, int n_ranks)
{
    if (is_node_full)
        return SHARES_NODE;
    return demand(platform, n_ranks) < n_ranks ? SHARES_DOMAIN : SHARES_NOTHING;
}

enum sharing *platform_sharing(const struct platform *platform)
{
    const size_t n_domains = (size_t)count_domains(platform);
    int *n_ranks = calloc(n_domains, sizeof *n_ranks);
    enum sharing *sharing = calloc(n_domains, sizeof *sharing);

    for (int i = 0; n_ranks && i < platform->n_ranks; i++)
        n_ranks[platform->domain_of_rank[i]]++;
    for (int first = 0; n_ranks && sharing && first < (int)n_domains;
         first += platform->n_domains_per_node) {
        const bool is_full = is_node_full(platform, n_ranks + first);
        for (int i = first; i < first + platform->n_domains_per_node; i++)
            sharing[i] = sharing_of(platform, is_full, n_ranks[i]);
    }
    if (!n_ranks) {
        free(sharing);
        sharing = NULL;
    }
    free(n_ranks);
    return sharing;
}
