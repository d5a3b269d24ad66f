/* One table, every kind of field: values, defaults, ranges and what is said when they are wrong. */
#include "diagnosed.h"

#include "sim/input/field_read.h"
#include "sim/input/field_walk.h"
#include "sim/input/yaml_tree.h"

#include "models/parameter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct inner {
    struct parameter delay_s;
    struct parameter longer_s;
};

struct piece {
    double from_B;
    struct parameter delay_s, longer_s;
};

struct toy {
    char *name;
    int colour;
    bool is_on;
    int n_cars;
    long n_ants;
    int sizes[3];
    int n_sizes;
    double length_B;
    struct parameter share;
    struct inner inner;
    int n_pieces;
    struct piece pieces[3];
};

static const char *const colours[] = {"red", "green", "blue", NULL};

static const struct field inner_fields[] = {{.key = "delay",
                                             .kind = FIELD_PARAMETER,
                                             .dimension = DIMENSION_TIME,
                                             .valid_dimension = DIMENSION_BYTES,
                                             FIELD_ABOVE_0,
                                             .fallback = "3 us",
                                             .offset = offsetof(struct inner, delay_s),
                                             .help = "A delay."},
                                            {.key = "longer",
                                             .kind = FIELD_PARAMETER,
                                             .dimension = DIMENSION_TIME,
                                             FIELD_ABOVE_0,
                                             .fallback = "@delay",
                                             .offset = offsetof(struct inner, longer_s),
                                             .help = "A longer one."},
                                            {.key = NULL}};

static const struct field piece_fields[] = {{.key = "from",
                                             .kind = FIELD_QUANTITY,
                                             .dimension = DIMENSION_BYTES,
                                             FIELD_FROM_0,
                                             .offset = offsetof(struct piece, from_B),
                                             .help = "Where it begins."},
                                            {.key = "delay",
                                             .kind = FIELD_PARAMETER,
                                             .dimension = DIMENSION_TIME,
                                             FIELD_FROM_0,
                                             .offset = offsetof(struct piece, delay_s),
                                             .help = "A delay."},
                                            {.key = "longer",
                                             .kind = FIELD_PARAMETER,
                                             .dimension = DIMENSION_TIME,
                                             FIELD_FROM_0,
                                             .fallback = "@delay",
                                             .offset = offsetof(struct piece, longer_s),
                                             .help = "A longer one."},
                                            {.key = NULL}};

static const struct field toy_fields[] = {
    {.key = "name", .kind = FIELD_TEXT, .offset = offsetof(struct toy, name), .help = "A name."},
    {.key = "colour",
     .kind = FIELD_CHOICE,
     .choices = colours,
     .fallback = "green",
     .offset = offsetof(struct toy, colour),
     .help = "A colour."},
    {.key = "on",
     .kind = FIELD_BOOL,
     .fallback = "false",
     .offset = offsetof(struct toy, is_on),
     .help = "A switch."},
    {.key = "cars",
     .kind = FIELD_COUNT,
     .min = 1,
     .max = 30,
     .fallback = "7",
     .offset = offsetof(struct toy, n_cars),
     .help = "Some cars."},
    {.key = "ants",
     .kind = FIELD_LONG,
     .fallback = "0",
     .offset = offsetof(struct toy, n_ants),
     .help = "Many ants."},
    {.key = "sizes",
     .kind = FIELD_COUNTS,
     .max_items = 3,
     .min = 1,
     .max = 99,
     .fallback = "[4, 5]",
     .offset = offsetof(struct toy, sizes),
     .count_offset = offsetof(struct toy, n_sizes),
     .help = "Sizes."},
    {.key = "length",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "2 KiB",
     .offset = offsetof(struct toy, length_B),
     .help = "A length."},
    {.key = "share",
     .kind = FIELD_PARAMETER,
     .min = 0.0,
     .max = 1.0,
     .fallback = "25 %",
     .offset = offsetof(struct toy, share),
     .help = "A share."},
    {.key = "inner",
     .kind = FIELD_GROUP,
     .fields = inner_fields,
     .offset = offsetof(struct toy, inner),
     .help = "More."},
    {.key = "pieces",
     .kind = FIELD_PIECES,
     .fields = piece_fields,
     .max_items = 3,
     .item_size_B = sizeof(struct piece),
     .fallback = "[]",
     .offset = offsetof(struct toy, pieces),
     .count_offset = offsetof(struct toy, n_pieces),
     .help = "By size."},
    {.key = NULL}};

/* A structure that was read, with what was said about its text. */
struct read {
    struct arena arena;
    struct toy toy;
    char *said;
};

