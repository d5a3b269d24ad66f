/* YAML: what is read, where each value is said to stand, and which parts of YAML are refused. */
#include "diagnosed.h"

#include "sim/input/yaml_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A text that is being read, with what was said about it. */
struct read {
    struct arena arena;
    struct tree *tree;
    char *said;
};

static struct read read_bytes(const char *text, size_t length)
{
    struct read read = {.arena = {NULL, false}};
    struct diagnostics *diagnostics = diagnostics_new();
    diagnostics_add_text(diagnostics, "t", text, length);
    read.tree = yaml_read(&read.arena, diagnostics, (struct place){"t", 1, 1}, text, length);
    read.said = diagnosed(diagnostics);
    diagnostics_free(diagnostics);
    return read;
}

static void release(struct read *read)
{
    free(read->said);
    arena_release(&read->arena);
}

static void expect_said(const char *text, const char *expected)
{
    struct read read = read_bytes(text, strlen(text));
    if (!strstr(read.said, expected))
        fail_msg("expected \"%s\", got \"%s\"", expected, read.said);
    release(&read);
}

static void a_tree_keeps_keys_values_and_their_places_in_order(void **state)
{
    (void)state;
    static const char text[] = "b: 3 GiB\na:\n  - \"x \\\"y\\\"\"\n  - {k: v}\n";
    struct read read = read_bytes(text, strlen(text));
    assert_string_equal(read.said, "");
    assert_int_equal(read.tree->n_entries, 2);
    const struct tree_entry *b = &read.tree->entries[0], *a = &read.tree->entries[1];
    assert_string_equal(b->key, "b");
    assert_string_equal(b->value->text, "3 GiB");
    assert_int_equal(b->value->place.line, 1);
    assert_int_equal(b->value->place.column, 4);
    assert_string_equal(a->value->entries[0].value->text, "x \"y\"");
    assert_true(a->value->entries[0].value->is_quoted);
    const struct tree_entry *k = tree_find(a->value->entries[1].value, "k");
    assert_int_equal(k->key_place.line, 4);
    assert_int_equal(k->key_place.column, 6);
    release(&read);
}

static void a_byte_order_mark_and_crlf_change_nothing(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf"
                               "a: 1\r\nb: 2\r\n";
    struct read read = read_bytes(text, strlen(text));
    assert_string_equal(read.said, "");
    assert_string_equal(tree_find(read.tree, "b")->value->text, "2");
    assert_int_equal(tree_find(read.tree, "b")->value->place.line, 2);
    assert_int_equal(tree_find(read.tree, "a")->value->place.column, 4);
    release(&read);
}

static void an_empty_text_has_no_tree(void **state)
{
    (void)state;
    static const char *const empty[] = {"", "\n\n", "# remark\n", "---\n...\n"};
    for (size_t i = 0; i < 3; i++) {
        struct read read = read_bytes(empty[i], strlen(empty[i]));
        assert_null(read.tree);
        assert_string_equal(read.said, "");
        release(&read);
    }
}

static void duplicate_keys_are_refused_and_the_first_is_named(void **state)
{
    (void)state;
    expect_said("a: 1\nb: 2\na: 3\n", "t:3:1: error: duplicate key \"a\"\n");
    expect_said("a: 1\nb: 2\na: 3\n", "it was given first in line 1\n");
}

static void what_surprises_people_in_yaml_is_refused_at_its_place(void **state)
{
    (void)state;
    expect_said("a: &x 1\n", "t:1:4: error: anchors are not supported\n");
    expect_said("a: &x 1\nb: *x\n", "t:2:4: error: aliases are not supported\n");
    expect_said("a: !!str 1\n", "t:1:4: error: tags are not supported\n");
    expect_said("a: {<<: {b: 1}}\n", "t:1:5: error: merge keys are not supported\n");
    expect_said("a: 1\n---\nb: 2\n", "t:2:1: error: a second document starts here\n");
    expect_said("? [a, b]\n: c\n", "t:1:3: error: a key must be a plain word\n");
    expect_said("a: \"x\\0y\"\n", "t:1:4: error: control character U+0000 is not allowed\n");
    expect_said("a: b: c\n", "t:1:5: error: mapping values are not allowed in this context\n");
    expect_said("a: [1, 2\n", "error: did not find expected ',' or ']'\n");
}

