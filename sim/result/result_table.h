/*
 * result_table.h - a result for people: the answer in a sentence, then the numbers behind it.
 *
 * Fits a terminal of 80 columns. Numbers have the digits that the model deserves.
 */
#ifndef VHPCSIM_RESULT_TABLE_H
#define VHPCSIM_RESULT_TABLE_H

#include "result.h"

#include <stdio.h>

/* The name of a workload as a sentence has it: "HPL". */
void result_name_print(const char *name, FILE *out);

/*
 * The answer in one sentence: "HPL reaches 81.4 GFLOPS (P10 70.2, P90 92.3), 48 % of native; the
 * largest cost is backend, 43 % of the time." The caller frees it; NULL when out of memory.
 */
char *result_answer(const struct result *result);

/* Prints everything; with `color`, headings and warnings stand out. Returns 0 or -ENOMEM. */
int result_table_print(const struct result *result, bool color, FILE *out);

/* Prints one warning, called a `kind` ("warning", "error"): place, message and, indented, the
 * hint. */
void result_warning_print(const struct warning *warning, const char *kind, bool color, FILE *out);

#endif
