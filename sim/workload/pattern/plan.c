#include "plan.h"

#include "sim/input/diagnostic.h"
#include "sim/input/field_describe.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* An hour of simulation, at some 3e5 operations a second; longer patterns show nothing new. */
static const double max_operations = 1e9;

/* Values of all tables: 16 MB. */
enum { MAX_TABLE_VALUES = 2000000 };

enum { MAX_PATH_B = 256 };

/* The phase at hand while the tree is made. */
struct builder {
    struct pattern_plan *plan;
    struct pattern_check check;
    struct scope scope;
    long n_passes;       /* of the innermost repetition around it */
    double n_executions; /* of the phase in the whole walk */
    double n_operations; /* of all phases so far */
    uint64_t names;      /* of those around it */
};

/* --- names ----------------------------------------------------------------------------------- */

/* Number of `name`, which is added if it is new; `n` when there is no room. */
static int name_number(const char *name, int *n, const char *names[PATTERN_MAX_NAMES])
{
    int i = 0;
    while (i < *n && strcmp(names[i], name) != 0)
        i++;
    if (i == *n && i < PATTERN_MAX_NAMES)
        names[(*n)++] = name;
    return i;
}

static void collect_names(const struct variant_list *phases, int *n,
                          const char *names[PATTERN_MAX_NAMES])
{
    for (int i = 0; i < phases->n; i++) {
        const struct pattern_kind *kind = phases->values[i].row;
        const struct phase_common *common = phases->values[i].spec;
        if (common->name[0] != '\0')
            name_number(common->name, n, names);
        if (kind->is_compound)
            collect_names(&((const struct compound *)phases->values[i].spec)->phases, n, names);
    }
}

int pattern_names(const struct pattern_spec *spec, const char *names[PATTERN_MAX_NAMES])
{
    int n = 0;
    collect_names(&spec->phases, &n, names);
    return n;
}

static bool have_disk(const struct variant_list *phases)
{
    for (int i = 0; i < phases->n; i++) {
        const struct pattern_kind *kind = phases->values[i].row;
        const struct compound *compound = phases->values[i].spec;
        if (kind->uses_disk || (kind->is_compound && have_disk(&compound->phases)))
            return true;
    }
    return false;
}

bool pattern_uses_disk(const struct pattern_spec *spec)
{
    return have_disk(&spec->phases);
}

static bool is_word(const char *name)
{
    const size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n <= PATTERN_MAX_NAME_B && name[n] == '\0';
}

static void check_name(struct builder *builder, const char *name)
{
    struct pattern_plan *plan = builder->plan;
    if (name[0] == '\0')
        return;
    if (!is_word(name)) {
        pattern_refuse(&builder->check, "name", "such as exchange or step_2",
                       "a name is a word of at most %d lower-case letters, digits and _",
                       PATTERN_MAX_NAME_B);
        return;
    }
    const int number = name_number(name, &plan->n_names, plan->names);
    if (number == PATTERN_MAX_NAMES)
        pattern_refuse(&builder->check, "name", "leave some out", "there are more than %d names",
                       PATTERN_MAX_NAMES);
    else
        builder->names |= UINT64_C(1) << number;
}

/* --- expressions ----------------------------------------------------------------------------- */

/* "with i = 3, p = 8, n = 4096" */
static void describe_scope(const struct builder *builder, const struct expression *expression,
                           long step, char text[200])
{
    const struct scope *scope = &builder->scope;
    int length = expression->uses_step ? snprintf(text, 200, "with i = %ld", step)
                                       : snprintf(text, 200, "with");
    for (int i = 0; i < scope->n && length < 200; i++)
        length +=
            snprintf(text + length, 200 - (size_t)length, "%s %s = %.10g",
                     i > 0 || expression->uses_step ? "," : "", scope->names[i], scope->values[i]);
}

static void refuse_value(struct builder *builder, const struct field *field,
                         const struct expression *expression, long step, double value)
{
    char with[200], range[FIELD_TEXT_B], hint[FIELD_TEXT_B + 64], text[QUANTITY_TEXT_B];
    describe_scope(builder, expression, step, with);
    field_describe_range(field, range);
    unit_format(field->dimension, value, text);
    snprintf(hint, sizeof hint, "%s must be %s%s", field->key, range[0] ? range : "a finite number",
             isfinite(value) && field_allows(field, value)
                 ? ", and whole: round with floor() or ceil()"
                 : "");
    pattern_refuse(&builder->check, field->key, hint, "%s is %s %s", field->key,
                   isnan(value)   ? "not a number"
                   : isinf(value) ? "infinite"
                                  : text,
                   with);
}

/* Plain numbers count something. */
static bool is_good(const struct field *field, double value)
{
    const bool is_whole = field->dimension != DIMENSION_NONE || value == floor(value);
    return isfinite(value) && field_allows(field, value) && is_whole;
}

