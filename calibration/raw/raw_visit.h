/*
 * raw_visit.h - reads the lines of visits, which are nearly all of a raw file, ten times as fast
 * as a reader of any JSON does.
 */
#ifndef VHPCSIM_RAW_VISIT_H
#define VHPCSIM_RAW_VISIT_H

#include "raw.h"

enum { RAW_VISIT_TIMES = 64 };

/*
 * Reads a line that is as raw_write.c writes it, blanks apart; its times go to `times_s`, which
 * `visit` then borrows. False for whatever differs or has numbers out of range: another reader says
 * whether that is a mistake.
 */
bool raw_visit_scan(const char *line, size_t length_B, struct raw_visit *visit,
                    double times_s[RAW_VISIT_TIMES]);

#endif