static void read_toy(struct read *read, const char *text)
{
    *read = (struct read){.arena = {NULL, false}};
    struct diagnostics *diagnostics = diagnostics_new();
    diagnostics_add_text(diagnostics, "t", text, strlen(text));
    const struct tree *map =
        yaml_read(&read->arena, diagnostics, (struct place){"t", 1, 1}, text, strlen(text));
    struct reading reading = {.arena = &read->arena,
                              .diagnostics = diagnostics,
                              .source = "the document",
                              .source_file = "t"};
    field_read(&reading, toy_fields, map, "", &read->toy);
    read->said = diagnosed(diagnostics);
    diagnostics_free(diagnostics);
}

static void release(struct read *read)
{
    free(read->said);
    arena_release(&read->arena);
}

static void expect_said(const char *text, const char *expected)
{
    struct read read;
    read_toy(&read, text);
    if (!strstr(read.said, expected))
        fail_msg("expected \"%s\", got \"%s\"", expected, read.said);
    release(&read);
}

static void every_kind_of_value_goes_to_its_member(void **state)
{
    (void)state;
    struct read read;
    read_toy(&read, "name: x y\ncolour: blue\non: true\ncars: 12\nants: 8589934592\n"
                    "sizes: [3, 2, 9]\nlength: 1.5 kB\nshare: 0.375\n"
                    "inner: {delay: 74 us, longer: 81 us}\n");
    assert_string_equal(read.said, "");
    assert_string_equal(read.toy.name, "x y");
    assert_int_equal(read.toy.colour, 2);
    assert_true(read.toy.is_on);
    assert_int_equal(read.toy.n_cars, 12);
    assert_true(read.toy.n_ants == 8589934592L);
    assert_int_equal(read.toy.n_sizes, 3);
    assert_int_equal(read.toy.sizes[2], 9);
    assert_true(read.toy.length_B == 1500.0);
    assert_true(read.toy.share.value == 0.375);
    assert_true(read.toy.inner.longer_s.value == 81e-6);
    assert_string_equal(read.toy.inner.longer_s.source, "the document");
    release(&read);
}

static void what_is_left_out_takes_its_default_or_its_siblings_value(void **state)
{
    (void)state;
    struct read read;
    read_toy(&read, "name: x\ninner: {delay: {value: 5 us, ci95: [4 us, 7 us], source: me}}\n");
    assert_string_equal(read.said, "");
    assert_int_equal(read.toy.colour, 1);
    assert_int_equal(read.toy.n_cars, 7);
    assert_int_equal(read.toy.n_sizes, 2);
    assert_int_equal(read.toy.sizes[1], 5);
    assert_true(read.toy.length_B == 2048.0);
    assert_true(read.toy.share.value == 0.25);
    assert_string_equal(read.toy.share.source, "default");
    assert_true(read.toy.inner.longer_s.ci95_hi == 7e-6);
    assert_string_equal(read.toy.inner.longer_s.source, "me");
    release(&read);
}

static void a_parameter_may_have_interval_source_and_validity(void **state)
{
    (void)state;
    struct read read;
    read_toy(&read, "name: x\ninner:\n  delay: {value: 5 us, ci95: [4 us, 7 us], source: table 3,\n"
                    "    valid: [1 B, 64 KiB]}\n");
    assert_string_equal(read.said, "");
    const struct parameter *p = &read.toy.inner.delay_s;
    assert_true(p->value == 5e-6 && p->ci95_lo == 4e-6 && p->ci95_hi == 7e-6);
    assert_true(p->valid_lo == 1.0 && p->valid_hi == 65536.0);
    assert_string_equal(p->source, "table 3");
    assert_false(parameter_is_uncertain(&read.toy.share));
    assert_true(parameter_is_valid_at(&read.toy.share, 1e30));
    release(&read);
}

static void wrong_parameters_are_refused_at_what_is_wrong_in_them(void **state)
{
    (void)state;
    expect_said("name: x\nshare: {value: 0.5, ci95: [0.6, 0.7]}\n",
                "t:2:27: error: the value of share is outside its ci95\n");
    expect_said("name: x\nshare: {value: 0.5, ci95: [0.7, 0.1]}\n",
                "t:2:27: error: the bounds of ci95 are in the wrong order\n");
    expect_said("name: x\nshare: {value: 0.5, ci95: [0.1, 1.7]}\n",
                "t:2:33: error: 1.7 is out of range: share must be from 0 to 1\n");
    expect_said("name: x\nshare: {value: 0.5, ci95: 0.1}\n",
                "t:2:27: error: ci95 takes a list of two values\n");
    expect_said("name: x\nshare: {ci95: [0, 1]}\n", "t:2:8: error: missing key \"value\"\n");
    expect_said("name: x\nshare: {value: 1, sauce: y}\n",
                "t:2:19: error: unknown key of a parameter \"sauce\"\n");
    expect_said("name: x\nshare: {value: 1, sauce: y}\n", "did you mean \"source\"?\n");
    expect_said("name: x\ninner: {delay: {value: 1 s, valid: [1 s, 2 s]}}\n",
                "t:2:39: error: unknown unit \"s\" of a size\n");
}