/* Room for the values of an expression in `n` steps; NULL after a report or without memory. */
static double *new_table(struct builder *builder, const struct field *field, long n)
{
    struct pattern_plan *plan = builder->plan;
    plan->n_table_values += (size_t)n;
    if (plan->n_table_values <= MAX_TABLE_VALUES)
        return arena_alloc(&plan->arena, (size_t)n * sizeof(double));
    pattern_refuse(&builder->check, field->key, "repeat less often, or leave i out of sizes",
                   "expressions with i would take %.3g values: at most %d can be kept",
                   (double)plan->n_table_values, MAX_TABLE_VALUES);
    return NULL;
}

static void complete_expression(struct builder *builder, const struct field *field,
                                struct expression *expression)
{
    const long n = expression->uses_step ? builder->n_passes : 1;
    double *values = expression->uses_step ? new_table(builder, field, n) : &expression->value;
    if (!values)
        return;
    expression_evaluate(expression, &builder->scope, n, values);
    for (long i = 0; i < n; i++)
        if (!is_good(field, values[i])) {
            refuse_value(builder, field, expression, i, values[i]);
            return;
        }
    if (expression->uses_step)
        expression->by_step = values;
}

static void complete_expressions(struct builder *builder, const struct field fields[], void *spec)
{
    for (const struct field *field = fields; field->key; field++)
        if (field->kind == FIELD_EXPRESSION)
            complete_expression(builder, field, (void *)((char *)spec + field->offset));
}

static void declare_variables(struct builder *builder, const struct variables *variables)
{
    static const struct field row = {.kind = FIELD_EXPRESSION};
    scope_set(&builder->scope, scope_ranks, builder->check.n_ranks);
    for (int i = 0; i < variables->n; i++) {
        const struct variable *variable = &variables->items[i];
        double value;
        expression_evaluate(&variable->expression, &builder->scope, 1, &value);
        struct field field = row;
        field.key = variable->name;
        if (!isfinite(value)) {
            refuse_value(builder, &field, &variable->expression, 0, value);
            return;
        }
        scope_set(&builder->scope, variable->name, value);
    }
}

/* --- the tree -------------------------------------------------------------------------------- */

static int count_nodes(const struct variant_list *phases)
{
    int n = phases->n;
    for (int i = 0; i < phases->n; i++)
        if (((const struct pattern_kind *)phases->values[i].row)->is_compound)
            n += count_nodes(&((const struct compound *)phases->values[i].spec)->phases);
    return n;
}

static bool uses_step(const struct field fields[], const void *spec)
{
    for (const struct field *field = fields; field->key; field++)
        if (field->kind == FIELD_EXPRESSION &&
            ((const struct expression *)((const char *)spec + field->offset))->uses_step)
            return true;
    return false;
}

/* Adds what one execution of the phase makes, on average over the passes, times executions. */
static void count_operations(struct builder *builder, const struct pattern_kind *kind,
                             const void *spec)
{
    const long n = builder->check.n_passes;
    double sum = 0.0;
    for (long i = 0; i < n; i++)
        sum += kind->operations(spec, builder->check.n_ranks, i);
    builder->n_operations += builder->n_executions * (sum / (double)n);
}

static long add_phases(struct builder *builder, const struct variant_list *phases);

static void add_leaf(struct builder *builder, struct pattern_node *node)
{
    struct pattern_check *check = &builder->check;
    const bool had_failed = check->has_failed;
    check->has_failed = false;
    complete_expressions(builder, node->kind->fields, node->spec);
    check->n_passes = uses_step(node->kind->fields, node->spec) ? builder->n_passes : 1;
    if (!check->has_failed && node->kind->complete)
        node->kind->complete(node->spec, check);
    if (!check->has_failed)
        count_operations(builder, node->kind, node->spec);
    check->has_failed |= had_failed;
    node->times = 1;
    node->n_steps = 1;
}

/* How often the phases of the compound are walked; 1 after a report. */
static long complete_times(struct builder *builder, const struct pattern_kind *kind,
                           struct compound *compound)
{
    const struct field *field = field_find(kind->fields, "times");
    if (!field)
        return 1;
    if (compound->times.uses_step) {
        pattern_refuse(&builder->check, "times", "i is the pass of the repetition around this one",
                       "the number of passes cannot depend on i");
        return 1;
    }
    complete_expression(builder, field, &compound->times);
    return is_good(field, compound->times.value) ? (long)compound->times.value : 1;
}

/* What is too long for `long` is refused all the same, by its operations. */
static long bounded_product(long a, long b)
{
    long product;
    return __builtin_mul_overflow(a, b, &product) ? LONG_MAX : product;
}

static long bounded_sum(long a, long b)
{
    long sum;
    return __builtin_add_overflow(a, b, &sum) ? LONG_MAX : sum;
}

