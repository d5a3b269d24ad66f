/*
 * profile_document.h - a profile document by itself, without a scenario around it.
 */
#ifndef VHPCSIM_PROFILE_DOCUMENT_H
#define VHPCSIM_PROFILE_DOCUMENT_H

#include "document.h"

struct profile {
    const struct document_kind *kind;
    void *values; /* struct node_profile, ...: what kind->fields fill */
    struct arena arena;
};

/*
 * Reads a text as a profile of kind `kind`; NULL: of the kind that its schema says, which must not
 * be a scenario. Returns 0, -EINVAL after diagnostics or -ENOMEM. `*profile` is set on 0 only.
 */
int profile_read_text(const struct document_kind *kind, const char *file, const char *text,
                      size_t length, struct diagnostics *diagnostics, struct profile **profile);

/* Reads the shipped profile `name`; -ENOENT when there is none of that name and kind. */
int profile_read_shipped(const struct document_kind *kind, const char *name,
                         struct diagnostics *diagnostics, struct profile **profile);

void profile_free(struct profile *profile);

#endif
