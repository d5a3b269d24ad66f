/*
 * fit_report.h - a fit as a page: data and pieces, residuals, compute, memory, verdicts.
 */
#ifndef VHPCSIM_CALIBRATION_FIT_REPORT_H
#define VHPCSIM_CALIBRATION_FIT_REPORT_H

#include "fit_document.h"

#include <stdio.h>

/* One page of HTML that needs no other file and runs no script. */
void fit_report_print(const struct fit_document *document, FILE *out);

#endif
