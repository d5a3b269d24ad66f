/*
 * validate_table.h - a validation for people: every value beside its prediction, then how good they
 * are by paper.
 */
#ifndef VHPCSIM_VALIDATE_TABLE_H
#define VHPCSIM_VALIDATE_TABLE_H

#include "validate.h"

#include <stdio.h>

/* Prints the table of values and the summary, with `has_rows` false the summary alone. Returns 0
 * or -ENOMEM. */
int validate_table_print(const struct validation *validation, bool has_rows, FILE *out);

/* Of the explanations of a gap, the first are told. */
enum { VALIDATE_MAX_EXPLANATIONS = 3 };

enum { ERROR_TEXT_B = 24 };

/* An error as a reader wants it: "+22 %", and of values in percent "+5.2 points". */
void validate_error_text(const struct validation_row *row, char text[ERROR_TEXT_B]);

/* "time_s", "time_s / native" of a quotient, "time_s - native" of a difference. */
enum { METRIC_TEXT_B = 120 };
void validate_metric_text(const struct case_result *result, char text[METRIC_TEXT_B]);

/* What was measured: "81.4", "<= 180", "147.5 +- 17.5"; "" where nothing was. */
enum { MEASURED_TEXT_B = 64 };
void validate_measured_text(const struct case_result *result, char text[MEASURED_TEXT_B]);

/* How a run was set up and, where it has some, the number of its alternatives. */
enum { CONFIGURATION_TEXT_B = 300 };
void validate_configuration_text(const struct case_run *run, char text[CONFIGURATION_TEXT_B]);

/* The interval that knows the model's error: "1.2 to 3.4"; "" where there is none. */
enum { MODEL_INTERVAL_TEXT_B = 90 };
void validate_model_interval_text(const struct validation_row *row,
                                  char text[MODEL_INTERVAL_TEXT_B]);

/* "input", "prediction" where nothing was measured, "" for what counts. Static. */
const char *validate_role_text(const struct validation_row *row);

#endif