static void bytes_that_are_no_text_are_refused_at_their_place(void **state)
{
    (void)state;
    expect_said("a: 1\nb: \xff\n", "t:2:4: error: byte 0xff is not UTF-8\n");
    expect_said("a: \xc0\xaf\n", "t:1:4: error: byte 0xc0 is not UTF-8\n"); /* overlong "/" */
    expect_said("a: \x1b[2J\n", "t:1:4: error: control character U+001B is not allowed\n");
    expect_said("a: \"\\e[2J\"\n", "t:1:4: error: control character U+001B is not allowed\n");
    expect_said("\"a\\x9b\": 1\n", "t:1:1: error: control character U+009B is not allowed\n");
    static const char with_nul[] = "a: 1\nb: \0 2\n";
    struct read read = read_bytes(with_nul, sizeof with_nul - 1);
    assert_non_null(strstr(read.said, "t:2:4: error: control character U+0000 is not allowed\n"));
    release(&read);
}

/* One level more than allowed; the outer mapping is the first. */
static void depth_and_number_of_values_are_limited(void **state)
{
    (void)state;
    char deep[YAML_MAX_DEPTH + 8] = "a: ";
    memset(deep + 3, '[', YAML_MAX_DEPTH);
    expect_said(deep, "error: nested too deeply\n");

    char *wide = malloc(3 * YAML_MAX_VALUES + 64);
    size_t length = (size_t)sprintf(wide, "a:\n");
    for (int i = 0; i < YAML_MAX_VALUES; i++)
        length += (size_t)sprintf(wide + length, "%s", i == 0 ? "- [" : "1,");
    sprintf(wide + length, "]\n");
    expect_said(wide, "error: the document has too many values\n");
    free(wide);
}

static void merging_replaces_values_and_merges_mappings(void **state)
{
    (void)state;
    static const char base_text[] = "a: {x: 1, y: 2}\nb: {value: 3, source: s}\nc: 4\nd: [5]\n";
    static const char over_text[] = "a: {y: 6}\nb: {value: 7}\nc: {source: t}\nd: [8, 9]\ne: 10\n";
    struct read base = read_bytes(base_text, strlen(base_text));
    struct read over = read_bytes(over_text, strlen(over_text));
    const struct tree *merged = tree_merge(&base.arena, base.tree, over.tree);
    const struct tree *a = tree_find(merged, "a")->value, *b = tree_find(merged, "b")->value;
    const struct tree *c = tree_find(merged, "c")->value;
    assert_string_equal(tree_find(a, "x")->value->text, "1");
    assert_string_equal(tree_find(a, "y")->value->text, "6");
    assert_string_equal(tree_find(b, "value")->value->text, "7");
    assert_null(tree_find(b, "source")); /* a new value has not the old one's source */
    assert_string_equal(tree_find(c, "value")->value->text, "4");
    assert_string_equal(tree_find(c, "source")->value->text, "t");
    assert_int_equal(tree_find(merged, "d")->value->n_entries, 2);
    assert_string_equal(tree_find(merged, "e")->value->text, "10");
    assert_string_equal(tree_find(tree_find(base.tree, "a")->value, "y")->value->text, "2");
    release(&base);
    release(&over);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_keeps_keys_values_and_their_places_in_order),
        cmocka_unit_test(a_byte_order_mark_and_crlf_change_nothing),
        cmocka_unit_test(an_empty_text_has_no_tree),
        cmocka_unit_test(duplicate_keys_are_refused_and_the_first_is_named),
        cmocka_unit_test(what_surprises_people_in_yaml_is_refused_at_its_place),
        cmocka_unit_test(bytes_that_are_no_text_are_refused_at_their_place),
        cmocka_unit_test(depth_and_number_of_values_are_limited),
        cmocka_unit_test(merging_replaces_values_and_merges_mappings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
