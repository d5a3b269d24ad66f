#include "account.h"

#include <assert.h>
#include <math.h>

void ledger_book(struct ledger *ledger, enum layer layer, double s)
{
    assert(isfinite(s));

    ledger->layer_s[layer] += s;
    ledger->now_s += s;
}

void ledger_book_until(struct ledger *ledger, enum layer layer, double end_s)
{
    if (end_s > ledger->now_s)
        ledger_book(ledger, layer, end_s - ledger->now_s);
}

void ledger_book_compute(struct ledger *ledger, const struct compute_cost *cost, double scale)
{
    ledger_book(ledger, LAYER_COMPUTE, cost->native_s * scale);
    ledger_book(ledger, LAYER_CPU_OVERHEAD, cost->cpu_overhead_s * scale);
    ledger_book(ledger, LAYER_MEMORY_OVERHEAD, cost->memory_overhead_s * scale);
}

void ledger_book_stack(struct ledger *ledger, const struct stack_cost *cost)
{
    ledger_book(ledger, LAYER_NATIVE_STACK, cost->native_s);
    ledger_book(ledger, LAYER_GUEST_STACK, cost->guest_s);
    ledger->exit_s += cost->exit_s;
}

/* Of a duration, what two ways to add it up may differ by. */
static const double rounding = 1e-12;

struct passage passage_of(const struct transfer *transfer, double size_B, double start_s)
{
    const double alone_s = transfer_duration_s(transfer, size_B);
    const double wire_s = fmin(transfer->wire_s, alone_s);
    const double beyond_s = alone_s - wire_s;
    return (struct passage){.start_s = start_s,
                            .backend_s = beyond_s > rounding * alone_s ? beyond_s : 0.0,
                            .wire_s = wire_s};
}

/* Books up to `end_s` what is left; rounding may have moved the ledger past it. */
static void book_rest(struct ledger *ledger, enum layer layer, double end_s)
{
    ledger_book(ledger, layer, end_s - ledger->now_s);
}

void ledger_book_passage(struct ledger *ledger, const struct passage *passage, double end_s)
{
    if (end_s <= ledger->now_s)
        return;
    ledger_book_until(ledger, LAYER_WAIT, fmin(passage->start_s, end_s));

    const double whole_s = end_s - passage->start_s;
    const double seen_s = end_s - ledger->now_s;
    if (seen_s <= 0.0 || whole_s <= 0.0)
        return;
    /* The network may be a rounding faster than the model that feeds it. */
    const double idle_s = fmax(passage->backend_s + passage->wire_s, 0.0);
    const double scale = seen_s / fmax(whole_s, idle_s);
    ledger_book(ledger, LAYER_BACKEND, passage->backend_s * scale);
    ledger_book(ledger, LAYER_WIRE, passage->wire_s * scale);
    book_rest(ledger, LAYER_CONTENTION, end_s);
}

void ledger_book_collective(struct ledger *ledger, double complete_s,
                            const struct stack_cost *stack, const struct passage *typical,
                            double end_s)
{
    ledger_book_until(ledger, LAYER_WAIT, fmin(complete_s, end_s));

    const double rest_s = end_s - ledger->now_s;
    const double whole_s = stack->native_s + stack->guest_s + typical->backend_s + typical->wire_s;
    if (whole_s > 0.0) {
        const double scale = rest_s / whole_s;
        ledger_book(ledger, LAYER_NATIVE_STACK, stack->native_s * scale);
        ledger_book(ledger, LAYER_GUEST_STACK, stack->guest_s * scale);
        ledger->exit_s += stack->exit_s * scale;
        ledger_book(ledger, LAYER_BACKEND, typical->backend_s * scale);
    }
    book_rest(ledger, LAYER_WIRE, end_s);
}

static void add_ledger(const struct ledger *ledger, struct outcome *outcome)
{
    for (int layer = 0; layer < N_LAYERS; layer++)
        outcome->layer_s[layer] += ledger->layer_s[layer];
    outcome->layer_s[LAYER_WAIT] += outcome->elapsed_s - ledger->now_s;
    outcome->n_messages += ledger->traffic.n_sends;
    outcome->message_B += ledger->traffic.sent_B;
    outcome->largest_message_B = fmax(outcome->largest_message_B, ledger->largest_message_B);
}

/* What the guest saves goes back to the hypervisor's account. */
void account_host_cpu(const double layer_s[N_LAYERS], const struct host_use *hosts,
                      double elapsed_s, double cpu_s[N_CPU_DOMAINS])
{
    const double capacity_s = elapsed_s * hosts->n_cores;
    const double overhead_s = layer_s[LAYER_CPU_OVERHEAD] + layer_s[LAYER_MEMORY_OVERHEAD];

    const double stack_s = layer_s[LAYER_NATIVE_STACK] + layer_s[LAYER_GUEST_STACK];
    const double guest_s =
        layer_s[LAYER_COMPUTE] + stack_s + hosts->overlapped_s + layer_s[LAYER_NOISE];
    const double left_s = fmax(0.0, capacity_s - guest_s - overhead_s);
    const double network_s = fmin(hosts->backend_cpu_s, left_s);
    cpu_s[CPU_GUEST] = guest_s - hosts->exit_s;
    cpu_s[CPU_HYPERVISOR] = overhead_s + hosts->exit_s + network_s * hosts->hypervisor_share;
    cpu_s[CPU_BACKEND] = network_s * (1.0 - hosts->hypervisor_share);
    cpu_s[CPU_IDLE] = capacity_s - cpu_s[CPU_GUEST] - cpu_s[CPU_HYPERVISOR] - cpu_s[CPU_BACKEND];
}

void account_close(const struct ledger *const ledgers[], int n_ranks, const struct host_use *hosts,
                   struct outcome *outcome)
{
    assert(n_ranks > 0);

    for (int i = 0; i < n_ranks; i++)
        outcome->elapsed_s = fmax(outcome->elapsed_s, ledgers[i]->now_s);
    struct host_use use = *hosts;
    use.exit_s = use.overlapped_s = 0.0;
    for (int i = 0; i < n_ranks; i++) {
        add_ledger(ledgers[i], outcome);
        use.exit_s += ledgers[i]->exit_s;
        use.overlapped_s += ledgers[i]->overlapped_s;
    }
    account_host_cpu(outcome->layer_s, &use, outcome->elapsed_s, outcome->host_cpu_s);
    for (int layer = 0; layer < N_LAYERS; layer++)
        outcome->layer_s[layer] /= n_ranks;
    outcome->n_ranks = n_ranks;
}

void record_add(struct record *record, double value)
{
    record->min = record->n == 0 ? value : fmin(record->min, value);
    record->max = record->n == 0 ? value : fmax(record->max, value);
    record->sum += value;
    record->n++;
}
