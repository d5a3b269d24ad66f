#include "document.h"

#include "data_folder.h"
#include "field_value.h"
#include "scenario.h"
#include "suggest.h"
#include "text.h"
#include "yaml_tree.h"

#include "sim/result/published_error.h"
#include "sim/validation/cases.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct document_kind document_kinds[] = {
    {"scenario", "vhpcsim-scenario/1", NULL, "What to simulate: cluster, guests, workload, run.",
     scenario_fields, sizeof(struct scenario)},
    {"node", "vhpcsim-node/1", "nodes", "A kind of machine: cores, rates, memory, disk.",
     node_fields, sizeof(struct node_profile)},
    {"link", "vhpcsim-link/1", "links", "A kind of wire and switch: bandwidth, latency, packets.",
     link_fields, sizeof(struct link_profile)},
    {"mpi", "vhpcsim-mpi/1", "mpi", "An MPI library: what a message costs, how ranks wait.",
     mpi_fields, sizeof(struct mpi_profile)},
    {"technology", "vhpcsim-technology/1", "technologies",
     "A virtualization technology: what guests pay for work and messages.", technology_fields,
     sizeof(struct virt_profile)},
    {"validation", "vhpcsim-validation/1", NULL,
     "Published or measured values, and the scenarios that should predict them.", case_fields,
     sizeof(struct case_document)},
    {"model-error", "vhpcsim-model-error/1", NULL,
     "How far the model was from what papers published.", published_error_fields,
     sizeof(struct published_error)},
    {NULL, NULL, NULL, NULL, NULL, 0}};

const struct document_kind *document_kind_by_name(const char *name)
{
    for (const struct document_kind *kind = document_kinds; kind->name; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

const struct field *document_fields_below(const struct field *field)
{
    if (field->kind == FIELD_GROUP)
        return field->fields;
    return field->kind == FIELD_PROFILE ? document_kind_by_name(field->document)->fields : NULL;
}

/* --- opening a text --------------------------------------------------------- */

static const struct document_kind *kind_by_schema(const char *schema)
{
    for (const struct document_kind *kind = document_kinds; kind->name; kind++)
        if (strcmp(kind->schema, schema) == 0)
            return kind;
    return NULL;
}

static void refuse_schema(struct reading *reading, const struct document_kind *expected,
                          const struct tree *schema)
{
    const struct document_kind *found = kind_by_schema(schema->text);
    char hint[160];
    snprintf(hint, sizeof hint, "expected \"schema: %s\"", expected->schema);
    if (found)
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, schema->place, hint,
                        "this is a %s document where a %s is expected", found->name,
                        expected->name);
    else
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, schema->place, hint,
                        "unknown schema \"%.60s\"", schema->text);
}

/* Sets `*kind` to what the document says it is; false after diagnostics, when that is not the kind
 * expected. */
static bool check_schema(struct reading *reading, const struct document_kind **kind,
                         const struct tree *map)
{
    static const struct field schema_field = {
        .key = "schema", .kind = FIELD_TEXT, .help = "Which kind of document this is."};
    const struct document_kind *expected = *kind ? *kind : &document_kinds[0];
    const struct tree_entry *entry = tree_find(map, "schema");
    if (!entry) {
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, map->place,
                        "it says which kind of document this is", "missing line \"schema: %s\"",
                        expected->schema);
        return false;
    }
    const char *schema = field_scalar(reading, &schema_field, entry->value);
    const struct document_kind *found = schema ? kind_by_schema(schema) : NULL;
    const bool is_good = found && (!*kind || *kind == found);
    if (schema && !is_good)
        refuse_schema(reading, expected, entry->value);
    if (is_good)
        *kind = found;
    return is_good;
}

/* Takes the document's `source` into `reading`. */
static void take_source(struct reading *reading, const char *file, const struct tree *map)
{
    static const struct field source_field = {
        .key = "source", .kind = FIELD_TEXT, .help = "Source of parameters that name none."};
    const struct tree_entry *entry = tree_find(map, "source");
    const char *source = entry ? field_scalar(reading, &source_field, entry->value) : NULL;
    reading->source = source ? source : "";
    reading->source_file = file;
}