static void add_compound(struct builder *builder, struct pattern_node *node)
{
    struct compound *compound = node->spec;
    struct builder inner = *builder;
    node->counts = field_find(node->kind->fields, "times") != NULL;
    node->times = complete_times(&inner, node->kind, compound);
    if (node->counts)
        inner.n_passes = node->times;
    inner.n_executions *= (double)node->times;
    node->n_steps = bounded_product(node->times, add_phases(&inner, &compound->phases));
    builder->n_operations = inner.n_operations;
    builder->check.has_failed |= inner.check.has_failed;
}

static void add_phase(struct builder *outer, const struct variant_value *value, const char *path)
{
    struct pattern_plan *plan = outer->plan;
    struct pattern_node *node = &plan->nodes[plan->n_nodes++];
    struct builder builder = *outer;
    builder.check.path = path;
    node->kind = value->row;
    node->spec = arena_alloc(&plan->arena, node->kind->spec_size);
    if (!node->spec)
        return;
    memcpy(node->spec, value->spec, node->kind->spec_size);
    check_name(&builder, ((const struct phase_common *)node->spec)->name);
    node->names = builder.names;
    if (node->kind->is_compound)
        add_compound(&builder, node);
    else
        add_leaf(&builder, node);
    node->end = plan->n_nodes;
    outer->n_operations = builder.n_operations;
    outer->check.has_failed |= builder.check.has_failed;
}

/* Returns the steps of one walk through them. */
static long add_phases(struct builder *builder, const struct variant_list *phases)
{
    struct pattern_plan *plan = builder->plan;
    long n_steps = 0;
    for (int i = 0; i < phases->n && !plan->arena.failed; i++) {
        char path[MAX_PATH_B];
        snprintf(path, sizeof path, "%s.phases.%d", builder->check.path, i);
        const int node = plan->n_nodes;
        add_phase(builder, &phases->values[i], path);
        n_steps = bounded_sum(n_steps, plan->nodes[node].n_steps);
    }
    return n_steps;
}

static void add_program_phases(struct pattern_plan *plan)
{
    for (int i = 1; i < plan->n_nodes; i++) {
        const struct phase_common *common = plan->nodes[i].spec;
        plan->phases[i].name = common->name[0] ? common->name : plan->nodes[i].kind->name;
    }
}

static void build(struct builder *builder, const struct pattern_spec *spec)
{
    struct pattern_plan *plan = builder->plan;
    struct pattern_node *root = &plan->nodes[plan->n_nodes++];
    root->times = 1;
    builder->check.path = "workload.let";
    declare_variables(builder, &spec->let);
    if (builder->check.has_failed)
        return;
    builder->check.path = "workload";
    root->n_steps = add_phases(builder, &spec->phases);
    root->end = plan->n_nodes;
    if (!builder->check.has_failed && !(builder->n_operations <= max_operations))
        pattern_refuse(&builder->check, "phases", "repeat less often, or take fewer ranks or tasks",
                       "all ranks together would make %.10g messages, calls and pieces of work: at "
                       "most %.0f can be simulated",
                       builder->n_operations, max_operations);
}

int pattern_plan_init(struct pattern_plan *plan, const struct pattern_spec *spec, int n_ranks,
                      const struct storage *storage, struct diagnostics *diagnostics)
{
    const size_t n_nodes = (size_t)count_nodes(&spec->phases) + 1;
    *plan = (struct pattern_plan){.n_ranks = n_ranks, .seed = (uint64_t)spec->seed};
    struct builder builder = {
        .plan = plan,
        .check = {.diagnostics = diagnostics, .storage = storage, .n_ranks = n_ranks},
        .n_passes = 1,
        .n_executions = 1.0};
    plan->nodes = arena_alloc(&plan->arena, n_nodes * sizeof *plan->nodes);
    plan->phases = arena_alloc(&plan->arena, n_nodes * sizeof *plan->phases);
    if (!plan->nodes || !plan->phases)
        return -ENOMEM;
    build(&builder, spec);
    if (plan->arena.failed)
        return -ENOMEM;
    if (builder.check.has_failed)
        return -EINVAL;
    add_program_phases(plan);
    return 0;
}

void pattern_plan_release(struct pattern_plan *plan)
{
    arena_release(&plan->arena);
    *plan = (struct pattern_plan){0};
}

struct pattern_step pattern_plan_step(const struct pattern_plan *plan, long index)
{
    struct pattern_step step = {0, 0};
    assert(index >= 0 && index < plan->nodes[0].n_steps);
    while (step.node == 0 || plan->nodes[step.node].kind->is_compound) {
        const struct pattern_node *node = &plan->nodes[step.node];
        const long n_pass_steps = node->n_steps / node->times;
        if (node->counts)
            step.pass = index / n_pass_steps;
        index %= n_pass_steps;
        step.node++;
        while (index >= plan->nodes[step.node].n_steps) {
            index -= plan->nodes[step.node].n_steps;
            step.node = plan->nodes[step.node].end;
        }
    }
    return step;
}
