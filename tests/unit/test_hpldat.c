/* HPL.dat and hpccinf.txt: the files that come with HPL and HPCC, and what is wrong in files that
 * people edit. */
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
    expect_said(0, "", N_LINES - 2, true, "HPL.dat: error: the file ends before the line of U\n");
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

/* --- hpccinf.txt ---------------------------------------------------------------------------- */

/* Reads the good HPL lines followed by `rest` as an hpccinf.txt. What is said must contain `first`
 * and `second`, or be nothing where both are NULL. */
static void expect_hpccinf(const char *rest, bool is_refused, const char *first, const char *second)
{
    struct arena arena = {NULL, false};
    struct diagnostics *diagnostics = diagnostics_new();
    struct reading reading = {.arena = &arena, .diagnostics = diagnostics};
    char text[FILE_B];
    write_file(text, 0, "", N_LINES);
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s", rest);
    diagnostics_add_text(diagnostics, "hpccinf.txt", text, strlen(text));
    const struct tree *map = hpccinf_read(&reading, "hpccinf.txt", text, strlen(text));
    char *said = diagnosed(diagnostics);
    if ((first && !strstr(said, first)) || (second && !strstr(said, second)) ||
        (!first && !second && said[0] != '\0'))
        fail_msg("got \"%s\"", said);
    assert_true((map == NULL) == is_refused);
    if (map)
        assert_int_equal(map->n_entries, 14);
    free(said);
    diagnostics_free(diagnostics);
    arena_release(&arena);
}

static void hpccs_file_is_hpls_with_four_lines_more(void **state)
{
    (void)state;
    expect_hpccinf("8 alignment\n##### separator\n"
                   "0 more sizes\n1200 10000\n0 more NBs\n40 9 8\n",
                   false, NULL, NULL);
    expect_hpccinf("", false, NULL, NULL);
    expect_hpccinf("8 alignment\n##### separator\n", false, NULL, NULL);
}

static void what_ptrans_would_run_more_is_told(void **state)
{
    (void)state;
    expect_hpccinf("8\n#\n2 more sizes\n30000 29400 Ns\n 1 more NBs\n40 NBs\n", false,
                   "hpccinf.txt:33:1: warning: none of 2 additional problem sizes for PTRANS is "
                   "simulated\n",
                   "hpccinf.txt:35:2: warning: none of 1 additional blocking sizes for PTRANS is "
                   "simulated\n");
}

static void wrong_lines_of_ptrans_are_refused_at_their_place(void **state)
{
    (void)state;
    expect_hpccinf("8\n#\nnone\n\n0\n\n", true,
                   "hpccinf.txt:33:1: error: expected a whole number for additional problem sizes "
                   "for PTRANS\n",
                   NULL);
    expect_hpccinf("8\n#\n-1\n\n21\n\n", true,
                   "hpccinf.txt:33:1: error: too many or too few additional problem sizes for "
                   "PTRANS\n",
                   "hpccinf.txt:35:1: error: too many or too few additional blocking sizes for "
                   "PTRANS\n");
    expect_hpccinf("8\n#\n0\n\n2\n40 x\n", true,
                   "hpccinf.txt:36:4: error: expected a whole number for NBs of PTRANS\n", NULL);
    expect_hpccinf("8\n#\n0\n\n", true,
                   "hpccinf.txt: error: the file ends before the line of additional blocking "
                   "sizes for PTRANS\n",
                   NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_becomes_the_key_that_it_means),
        cmocka_unit_test(wrong_lines_are_refused_at_their_place),
        cmocka_unit_test(of_several_values_the_first_is_taken_with_a_warning),
        cmocka_unit_test(hpccs_file_is_hpls_with_four_lines_more),
        cmocka_unit_test(what_ptrans_would_run_more_is_told),
        cmocka_unit_test(wrong_lines_of_ptrans_are_refused_at_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