static void wrong_values_are_refused_with_what_was_expected(void **state)
{
    (void)state;
    expect_said("name: x\ncars: 31\n",
                "t:2:7: error: 31 is out of range: cars must be from 1 to 30\n");
    expect_said("name: x\ncars: 1.5\n",
                "t:2:7: error: \"1.5\" is not a whole number\n"
                "    2 | cars: 1.5\n"
                "      |       ^\n"
                "      = expected a whole number from 1 to 30, such as 16\n");
    expect_said("name: x\ncars: 99999999999\n",
                "error: 99999999999 is too large a number for cars\n");
    expect_said("name: x\nants: 99999999999999999999\n", "is too large a number for ants\n");
    expect_said("name: x\ncolour: gren\n", "t:2:9: error: unknown colour \"gren\"\n");
    expect_said("name: x\ncolour: gren\n",
                "expected red, green or blue; did you mean \"green\"?\n");
    expect_said("name: x\non: yes\n", "t:2:5: error: unknown on \"yes\"\n");
    expect_said("name: x\nsizes: [1, 2, 3, 4]\n", "t:2:8: error: the list is too long\n");
    expect_said("name: x\nsizes: [1, 0]\n", "t:2:12: error: 0 is out of range");
    expect_said("name: x\nlength: -1 B\n",
                "t:2:9: error: -1 B is out of range: length must be 0 B or more\n");
    expect_said("name: x\nlength: 4 Gib\n", "t:2:11: error: unknown unit \"Gib\" of a size\n");
    expect_said("name: x\ninner: {delay: 0 s}\n",
                "error: 0 s is out of range: delay must be above 0 s\n");
    expect_said("name: x\nlength:\n", "t:2:8: error: length has no value\n");
    expect_said("name: x\nlength: [1 B]\n", "t:2:9: error: length takes one value, not a list\n");
    expect_said("name: x\ninner: 3\n", "t:2:8: error: inner takes a mapping of keys to values\n");
}

static void unknown_and_missing_keys_are_told_with_a_suggestion(void **state)
{
    (void)state;
    expect_said("name: x\nlenght: 4 B\n", "t:2:1: error: unknown key \"lenght\"\n");
    expect_said("name: x\nlenght: 4 B\n", "did you mean \"length\"?\n");
    expect_said("name: x\nzzz: 4\n", "the keys here are name, colour, on, cars");
    expect_said("cars: 3\n", "t:1:1: error: missing key \"name\"\n");
}

static void a_mistyped_key_is_not_missing_as_well(void **state)
{
    (void)state;
    struct read read;
    read_toy(&read, "nam: x\n");
    assert_non_null(strstr(read.said, "unknown key \"nam\""));
    assert_null(strstr(read.said, "missing"));
    release(&read);
    read_toy(&read, "<<: {name: x}\n");
    assert_non_null(strstr(read.said, "merge keys are not supported"));
    assert_null(strstr(read.said, "missing"));
    assert_null(strstr(read.said, "unknown"));
    release(&read);
}

static void all_errors_are_told_in_one_go(void **state)
{
    (void)state;
    struct read read;
    read_toy(&read, "name: x\ncars: no\ncolour: no\nlength: no\nshare: no\ninner: {delay: no}\n");
    int n = 0;
    for (const char *at = read.said; (at = strstr(at, ": error: ")); at++)
        n++;
    assert_int_equal(n, 5);
    release(&read);
}

static void pieces_are_read_side_by_side(void **state)
{
    (void)state;
    struct read read;
    read_toy(&read, "name: x\npieces:\n- {from: 0 B, delay: 3 us}\n"
                    "- {from: 4 KiB, delay: {value: 5 us, ci95: [4 us, 7 us]}, longer: 9 us}\n");
    assert_string_equal(read.said, "");
    assert_int_equal(read.toy.n_pieces, 2);
    assert_true(read.toy.pieces[0].longer_s.value == 3e-6);
    assert_true(read.toy.pieces[1].from_B == 4096.0);
    assert_true(read.toy.pieces[1].delay_s.ci95_hi == 7e-6);
    assert_true(read.toy.pieces[1].longer_s.value == 9e-6);
    release(&read);
    read_toy(&read, "name: x\n");
    assert_int_equal(read.toy.n_pieces, 0);
    release(&read);
    read_toy(&read, "name: x\npieces: []\n");
    assert_string_equal(read.said, "");
    assert_int_equal(read.toy.n_pieces, 0);
    release(&read);
}

#define PIECE(from) "- {from: " from ", delay: 3 us}\n"

