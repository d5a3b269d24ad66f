/*
 * setting.h - `--set key.path=value`: one more way to write a value into a document.
 *
 * A setting is laid into the document's tree before it is read, so that the same table checks it
 * and the same diagnostics speak of it. Its place is in the file "--set", line n for the n-th
 * setting.
 */
#ifndef VHPCSIM_SETTING_H
#define VHPCSIM_SETTING_H

#include "field_read.h"

/* The file of the places of settings. */
extern const char setting_file[];

/* Tells the diagnostics the texts of all settings. */
void setting_add_texts(struct diagnostics *diagnostics, int n_settings,
                       const char *const settings[]);

/*
 * Lays setting number `index` over `root`, a document of the table `fields`. The value is YAML: a
 * scalar, or a flow such as [1, 2] or {profile: x}. Keys of a profile become overrides of the
 * profile that the document names there.
 */
void setting_apply(struct reading *reading, const struct field fields[], struct tree *root,
                   int index, const char *setting);

#endif
