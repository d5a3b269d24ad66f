/*
 * document_man.h - the manual page of scenario and profile documents, from their field tables.
 */
#ifndef VHPCSIM_DOCUMENT_MAN_H
#define VHPCSIM_DOCUMENT_MAN_H

#include <stdio.h>

/* Prints vhpcsim-scenario(5) as roff: how a document is written, then every key of a scenario and
 * of each workload. Returns 0 or -ENOMEM. */
int document_man_print(FILE *out);

#endif
