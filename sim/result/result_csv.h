/*
 * result_csv.h - a result's metrics as CSV (RFC 4180): a header, then one row per metric.
 */
#ifndef VHPCSIM_RESULT_CSV_H
#define VHPCSIM_RESULT_CSV_H

#include "result.h"

#include <stdio.h>

/* Columns: metric,unit,p10,p50,p90,mean,central,n. Lines end in CR LF. */
void result_csv_print(const struct result *result, FILE *out);

/* One field, in quotes where it holds a comma, a quote or a line end. */
void csv_field_print(const char *text, FILE *out);

#endif
