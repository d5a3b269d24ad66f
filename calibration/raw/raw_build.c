#include "raw_build.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more item behind `n`: lists double, so that n is where they are full. */
static void *room(void *items, int n, size_t size_B)
{
    if (n > 0 && (n & (n - 1)) != 0)
        return items;
    const size_t capacity = n > 0 ? 2 * (size_t)n : 1;
    void *grown = reallocarray(items, capacity, size_B);
    if (!grown)
        abort();
    return grown;
}

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

static double *copy_numbers(const double *numbers, int n)
{
    double *copy = malloc(sizeof *copy * (size_t)(n > 0 ? n : 1));
    if (!copy)
        abort();
    if (n > 0)
        memcpy(copy, numbers, sizeof *copy * (size_t)n);
    return copy;
}

struct raw *raw_new(const char *path)
{
    struct raw *raw = calloc(1, sizeof *raw);
    if (!raw)
        abort();
    raw->path = copy_text(path);
    raw->environments = json_array();
    return raw;
}

int raw_add_cell(struct raw *raw, const struct raw_cell *cell)
{
    raw->cells = room(raw->cells, raw->n_cells, sizeof *raw->cells);
    raw->cells[raw->n_cells] = *cell;
    raw->cells[raw->n_cells].number = raw->n_cells;
    return raw->n_cells++;
}

int raw_cell_of(struct raw *raw, const struct raw_cell *cell)
{
    for (int i = 0; i < raw->n_cells; i++) {
        if (raw_cell_is_same(&raw->cells[i], cell))
            return i;
    }
    return raw_add_cell(raw, cell);
}

void raw_add_visit(struct raw *raw, const struct raw_visit *visit)
{
    raw->visits = room(raw->visits, raw->n_visits, sizeof *raw->visits);
    struct raw_visit *added = &raw->visits[raw->n_visits++];
    *added = *visit;
    added->times_s = copy_numbers(visit->times_s, visit->n);
}

void raw_add_threshold(struct raw *raw, const struct raw_threshold *threshold)
{
    raw->thresholds = room(raw->thresholds, raw->n_thresholds, sizeof *raw->thresholds);
    struct raw_threshold *added = &raw->thresholds[raw->n_thresholds++];
    *added = *threshold;
    added->kind = copy_text(threshold->kind);
    added->method = copy_text(threshold->method);
}

void raw_add_detours(struct raw *raw, const struct raw_detours *detours)
{
    raw->detours = room(raw->detours, raw->n_detours, sizeof *raw->detours);
    struct raw_detours *added = &raw->detours[raw->n_detours++];
    *added = *detours;
    added->start_s = copy_numbers(detours->start_s, detours->n);
    added->length_s = copy_numbers(detours->length_s, detours->n);
}

void raw_add_remark(struct raw *raw, const struct raw_remark *remark)
{
    raw->remarks = room(raw->remarks, raw->n_remarks, sizeof *raw->remarks);
    struct raw_remark *added = &raw->remarks[raw->n_remarks++];
    *added = *remark;
    added->code = copy_text(remark->code);
    added->text = copy_text(remark->text);
}

int raw_add_launch(struct raw *raw, json_t *text)
{
    raw->launches = room(raw->launches, raw->n_launches, sizeof *raw->launches);
    raw->launches[raw->n_launches] =
        (struct raw_launch){.number = raw->n_launches + 1, .text = text};
    return ++raw->n_launches;
}

void raw_end_launch(struct raw *raw, int launch, const char *end)
{
    struct raw_launch *ended = &raw->launches[launch - 1];
    free((char *)ended->end);
    ended->end = copy_text(end);
}

void raw_free(struct raw *raw)
{
    if (!raw)
        return;
    for (int i = 0; i < raw->n_visits; i++)
        free(raw->visits[i].times_s);
    for (int i = 0; i < raw->n_thresholds; i++) {
        free((char *)raw->thresholds[i].kind);
        free((char *)raw->thresholds[i].method);
    }
    for (int i = 0; i < raw->n_detours; i++) {
        free(raw->detours[i].start_s);
        free(raw->detours[i].length_s);
    }
    for (int i = 0; i < raw->n_remarks; i++) {
        free((char *)raw->remarks[i].code);
        free((char *)raw->remarks[i].text);
    }
    for (int i = 0; i < raw->n_launches; i++) {
        json_decref(raw->launches[i].text);
        free((char *)raw->launches[i].end);
    }
    free(raw->visits);
    free(raw->thresholds);
    free(raw->detours);
    free(raw->remarks);
    free(raw->launches);
    free(raw->cells);
    json_decref(raw->head);
    json_decref(raw->environments);
    free(raw->path);
    free(raw);
}
