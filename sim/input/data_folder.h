/*
 * data_folder.h - where the shipped profiles, scenarios and validation documents are; config.h says
 * in which order they are looked for.
 */
#ifndef VHPCSIM_DATA_FOLDER_H
#define VHPCSIM_DATA_FOLDER_H

#include "arena.h"

enum data_folder { DATA_PROFILES, DATA_SCENARIOS, DATA_VALIDATION };

/* Path of the folder, in the arena. The last candidate when none exists. NULL: no memory. */
const char *data_folder_path(struct arena *arena, enum data_folder folder);

#endif