static void pieces_in_disorder_are_refused_where_they_begin(void **state)
{
    (void)state;
    expect_said("name: x\npieces:\n" PIECE("1 B"),
                "t:3:10: error: an entry of pieces begins at 1 B, the first not at 0 B\n");
    expect_said("name: x\npieces:\n" PIECE("0 B") PIECE("9 B") PIECE("8 B"),
                "t:5:10: error: an entry of pieces begins at 8 B, not above the one before, which "
                "begins at 9 B\n");
    expect_said("name: x\npieces:\n" PIECE("0 B") PIECE("9 B") PIECE("9 B"),
                "t:5:10: error: an entry of pieces begins at 9 B, not above the one before");
    expect_said("name: x\npieces:\n" PIECE("0 B") PIECE("1 B") PIECE("2 B") PIECE("3 B"),
                "t:3:1: error: pieces has 4 entries, more than 3\n");
}

static void a_piece_lacks_and_mistypes_keys_as_any_mapping(void **state)
{
    (void)state;
    expect_said("name: x\npieces:\n- {from: 0 B}\n",
                "t:3:3: error: missing key \"pieces.0.delay\"\n");
    expect_said("name: x\npieces:\n- {from: 0 B, delai: 3 us}\n", "did you mean \"delay\"?\n");
    expect_said("name: x\npieces:\n- 3 us\n", "error: pieces takes a mapping of keys to values\n");
    expect_said("name: x\npieces: 3 us\n", "t:2:9: error: pieces takes a list\n");
    expect_said("name: x\npieces: {0: {delay: 3 us}}\n",
                "t:2:9: error: pieces takes a list, or has no entry of this number\n");
}

struct seen {
    int n;
    char last[64];
};

static void note_visit(const struct field_visit *visit, void *user)
{
    struct seen *seen = user;
    seen->n++;
    snprintf(seen->last, sizeof seen->last, "%s", visit->path);
    assert_ptr_equal((const char *)visit->twin - (const char *)visit->base, sizeof(struct toy));
}

static void a_walk_visits_each_leaf_once_in_the_order_of_the_table(void **state)
{
    (void)state;
    struct toy toys[2] = {0};
    struct seen seen = {0, ""};
    field_walk(toy_fields, &toys[0], &toys[1], "", note_visit, &seen);
    assert_int_equal(seen.n, 10); /* 8 in the table, 2 in its group */
    assert_string_equal(seen.last, "inner.longer");
}

/* Of the walk below: the parameters of pieces, and where these hold. */
struct pieces_seen {
    int n;
    char paths[6][32];
    double from[6], to[6];
};

static void note_piece(const struct field_visit *visit, void *user)
{
    struct pieces_seen *seen = user;
    if (isinf(visit->from)) {
        assert_true(visit->from < 0.0 && isinf(visit->to));
        return;
    }
    assert_true(seen->n < 6);
    snprintf(seen->paths[seen->n], sizeof seen->paths[0], "%s", visit->path);
    seen->from[seen->n] = visit->from;
    seen->to[seen->n++] = visit->to;
    const ptrdiff_t apart = (const char *)visit->twin - (const char *)visit->base;
    assert_int_equal(apart, sizeof(struct toy));
}

static void a_walk_visits_pieces_and_tells_where_they_hold(void **state)
{
    (void)state;
    struct toy toys[2] = {{.n_pieces = 2, .pieces[1].from_B = 2385.0}, {.n_pieces = 2}};
    struct pieces_seen seen = {0};
    field_walk(toy_fields, &toys[0], &toys[1], "", note_piece, &seen);
    assert_int_equal(seen.n, 6);
    assert_string_equal(seen.paths[1], "pieces.0.delay");
    assert_string_equal(seen.paths[5], "pieces.1.longer");
    assert_true(seen.from[2] == 0.0 && seen.to[2] == 2385.0);
    assert_true(seen.from[3] == 2385.0 && seen.to[3] == INFINITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_goes_to_its_member),
        cmocka_unit_test(what_is_left_out_takes_its_default_or_its_siblings_value),
        cmocka_unit_test(a_parameter_may_have_interval_source_and_validity),
        cmocka_unit_test(wrong_parameters_are_refused_at_what_is_wrong_in_them),
        cmocka_unit_test(wrong_values_are_refused_with_what_was_expected),
        cmocka_unit_test(unknown_and_missing_keys_are_told_with_a_suggestion),
        cmocka_unit_test(a_mistyped_key_is_not_missing_as_well),
        cmocka_unit_test(all_errors_are_told_in_one_go),
        cmocka_unit_test(a_walk_visits_each_leaf_once_in_the_order_of_the_table),
        cmocka_unit_test(a_walk_visits_pieces_and_tells_where_they_hold),
        cmocka_unit_test(pieces_are_read_side_by_side),
        cmocka_unit_test(pieces_in_disorder_are_refused_where_they_begin),
        cmocka_unit_test(a_piece_lacks_and_mistypes_keys_as_any_mapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
