/*
 * yaml_tree.c - libyaml's events, checked one by one.
 *
 * Events rather than libyaml's documents: a document no longer knows which of its nodes were
 * aliases, and it is built in full before anyone can say that it is too deep.
 */
#include "yaml_tree.h"

#include "text.h"

#include <string.h>
#include <yaml.h>

const char yaml_merge_key[] = "<<";

struct reader {
    yaml_parser_t parser;
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct place start;
    struct place end; /* behind the last character */
    int depth;
    int n_values;
    bool has_stopped; /* after an error that leaves nothing to read */
};

static struct place place_of(const struct reader *reader, yaml_mark_t mark)
{
    struct place place = reader->start;
    place.line += (int)mark.line;
    place.column = (int)mark.column + (mark.line == 0 ? reader->start.column : 1);
    /* libyaml ends a last line that has no line break itself. */
    return place.line > reader->end.line ? reader->end : place;
}

static void refuse(struct reader *reader, yaml_mark_t mark, const char *hint, const char *what)
{
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, place_of(reader, mark), hint, "%s", what);
}

static void stop(struct reader *reader, yaml_mark_t mark, const char *hint, const char *what)
{
    refuse(reader, mark, hint, what);
    reader->has_stopped = true;
}

/* What most often stands behind a message of libyaml's. */
static const char *advice(const char *problem)
{
    static const struct {
        const char *problem, *advice;
    } known[] = {
        {"mapping values are not allowed", "a value that contains \": \" needs quotes"},
        {"found character that cannot start any token",
         "indent with spaces; put values that start with @, ` or % in quotes"},
        {"did not find expected key", "is this line indented as the keys of its mapping are?"},
        {"could not find expected ':'", "write each key as \"key: value\""},
        {"did not find expected ',' or", "is a closing bracket or a comma missing?"},
        {"found unexpected end of stream", "is a closing quote missing?"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(problem, known[i].problem, strlen(known[i].problem)) == 0)
            return known[i].advice;
    return NULL;
}

/* The next event, or false when there is none to trust. The caller deletes it. */
static bool next_event(struct reader *reader, yaml_event_t *event)
{
    if (reader->has_stopped)
        return false;
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    const char *problem = reader->parser.problem ? reader->parser.problem : "unreadable";
    if (reader->parser.error == YAML_MEMORY_ERROR) {
        reader->arena->failed = true;
        reader->has_stopped = true;
    } else {
        stop(reader, reader->parser.problem_mark, advice(problem), problem);
    }
    return false;
}

static void refuse_extras(struct reader *reader, const yaml_event_t *event,
                          const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        refuse(reader, event->start_mark, "write the value again where it is needed",
               "anchors are not supported");
    if (tag)
        refuse(reader, event->start_mark, "the key already says of what type its value is",
               "tags are not supported");
}

static struct tree *read_value(struct reader *reader, const yaml_event_t *event);

static struct tree *read_list(struct reader *reader, const yaml_event_t *start)
{
    struct tree *list = tree_new(reader->arena, TREE_LIST, place_of(reader, start->start_mark));
    yaml_event_t event;
    bool is_open = list != NULL;
    while (is_open && next_event(reader, &event)) {
        is_open = event.type != YAML_SEQUENCE_END_EVENT;
        if (is_open)
            tree_append(reader->arena, list, NULL, list->place, read_value(reader, &event));
        yaml_event_delete(&event);
    }
    return list;
}

static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0);
}

/* True for a scalar without control characters, which escapes such as "\e" can put into it: what a
 * document says is printed to terminals. */
static bool is_printable(struct reader *reader, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    uint32_t c = 0;
    for (size_t at = 0; at < length; at += text_decode(text + at, length - at, &c)) {
        if (text_decode(text + at, length - at, &c) > 0 && !is_control(c))
            continue;
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, place_of(reader, event->start_mark),
                        NULL, "control character U+%04X is not allowed", c);
        return false;
    }
    return true;
}

/* The text of a key, or NULL when it was refused. */
static const char *read_key(struct reader *reader, const struct tree *map,
                            const yaml_event_t *event)
{
    if (event->type != YAML_SCALAR_EVENT) {
        stop(reader, event->start_mark, "expected \"key: value\"", "a key must be a plain word");
        return NULL;
    }
    refuse_extras(reader, event, event->data.scalar.anchor, event->data.scalar.tag);
    const char *key = (const char *)event->data.scalar.value;
    if (!is_printable(reader, event))
        return NULL;
    if (strcmp(key, yaml_merge_key) == 0)
        refuse(reader, event->start_mark, "write the keys again, or put them in a profile",
               "merge keys are not supported");
    const struct tree_entry *first = tree_find(map, key);
    if (first) {
        char hint[64];
        snprintf(hint, sizeof hint, "it was given first in line %d", first->key_place.line);
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, place_of(reader, event->start_mark),
                        hint, "duplicate key \"%.60s\"", key);
        return NULL;
    }
    return arena_copy(reader->arena, key, event->data.scalar.length);
}

