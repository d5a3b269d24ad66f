/* HPL.dat: the file that comes with HPL, and what is wrong in files that people edit. */
#include "diagnosed.h"

#include "sim/input/hpldat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Lines 5 to 30, as many as HPL reads; the first four are texts. */
static const char *const good_lines[] = {
    "1            # of problems sizes (N)",
    "58600        Ns",
    "1            # of NBs",
    "400          NBs",
    "1            PMAP process mapping (0=Row-,1=Column-major)",
    "1            # of process grids (P x Q)",
    "7            Ps",
    "4            Qs",
    "16.0         threshold",
    "1            # of panel fact",
    "1            PFACTs (0=left, 1=Crout, 2=Right)",
    "1            # of recursive stopping criterium",
    "8            NBMINs (>= 1)",
    "1            # of panels in recursion",
    "3            NDIVs",
    "1            # of recursive panel fact.",
    "2            RFACTs (0=left, 1=Crout, 2=Right)",
    "1            # of broadcast",
    "5            BCASTs (0=1rg,1=1rM,2=2rg,3=2rM,4=Lng,5=LnM)",
    "1            # of lookahead depth",
    "0            DEPTHs (>=0)",
    "1            SWAP (0=bin-exch,1=long,2=mix)",
    "72           swapping threshold",
    "0            L1 in (0=transposed,1=no-transposed) form",
    "0            U  in (0=transposed,1=no-transposed) form",
    "0            Equilibration (0=no,1=yes)",
};
enum { N_LINES = sizeof good_lines / sizeof *good_lines, FIRST_LINE = 5, FILE_B = 4096 };

/* The file with line `line` replaced, and ended after `n_lines` of its lines. */
static void write_file(char text[FILE_B], int line, const char *replacement, int n_lines)
{
    int length = snprintf(text, FILE_B,
                          "HPLinpack benchmark input file\nInnovative Computing "
                          "Laboratory\nHPL.out\n6\n");
    for (int i = 0; i < n_lines; i++)
        length += snprintf(text + length, FILE_B - (size_t)length, "%s\n",
                           i + FIRST_LINE == line ? replacement : good_lines[i]);
}

/* Reads the text; returns the mapping, in `arena`, or NULL. The caller frees `*said`. */
static struct tree *read_text(struct arena *arena, const char *text, char **said)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct reading reading = {.arena = arena, .diagnostics = diagnostics};
    diagnostics_add_text(diagnostics, "HPL.dat", text, strlen(text));
    struct tree *map = hpldat_read(&reading, "HPL.dat", text, strlen(text));
    *said = diagnosed(diagnostics);
    diagnostics_free(diagnostics);
    return map;
}

static void every_line_becomes_the_key_that_it_means(void **state)
{
    (void)state;
    static const char *const expected[][2] = {
        {"n", "58600"},
        {"nb", "400"},
        {"order", "column"},
        {"p", "7"},
        {"q", "4"},
        {"pfact", "crout"},
        {"nbmin", "8"},
        {"ndiv", "3"},
        {"rfact", "right"},
        {"broadcast", "longM"},
        {"depth", "0"},
        {"swap", "spread-roll"},
        {"swap_threshold", "72"},
        {"equilibration", "false"},
    };
    struct arena arena = {NULL, false};
    char text[FILE_B], *said;
    write_file(text, 0, "", N_LINES);
    const struct tree *map = read_text(&arena, text, &said);
    assert_string_equal(said, "");
    assert_int_equal(map->n_entries, 14);
    for (size_t i = 0; i < 14; i++) {
        const struct tree_entry *entry = tree_find(map, expected[i][0]);
        assert_non_null(entry);
        assert_string_equal(entry->value->text, expected[i][1]);
    }
    assert_int_equal(tree_find(map, "nb")->value->place.line, 8);
    free(said);
    arena_release(&arena);
}

static void expect_said(int line, const char *replacement, int n_lines, bool is_refused,
                        const char *expected)
{
    struct arena arena = {NULL, false};
    char text[FILE_B], *said;
    write_file(text, line, replacement, n_lines);
    const struct tree *map = read_text(&arena, text, &said);
    if (!strstr(said, expected))
        fail_msg("expected \"%s\", got \"%s\"", expected, said);
    assert_true((map == NULL) == is_refused);
    free(said);
    arena_release(&arena);
}

static void wrong_lines_are_refused_at_their_place(void **state)
{
    (void)state;
    expect_said(6, "  58k Ns", N_LINES, true,
                "HPL.dat:6:3: error: expected a whole number for Ns\n");
    expect_said(9, "2 PMAP", N_LINES, true, "HPL.dat:9:1: error: unknown code of PMAP\n");
    expect_said(23, "6 BCASTs", N_LINES, true, "HPL.dat:23:1: error: unknown code of BCASTs\n");
    expect_said(7, "0", N_LINES, true, "HPL.dat:7:1: error: too many or too few NBs\n");
    expect_said(7, "21", N_LINES, true, "HPL.dat:7:1: error: too many or too few NBs\n");
    expect_said(7, "2", N_LINES, true, "HPL.dat:8:14: error: expected a whole number for NBs\n");
    expect_said(0, "", N_LINES - 2, true,
                "HPL.dat: error: the file ends before the line of Equilibration\n");
    expect_said(12, "", N_LINES, true, "HPL.dat:12:1: error: expected a whole number for Qs\n");
}

static void of_several_values_the_first_is_taken_with_a_warning(void **state)
{
    (void)state;
    expect_said(5, "2 # of problems sizes", N_LINES, true, "warning: of 2 problem sizes (N) only");
    struct arena arena = {NULL, false};
    char text[FILE_B], *said;
    write_file(text, 0, "", N_LINES);
    *strstr(text, "1            # of NBs") = '2';
    strstr(text, "400          NBs")[4] = '5'; /* "400 5" */
    const struct tree *map = read_text(&arena, text, &said);
    assert_non_null(map);
    assert_non_null(strstr(said, "HPL.dat:7:1: warning: of 2 NBs only the first is simulated\n"));
    assert_string_equal(tree_find(map, "nb")->value->text, "400");
    free(said);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_becomes_the_key_that_it_means),
        cmocka_unit_test(wrong_lines_are_refused_at_their_place),
        cmocka_unit_test(of_several_values_the_first_is_taken_with_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
