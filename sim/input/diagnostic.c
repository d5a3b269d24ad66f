#include "diagnostic.h"

#include "diagnostic_print.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX_B = 400 }; /* what a message may quote of the user's text is bounded by this */

struct entry {
    struct diagnostic shown;
    int file_order; /* index of the text; their number for files without one */
    int sequence;   /* of being added: the last tie-break */
};

struct text {
    char *file;
    char *content;
    size_t length;
};

struct key_place {
    char *key;
    struct place place;
};

struct diagnostics {
    struct entry entries[DIAGNOSTICS_MAX];
    int n_entries;
    int n_of[2]; /* by severity, also of those that are not kept */
    struct text *texts;
    int n_texts;
    struct key_place *keys;
    int n_keys;
};

struct diagnostics *diagnostics_new(void)
{
    return calloc(1, sizeof(struct diagnostics));
}

void diagnostics_free(struct diagnostics *d)
{
    if (!d)
        return;
    for (int i = 0; i < d->n_entries; i++) {
        free((char *)d->entries[i].shown.place.file);
        free((char *)d->entries[i].shown.message);
        free((char *)d->entries[i].shown.hint);
    }
    for (int i = 0; i < d->n_texts; i++) {
        free(d->texts[i].file);
        free(d->texts[i].content);
    }
    for (int i = 0; i < d->n_keys; i++) {
        free(d->keys[i].key);
        free((char *)d->keys[i].place.file);
    }
    free(d->texts);
    free(d->keys);
    free(d);
}

static int find_text(const struct diagnostics *d, const char *file)
{
    int i = 0;
    while (i < d->n_texts && strcmp(d->texts[i].file, file) != 0)
        i++;
    return i;
}

void diagnostics_add_text(struct diagnostics *d, const char *file, const char *text, size_t length)
{
    if (find_text(d, file) < d->n_texts)
        return;
    struct text *grown = realloc(d->texts, ((size_t)d->n_texts + 1) * sizeof *grown);
    if (!grown)
        return;
    d->texts = grown;
    struct text *added = &d->texts[d->n_texts];
    added->file = strdup(file);
    added->content = malloc(length + 1);
    if (!added->file || !added->content) {
        free(added->file);
        free(added->content);
        return;
    }
    memcpy(added->content, text, length);
    added->content[length] = '\0';
    added->length = length;
    d->n_texts++;
}

static bool is_known(const struct diagnostics *d, const struct entry *entry)
{
    for (int i = 0; i < d->n_entries; i++) {
        const struct diagnostic *a = &d->entries[i].shown, *b = &entry->shown;
        if (a->severity == b->severity && a->place.line == b->place.line &&
            a->place.column == b->place.column && strcmp(a->place.file, b->place.file) == 0 &&
            strcmp(a->message, b->message) == 0)
            return true;
    }
    return false;
}

/* Takes ownership of nothing; copies all or, without memory, keeps nothing. */
static void keep(struct diagnostics *d, enum severity severity, struct place place,
                 const char *hint, const char *message)
{
    struct entry entry = {.file_order = find_text(d, place.file), .sequence = d->n_entries};
    entry.shown = (struct diagnostic){severity, place, message, hint ? hint : ""};
    if (is_known(d, &entry))
        return;
    d->n_of[severity]++;
    if (d->n_entries == DIAGNOSTICS_MAX)
        return;

    char *file = strdup(place.file), *text = strdup(message), *advice = strdup(entry.shown.hint);
    if (!file || !text || !advice) {
        free(file);
        free(text);
        free(advice);
        return;
    }
    entry.shown.place.file = file;
    entry.shown.message = text;
    entry.shown.hint = advice;
    d->entries[d->n_entries++] = entry;
}

static void add(struct diagnostics *d, enum severity severity, struct place place, const char *hint,
                const char *format, va_list arguments)
{
    char message[MESSAGE_MAX_B];
    const int length = vsnprintf(message, sizeof message, format, arguments);
    if (length >= (int)sizeof message)
        memcpy(message + sizeof message - 4, "...", 4);
    keep(d, severity, place, hint, message);
}