static struct tree *read_map(struct reader *reader, const yaml_event_t *start)
{
    struct tree *map = tree_new(reader->arena, TREE_MAP, place_of(reader, start->start_mark));
    yaml_event_t event;
    bool is_open = map != NULL;
    while (is_open && next_event(reader, &event)) {
        is_open = event.type != YAML_MAPPING_END_EVENT;
        const char *key = is_open ? read_key(reader, map, &event) : NULL;
        const struct place key_place = place_of(reader, event.start_mark);
        yaml_event_delete(&event);
        if (!is_open || !next_event(reader, &event))
            break;
        struct tree *value = read_value(reader, &event);
        yaml_event_delete(&event);
        if (value && key && strcmp(key, yaml_merge_key) == 0)
            value->kind = TREE_INVALID;
        if (key)
            tree_append(reader->arena, map, key, key_place, value);
    }
    return map;
}

static struct tree *read_scalar(struct reader *reader, const yaml_event_t *event)
{
    struct tree *scalar = tree_new(reader->arena, TREE_SCALAR, place_of(reader, event->start_mark));
    const char *text = (const char *)event->data.scalar.value;
    if (!scalar)
        return NULL;
    if (!is_printable(reader, event)) {
        scalar->kind = TREE_INVALID;
        return scalar;
    }
    scalar->text = arena_copy(reader->arena, text, event->data.scalar.length);
    scalar->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return scalar->text ? scalar : NULL;
}

static struct tree *read_nested(struct reader *reader, const yaml_event_t *event)
{
    if (reader->depth == YAML_MAX_DEPTH) {
        stop(reader, event->start_mark, "no document has that many levels: close brackets",
             "nested too deeply");
        return NULL;
    }
    reader->depth++;
    struct tree *tree = NULL;
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        refuse_extras(reader, event, event->data.sequence_start.anchor,
                      event->data.sequence_start.tag);
        tree = read_list(reader, event);
    } else {
        refuse_extras(reader, event, event->data.mapping_start.anchor,
                      event->data.mapping_start.tag);
        tree = read_map(reader, event);
    }
    reader->depth--;
    return tree;
}

static struct tree *read_value(struct reader *reader, const yaml_event_t *event)
{
    if (++reader->n_values > YAML_MAX_VALUES) {
        stop(reader, event->start_mark, NULL, "the document has too many values");
        return NULL;
    }
    if (event->type == YAML_SCALAR_EVENT) {
        refuse_extras(reader, event, event->data.scalar.anchor, event->data.scalar.tag);
        return read_scalar(reader, event);
    }
    if (event->type == YAML_ALIAS_EVENT) {
        refuse(reader, event->start_mark, "write the value again", "aliases are not supported");
        return tree_new(reader->arena, TREE_INVALID, place_of(reader, event->start_mark));
    }
    return read_nested(reader, event);
}

/* Walks the stream: start, at most one document, end. */
static struct tree *read_stream(struct reader *reader)
{
    struct tree *root = NULL;
    int n_documents = 0;
    yaml_event_t event;
    for (bool is_open = true; is_open && next_event(reader, &event);) {
        if (event.type == YAML_DOCUMENT_START_EVENT) {
            if (++n_documents > 1)
                stop(reader, event.start_mark, "one file holds one document",
                     "a second document starts here");
        } else if (event.type == YAML_STREAM_END_EVENT) {
            is_open = false;
        } else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_END_EVENT) {
            root = read_value(reader, &event);
        }
        yaml_event_delete(&event);
    }
    return root;
}

/* Moves `*place` behind the text. False, with a diagnostic, at a character that YAML does not
 * allow. */
static bool check_characters(struct diagnostics *diagnostics, struct place *place, const char *text,
                             size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t c = 0;
        const size_t line_break = text_line_break(text + at, length - at);
        const size_t n = line_break > 0 ? line_break : text_decode(text + at, length - at, &c);
        if (n == 0) {
            diagnostics_add(diagnostics, SEVERITY_ERROR, *place, "save the file as UTF-8",
                            "byte 0x%02x is not UTF-8", (unsigned char)text[at]);
            return false;
        }
        const bool is_special = c == 0xfeff || c == 0xfffe || c == 0xffff;
        if (line_break == 0 && (is_control(c) || is_special)) {
            diagnostics_add(diagnostics, SEVERITY_ERROR, *place,
                            "is this the right file? A document is plain text",
                            "control character U+%04X is not allowed", c);
            return false;
        }
        at += n;
        place->column = line_break > 0 ? 1 : place->column + 1;
        place->line += line_break > 0;
    }
    return true;
}

struct tree *yaml_read(struct arena *arena, struct diagnostics *diagnostics, struct place start,
                       const char *text, size_t length)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
        text += 3;
        length -= 3;
    }
    struct reader reader = {
        .arena = arena, .diagnostics = diagnostics, .start = start, .end = start};
    if (!check_characters(diagnostics, &reader.end, text, length))
        return tree_new(arena, TREE_INVALID, start);
    if (!yaml_parser_initialize(&reader.parser)) {
        arena->failed = true;
        return NULL;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
    struct tree *root = read_stream(&reader);
    yaml_parser_delete(&reader.parser);

    /* What was read before a break in the middle would only cause errors about missing keys. */
    if (reader.has_stopped)
        return tree_new(arena, TREE_INVALID, start);
    return root;
}
