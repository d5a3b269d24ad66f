/*
 * profile_text.h - a fitted profile as the document that everybody writes by hand.
 *
 * The field table of its kind says keys, units and help, so a new key of profiles needs no line
 * here. What was not measured is left to its default: parameters without a source, counts, sizes
 * and choices of 0. Keys that have no default are always written.
 */
#ifndef VHPCSIM_CALIBRATION_PROFILE_TEXT_H
#define VHPCSIM_CALIBRATION_PROFILE_TEXT_H

#include "models/parameter.h"
#include "sim/input/document.h"

#include <stdio.h>

/*
 * Prints the profile at `values`, a structure of `kind`, under the words of `head` as a comment.
 * What was not set must be zero bytes; numbers must be finite.
 *
 * The source that most parameters have stands once, above all.
 *
 * A parameter has as many digits as its interval deserves: the last one is below a twentieth of
 * the interval's half, at least three, at most six; four where there is no interval. The value
 * stays within its interval.
 */
void profile_text_print(const struct document_kind *kind, const void *values, const char *head,
                        FILE *out);

/* A parameter as it stands in a document: "{value: 5.12 us, ci95: [...], ...}"; its
 * source is left out where it is `known_source` (NULL: none is known). */
void parameter_text_print(const struct field *field, const struct parameter *parameter,
                          const char *known_source, FILE *out);

/* Digits that the value deserves beside its interval. */
int parameter_digits(const struct parameter *parameter);

/* `value` with so many digits and the unit that fits it. */
void quantity_text(enum dimension dimension, double value, int digits,
                   char text[48 /* QUANTITY_TEXT_B */]);

/* True where somebody set the parameter. */
bool parameter_is_set(const struct parameter *parameter);

#endif
