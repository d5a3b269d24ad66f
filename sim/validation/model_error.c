#include "model_error.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

static const char *paper_of(const struct validation *validation, const struct validation_row *row)
{
    return validation_run_of(validation, row)->document->paper;
}

/* A value from which something is to be learnt of the model. */
static bool is_lesson(const struct validation_row *row, bool is_percent)
{
    return row->has_measured && row->scored.counts &&
           row->scored.measured.relation == RELATION_EQUALS &&
           row->scored.measured.is_percent == is_percent;
}

/* The bound of all papers but `paper`; `room` has space for all rows. */
static double bound_without(const struct validation *validation, const char *paper, bool is_percent,
                            double room[])
{
    int n = 0;
    for (int i = 0; i < validation->n_rows; i++) {
        const struct validation_row *row = &validation->rows[i];
        if (is_lesson(row, is_percent) && strcmp(paper_of(validation, row), paper) != 0)
            room[n++] = model_interval_error(&row->scored.measured, row->scored.predicted);
    }
    return model_interval_bound(n, room);
}

static void widen_row(struct validation_row *row, double bound)
{
    struct scored *scored = &row->scored;
    row->model = model_interval_of(&row->predicted, scored->measured.is_percent, bound);
    scored->has_model_interval = !isnan(row->model.lo);
    scored->is_in_model_interval = row->has_measured && scored->has_model_interval &&
                                   score_is_in(&scored->measured, row->model.lo, row->model.hi);
}

/* True when an earlier row is of the same paper and kind. */
static bool has_earlier(const struct validation *validation, int index, int *earlier)
{
    const struct validation_row *row = &validation->rows[index];
    for (*earlier = 0; *earlier < index; ++*earlier) {
        const struct validation_row *other = &validation->rows[*earlier];
        if (other->scored.measured.is_percent == row->scored.measured.is_percent &&
            strcmp(paper_of(validation, other), paper_of(validation, row)) == 0)
            return true;
    }
    return false;
}

int model_error_widen(struct validation *validation)
{
    const size_t n = (size_t)validation->n_rows + 1;
    double *room = calloc(n, sizeof *room), *bounds = calloc(n, sizeof *bounds);
    for (int i = 0; room && bounds && i < validation->n_rows; i++) {
        struct validation_row *row = &validation->rows[i];
        int earlier;
        bounds[i] = has_earlier(validation, i, &earlier)
                        ? bounds[earlier]
                        : bound_without(validation, paper_of(validation, row),
                                        row->scored.measured.is_percent, room);
        widen_row(row, bounds[i]);
    }
    const int status = room && bounds ? 0 : -ENOMEM;
    free(room);
    free(bounds);
    return status;
}

/* Adds the paper of `row` unless it is among them. */
static void add_paper(const struct validation *validation, const struct validation_row *row,
                      struct text_list *papers)
{
    const char *paper = paper_of(validation, row);
    for (int i = 0; i < papers->n; i++)
        if (strcmp(papers->items[i], paper) == 0)
            return;
    papers->items[papers->n++] = paper;
}

int model_error_summarize(const struct validation *validation, struct arena *arena,
                          struct published_error *error)
{
    const size_t n_rows = (size_t)validation->n_rows + 1;
    double *errors = arena_alloc(arena, n_rows * sizeof *errors);
    struct published_error found = {.papers.items =
                                        arena_alloc(arena, n_rows * sizeof *found.papers.items)};
    if (arena->failed)
        return -ENOMEM;
    for (int i = 0; i < validation->n_rows; i++) {
        const struct validation_row *row = &validation->rows[i];
        if (!is_lesson(row, false))
            continue;
        errors[found.n++] = model_interval_error(&row->scored.measured, row->scored.predicted);
        add_paper(validation, row, &found.papers);
    }
    const double bound = model_interval_bound(found.n, errors);
    if (!isfinite(bound))
        return -ENODATA;
    found.p90_factor = exp(bound);
    found.median_factor = exp(gsl_stats_median_from_sorted_data(errors, 1, (size_t)found.n));
    *error = found;
    return 0;
}
