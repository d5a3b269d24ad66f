/*
 * import_iozone.c - IOzone's table: file size and record length in kB, then rates in kB/s. Tests
 * that did not run leave their cells blank, so a number belongs to the heading that ends where it
 * ends.
 *
 *                                                       random    random     bkwd
 *       kB  reclen    write  rewrite    read    reread    read     write     read
 *    65536       4   105371            142315
 *
 * Only first writes and first reads, in order and at random, tell of a disk; without "O_DIRECT
 * feature enabled" they went through the page cache.
 */
#include "import_lines.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_COLUMN, RECORD_COLUMN, FIRST_TEST, NEAR = 2 };

static const double kB = 1024.0; /* IOzone's */

/* The tests in the order of the second heading, of which these are used. */
struct test {
    int column; /* word of the heading */
    enum raw_operation operation;
    bool is_random;
};

static const struct test tests[] = {
    {2, RAW_DISK_WRITE, false},
    {4, RAW_DISK_READ, false},
    {6, RAW_DISK_READ, true},
    {7, RAW_DISK_WRITE, true},
};

static bool is_heading(const struct import_line *line)
{
    return line->n_words > FIRST_TEST && (line->words[0].text[0] | 0x20) == 'k' &&
           strcmp(line->words[RECORD_COLUMN].text, "reclen") == 0;
}

static bool is_iozone(const struct import_text *source)
{
    struct import_line line;
    import_lines_begin(&line, source);
    while (import_next_line(&line)) {
        if (is_heading(&line))
            return true;
    }
    return false;
}

static int end_of(const struct import_word *word)
{
    return word->column + (int)strlen(word->text);
}

/* The word of the row below word `column` of the heading, or -1 where that cell is blank. */
static int word_below(const struct import_line *heading, int column, const struct import_line *row)
{
    if (column >= heading->n_words)
        return -1;
    for (int i = 0; i < row->n_words; i++) {
        if (abs(end_of(&row->words[i]) - end_of(&heading->words[column])) <= NEAR)
            return i;
    }
    return -1;
}

static void read_row(struct import *import, const struct import_line *heading, bool is_direct,
                     const struct import_line *row)
{
    double record_kB, kBps;

    if (!import_expect_number(import, row, RECORD_COLUMN, "record length", &record_kB))
        return;
    for (size_t t = 0; t < sizeof tests / sizeof *tests; t++) {
        const int word = word_below(heading, tests[t].column, row);
        if (word < FIRST_TEST || !import_expect_number(import, row, word, "rate", &kBps))
            continue;
        const struct raw_cell cell = {
            .operation = tests[t].operation,
            .path = RAW_NOWHERE,
            .size_B = record_kB * kB,
            .n_active = 1,
            .partner = -1,
            .argument = {tests[t].is_random ? 1.0 : 0.0, 1.0, is_direct ? 1.0 : 0.0}};
        import_believable_time(import, row, word, &cell, record_kB / kBps);
    }
}

static void read_iozone(struct import *import)
{
    struct import_line line, heading = {0};
    bool is_direct = false;
    double number;

    import_lines_begin(&line, &import->source);
    while (import_next_line(&line)) {
        is_direct = is_direct || import_line_begins(&line, "O_DIRECT feature enabled");
        if (is_heading(&line))
            heading = line;
        else if (heading.n_words > 0 && import_word_number(&line, FILE_COLUMN, &number))
            read_row(import, &heading, is_direct, &line);
    }
}

const struct importer import_iozone = {
    .name = "IOzone",
    .example = "\"kB reclen write rewrite read reread ...\", then rows of rates in kB/s",
    .is_it = is_iozone,
    .read = read_iozone,
};