void diagnostics_add(struct diagnostics *d, enum severity severity, struct place place,
                     const char *hint, const char *format, ...)
{
    assert(place.file);
    va_list arguments;
    va_start(arguments, format);
    add(d, severity, place, hint, format, arguments);
    va_end(arguments);
}

void diagnostics_note_key(struct diagnostics *d, const char *key, struct place place)
{
    struct key_place *grown = realloc(d->keys, ((size_t)d->n_keys + 1) * sizeof *grown);
    if (!grown)
        return;
    d->keys = grown;
    struct key_place *added = &d->keys[d->n_keys];
    *added = (struct key_place){strdup(key), place};
    added->place.file = strdup(place.file);
    if (added->key && added->place.file) {
        d->n_keys++;
    } else {
        free(added->key);
        free((char *)added->place.file);
    }
}

struct place diagnostics_place_of(const struct diagnostics *d, const char *key)
{
    for (size_t length = strlen(key); length > 0;) {
        for (int i = 0; i < d->n_keys; i++)
            if (strncmp(d->keys[i].key, key, length) == 0 && d->keys[i].key[length] == '\0')
                return d->keys[i].place;
        do
            length--;
        while (length > 0 && key[length] != '.');
    }
    return (struct place){.file = d->n_texts > 0 ? d->texts[0].file : "scenario"};
}

void diagnostics_add_key(struct diagnostics *d, enum severity severity, const char *key,
                         const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(d, severity, diagnostics_place_of(d, key), hint, format, arguments);
    va_end(arguments);
}

void diagnostics_add_all(struct diagnostics *d, const struct diagnostics *from, const char *moved,
                         diagnostic_move *move, void *user)
{
    for (int i = 0; i < from->n_texts; i++)
        if (strcmp(from->texts[i].file, moved) != 0)
            diagnostics_add_text(d, from->texts[i].file, from->texts[i].content,
                                 from->texts[i].length);
    for (int i = 0; i < from->n_entries; i++) {
        const struct diagnostic *shown = &from->entries[i].shown;
        if (shown->severity == SEVERITY_ERROR)
            keep(d, SEVERITY_ERROR, move(shown->place, user), shown->hint, shown->message);
    }
}

int diagnostics_count(const struct diagnostics *d, enum severity severity)
{
    return d->n_of[severity];
}

static int compare(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->file_order != b->file_order)
        return a->file_order - b->file_order;
    const int by_name = strcmp(a->shown.place.file, b->shown.place.file);
    if (by_name != 0)
        return by_name;
    if (a->shown.place.line != b->shown.place.line)
        return a->shown.place.line - b->shown.place.line;
    if (a->shown.place.column != b->shown.place.column)
        return a->shown.place.column - b->shown.place.column;
    return a->sequence - b->sequence;
}

/* Copies the entries, in the order of printing; their texts stay the collection's. */
static void sort(const struct diagnostics *d, struct entry sorted[])
{
    memcpy(sorted, d->entries, (size_t)d->n_entries * sizeof *sorted);
    qsort(sorted, (size_t)d->n_entries, sizeof *sorted, compare);
}

void diagnostics_each(const struct diagnostics *d, enum severity severity, diagnostic_visit *visit,
                      void *user)
{
    struct entry sorted[DIAGNOSTICS_MAX];
    sort(d, sorted);
    for (int i = 0; i < d->n_entries; i++)
        if (sorted[i].shown.severity == severity)
            visit(&sorted[i].shown, user);
}

void diagnostics_print(const struct diagnostics *d, FILE *out, int color)
{
    struct entry sorted[DIAGNOSTICS_MAX];
    sort(d, sorted);
    for (int i = 0; i < d->n_entries; i++) {
        const int text = sorted[i].file_order;
        const bool has_text = text < d->n_texts;
        diagnostic_print(&sorted[i].shown, has_text ? d->texts[text].content : "",
                         has_text ? d->texts[text].length : 0, out, color);
    }
    const int n_left_out = d->n_of[SEVERITY_ERROR] + d->n_of[SEVERITY_WARNING] - d->n_entries;
    if (n_left_out > 0)
        fprintf(out, "and %d more\n", n_left_out);
}