/* True for keys that every document may have, beside those of its table. */
static bool is_common(const struct document_kind *kind, const char *key)
{
    return strcmp(key, "schema") == 0 || (kind->folder && strcmp(key, "source") == 0);
}

/* The mapping without the keys that every document may have. */
static struct tree *own_keys(struct reading *reading, const struct document_kind *kind,
                             const struct tree *root)
{
    struct tree *map = tree_new(reading->arena, TREE_MAP, root->place);
    for (int i = 0; map && i < root->n_entries; i++)
        if (!is_common(kind, root->entries[i].key))
            tree_append(reading->arena, map, root->entries[i].key, root->entries[i].key_place,
                        root->entries[i].value);
    return map;
}

struct tree *document_open(struct reading *reading, const struct document_kind **kind,
                           const char *file, const char *text, size_t length)
{
    const struct place start = {file, 1, 1};
    const struct document_kind *expected = *kind ? *kind : &document_kinds[0];
    diagnostics_add_text(reading->diagnostics, file, text, length);
    const struct tree *root = yaml_read(reading->arena, reading->diagnostics, start, text, length);
    if (reading->arena->failed || (root && root->kind == TREE_INVALID))
        return NULL;
    if (!root || root->kind != TREE_MAP) {
        diagnostics_add(
            reading->diagnostics, SEVERITY_ERROR, root ? root->place : start, expected->help,
            "%s: expected a %s document, which begins with \"schema: %s\"",
            root ? "no mapping" : "the document is empty", expected->name, expected->schema);
        return NULL;
    }
    if (!check_schema(reading, kind, root))
        return NULL;
    if ((*kind)->folder)
        take_source(reading, file, root);
    return own_keys(reading, *kind, root);
}

/* --- profiles --------------------------------------------------------------- */

bool document_is_path(const char *reference)
{
    const size_t length = strlen(reference);
    return strchr(reference, '/') || (length > 5 && strcmp(reference + length - 5, ".yaml") == 0) ||
           (length > 4 && strcmp(reference + length - 4, ".yml") == 0);
}

const char *document_path_beside(struct arena *arena, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    if (path[0] == '/' || !slash)
        return path;
    return arena_format(arena, "%.*s/%s", (int)(slash - file), file, path);
}

const char *document_shipped_path(struct arena *arena, const struct document_kind *kind,
                                  const char *name)
{
    const char *folder = data_folder_path(arena, DATA_PROFILES);
    return folder ? arena_format(arena, "%s/%s/%s.yaml", folder, kind->folder, name) : NULL;
}

static int is_document_file(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && dot != entry->d_name && strcmp(dot, ".yaml") == 0;
}

/* By name: the files' order would put "x-y.yaml" before "x.yaml". */
static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int document_list_shipped(struct arena *arena, const struct document_kind *kind,
                          const char *const **names)
{
    const char *profiles = data_folder_path(arena, DATA_PROFILES);
    const char *folder = profiles ? arena_format(arena, "%s/%s", profiles, kind->folder) : NULL;
    return folder ? document_list_folder(arena, folder, names) : -ENOMEM;
}

int document_list_folder(struct arena *arena, const char *folder, const char *const **names)
{
    struct dirent **entries = NULL;
    const int n = scandir(folder, &entries, is_document_file, alphasort);
    if (n < 0)
        return -errno;

    const char **list = arena_alloc(arena, ((size_t)n + 1) * sizeof *list);
    for (int i = 0; i < n; i++) {
        const char *file = entries[i]->d_name;
        if (list)
            list[i] = arena_copy(arena, file, (size_t)(strrchr(file, '.') - file));
        free(entries[i]);
    }
    free(entries);
    if (!list || arena->failed)
        return -ENOMEM;
    qsort(list, (size_t)n, sizeof *list, compare_names);
    *names = list;
    return n;
}

/* The kind of the shipped profile `name`; NULL when there is none. */
static const struct document_kind *kind_of_shipped(struct arena *arena, const char *name)
{
    for (const struct document_kind *kind = document_kinds; kind->name; kind++) {
        const char *path = kind->folder ? document_shipped_path(arena, kind, name) : NULL;
        if (path && access(path, F_OK) == 0)
            return kind;
    }
    return NULL;
}

