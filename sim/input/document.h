/*
 * document.h - the kinds of document, and finding and opening one.
 *
 * Every document says its kind in its first key, `schema: vhpcsim-node/1`. A profile document may
 * give a `source` for all parameters in it that name none.
 */
#ifndef VHPCSIM_DOCUMENT_H
#define VHPCSIM_DOCUMENT_H

#include "field_read.h"

struct document_kind {
    const char *name;   /* "node": as field->document has it */
    const char *schema; /* "vhpcsim-node/1" */
    const char *folder; /* "nodes": of the shipped ones, in the folder of profiles; NULL: none */
    const char *help;
    const struct field *fields;
    size_t size_B; /* of the structure that the fields fill */
};

/* scenario (the first), node, link, mpi, technology, validation, model-error; a row without name
 * ends them. */
extern const struct document_kind document_kinds[];

/* NULL when there is none of that name. */
const struct document_kind *document_kind_by_name(const char *name);

/* The table of the keys below a group or profile; NULL for other kinds of field. */
const struct field *document_fields_below(const struct field *field);

/*
 * Reads the text of a document of kind `*kind` (NULL: of any kind, which is then set) and takes
 * `schema` and `source` out of it; `source` goes into `reading`. Returns its mapping, or NULL after
 * diagnostics (or without memory). `file` must live as long as the arena.
 */
struct tree *document_open(struct reading *reading, const struct document_kind **kind,
                           const char *file, const char *text, size_t length);

/* True where `reference` is a path, not a profile's name: it has a slash, or ends in .yaml or .yml.
 */
bool document_is_path(const char *reference);

/*
 * Opens the profile that `reference` means for `field`: the name of a shipped one, a path relative
 * to the document that has the reference, or a mapping with `profile:` and overrides, which are
 * laid over it. Returns the mapping, or NULL after diagnostics; `reading` then has the profile's
 * source.
 */
const struct tree *document_open_profile(struct reading *reading, const struct field *field,
                                         const struct tree *reference);

/*
 * Reads the file that `name`, a path relative to the document in which the tree `name` stands,
 * means; tells the diagnostics its text. Returns its path, or NULL after diagnostics.
 */
const char *document_open_file(struct reading *reading, const struct tree *name, char **text,
                               size_t *length);

/* What `path`, which stands in the document `file`, means: a relative one begins at the document's
 * folder; in what no file has (a setting, standard input) at the working directory. In the arena,
 * or `path` itself. NULL: no memory. */
const char *document_path_beside(struct arena *arena, const char *file, const char *path);

/* Where the shipped profile `name` of `kind` would be, in the arena. NULL: no memory. */
const char *document_shipped_path(struct arena *arena, const struct document_kind *kind,
                                  const char *name);

/*
 * Names of the shipped profiles of `kind` (one with a folder), sorted, in the arena. Returns how
 * many, or a negative errno when their folder cannot be read.
 */
int document_list_shipped(struct arena *arena, const struct document_kind *kind,
                          const char *const **names);

/* The same of the files *.yaml in `folder`: their names without that ending. */
int document_list_folder(struct arena *arena, const char *folder, const char *const **names);

#endif
