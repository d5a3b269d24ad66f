/*
 * raw_build.h - puts together what a raw file says: by its reader, and by readers of other tools'
 * output.
 *
 * All texts and numbers are copied. Without memory these functions end the program: what is
 * measured is small.
 */
#ifndef VHPCSIM_RAW_BUILD_H
#define VHPCSIM_RAW_BUILD_H

#include "raw.h"

/* Nothing measured yet. Belongs to the caller: raw_free(). */
struct raw *raw_new(const char *path);

/* Adds a cell under the next number, which it returns; `cell->number` is not read. */
int raw_add_cell(struct raw *raw, const struct raw_cell *cell);

/* The number of a cell that says the same, which is added where there is none. Takes as long as
 * there are cells. */
int raw_cell_of(struct raw *raw, const struct raw_cell *cell);

void raw_add_visit(struct raw *raw, const struct raw_visit *visit);
void raw_add_threshold(struct raw *raw, const struct raw_threshold *threshold);
void raw_add_detours(struct raw *raw, const struct raw_detours *detours);
void raw_add_remark(struct raw *raw, const struct raw_remark *remark);

/* Adds a launch, whose number is the next; takes over the reference of `text` (NULL: none). */
int raw_add_launch(struct raw *raw, json_t *text);
void raw_end_launch(struct raw *raw, int launch, const char *end);

#endif