static void refuse_name(struct reading *reading, const struct document_kind *kind,
                        struct place place, const char *name)
{
    const struct document_kind *other = kind_of_shipped(reading->arena, name);
    if (other) {
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place,
                        "`vhpcsim list profiles` shows which there are",
                        "\"%.60s\" is a %s profile where a %s profile is expected", name,
                        other->name, kind->name);
        return;
    }
    const char *const *names = NULL;
    const int n = document_list_shipped(reading->arena, kind, &names);
    const char *near = n > 0 ? suggest(name, (size_t)n, names) : NULL;
    char hint[200];
    if (n <= 0)
        snprintf(hint, sizeof hint,
                 "no shipped profiles were found; set VHPCSIM_DATA to their folder");
    else
        snprintf(hint, sizeof hint, "%s%s%s`vhpcsim list %s` shows which there are",
                 near ? "did you mean \"" : "", near ? near : "", near ? "\"? " : "", kind->folder);
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, hint,
                    "unknown %s profile \"%.60s\"", kind->name, name);
}

/* Reads a file that a document names. Such a file must be a regular one: a document must not make
 * its reader wait at a pipe or a terminal. */
static int read_named_file(struct arena *arena, const char *path, char **text, size_t *length)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return -errno;
    if (S_ISDIR(status.st_mode))
        return -EISDIR;
    return S_ISREG(status.st_mode) ? text_read_file(arena, path, text, length) : -ENOTSUP;
}

static void refuse_file(struct reading *reading, struct place place, const char *path, int error)
{
    if (error == -ENOMEM)
        reading->arena->failed = true;
    else if (error == -EFBIG)
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, "is this the right file?",
                        "%.200s has more than %d bytes", path, TEXT_MAX_B);
    else if (error == -ENOTSUP)
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, NULL,
                        "%.200s is no regular file", path);
    else
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place,
                        "a path is relative to the document in which it stands",
                        "cannot read %.200s: %s", path, strerror(-error));
}

const char *document_open_file(struct reading *reading, const struct tree *name, char **text,
                               size_t *length)
{
    const char *path = document_path_beside(reading->arena, name->place.file, name->text);
    const int error = path ? read_named_file(reading->arena, path, text, length) : -ENOMEM;
    if (error) {
        refuse_file(reading, name->place, path, error);
        return NULL;
    }
    diagnostics_add_text(reading->diagnostics, path, *text, *length);
    return path;
}

/* Opens the profile `name`, given at `place`. */
static struct tree *open_named(struct reading *reading, const struct document_kind *kind,
                               struct place place, const char *name)
{
    const char *path = document_is_path(name)
                           ? document_path_beside(reading->arena, place.file, name)
                           : document_shipped_path(reading->arena, kind, name);
    char *text = NULL;
    size_t length = 0;
    const int error = path ? read_named_file(reading->arena, path, &text, &length) : -ENOMEM;
    if (!error)
        return document_open(reading, &kind, path, text, length);
    if (error == -ENOENT && !document_is_path(name))
        refuse_name(reading, kind, place, name);
    else
        refuse_file(reading, place, path, error);
    return NULL;
}

const struct tree *document_open_profile(struct reading *reading, const struct field *field,
                                         const struct tree *reference)
{
    const struct document_kind *kind = document_kind_by_name(field->document);
    const struct tree_entry *entry =
        reference->kind == TREE_MAP ? tree_find(reference, "profile") : NULL;
    if (reference->kind == TREE_MAP && !entry) {
        field_refuse(reading, field, reference->place, "missing key \"profile\"");
        return NULL;
    }
    const struct tree *name_tree = entry ? entry->value : reference;
    const char *name = field_scalar(reading, field, name_tree);
    struct tree *map = name ? open_named(reading, kind, name_tree->place, name) : NULL;
    if (!map || !entry)
        return map;

    struct tree *overrides = tree_new(reading->arena, TREE_MAP, reference->place);
    for (int i = 0; overrides && i < reference->n_entries; i++)
        if (&reference->entries[i] != entry)
            tree_append(reading->arena, overrides, reference->entries[i].key,
                        reference->entries[i].key_place, reference->entries[i].value);
    return overrides ? tree_merge(reading->arena, map, overrides) : NULL;
}
