#include "unit.h"

#include "suggest.h"

#include <assert.h>
#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIBI 1024.0L
#define MEBI (KIBI * KIBI)
#define GIBI (KIBI * MEBI)
#define TEBI (KIBI * GIBI)

enum {
    MAX_UNITS = 24,
    MAX_NUMBER_B = 128 /* longer ones are taken to be too large */
};

struct unit {
    const char *symbol;
    long double factor; /* to SI; long, so that 8.348 G is 8348000000 and not its neighbour */
    bool is_for_show;   /* unit_format may choose it */
};

struct dimension_row {
    const char *name;
    const char *si_unit;
    const char *examples;
    struct unit units[MAX_UNITS]; /* those for show from large to small; ends with a NULL symbol */
};

static const struct dimension_row rows[N_DIMENSIONS] = {
    [DIMENSION_NONE] = {"number", "", "0.92 or 92 %", {{"", 1.0L, true}, {"%", 0.01L, false}}},
    [DIMENSION_TIME] = {"time",
                        "s",
                        "74 us or 1.5 s",
                        {{"s", 1.0L, true},
                         {"ms", 1e-3L, true},
                         {"us", 1e-6L, true},
                         {"\xc2\xb5s", 1e-6L, false}, /* micro sign */
                         {"\xce\xbcs", 1e-6L, false}, /* Greek mu */
                         {"ns", 1e-9L, true},
                         {"ps", 1e-12L, true},
                         {"min", 60.0L, false},
                         {"h", 3600.0L, false}}},
    [DIMENSION_BYTES] = {"size",
                         "B",
                         "4 GiB or 1500 B",
                         {{"TB", 1e12L, true},
                          {"GB", 1e9L, true},
                          {"MB", 1e6L, true},
                          {"kB", 1e3L, true},
                          {"B", 1.0L, true},
                          {"KiB", KIBI, false},
                          {"MiB", MEBI, false},
                          {"GiB", GIBI, false},
                          {"TiB", TEBI, false}}},
    [DIMENSION_BANDWIDTH] = {"bandwidth",
                             "B/s",
                             "1 Gbit/s or 125 MB/s",
                             {{"TB/s", 1e12L, true},
                              {"GB/s", 1e9L, true},
                              {"MB/s", 1e6L, true},
                              {"kB/s", 1e3L, true},
                              {"B/s", 1.0L, true},
                              {"KiB/s", KIBI, false},
                              {"MiB/s", MEBI, false},
                              {"GiB/s", GIBI, false},
                              {"TiB/s", TEBI, false},
                              {"bit/s", 1.0L / 8.0L, false},
                              {"kbit/s", 1e3L / 8.0L, false},
                              {"Mbit/s", 1e6L / 8.0L, false},
                              {"Gbit/s", 1e9L / 8.0L, false},
                              {"Tbit/s", 1e12L / 8.0L, false}}},
    [DIMENSION_RATE] = {"rate of work",
                        "flop/s",
                        "8.348 Gflop/s or 8.348 GFLOPS",
                        {{"Tflop/s", 1e12L, true},
                         {"Gflop/s", 1e9L, true},
                         {"Mflop/s", 1e6L, true},
                         {"kflop/s", 1e3L, true},
                         {"flop/s", 1.0L, true},
                         {"TFLOPS", 1e12L, false},
                         {"GFLOPS", 1e9L, false},
                         {"MFLOPS", 1e6L, false}}},
    [DIMENSION_WORK] = {"number of operations",
                        "flop",
                        "2.5 Gflop or 400 Mflop",
                        {{"Tflop", 1e12L, true},
                         {"Gflop", 1e9L, true},
                         {"Mflop", 1e6L, true},
                         {"kflop", 1e3L, true},
                         {"flop", 1.0L, true}}},
    [DIMENSION_FREQUENCY] =
        {"frequency",
         "Hz",
         "2.66 GHz or 800 MHz",
         {{"GHz", 1e9L, true}, {"MHz", 1e6L, true}, {"kHz", 1e3L, true}, {"Hz", 1.0L, true}}},
    [DIMENSION_TIME_PER_BYTE] = {"time per byte",
                                 "s/B",
                                 "0.35 ns/B or 12 ps/B",
                                 {{"s/B", 1.0L, true},
                                  {"ms/B", 1e-3L, true},
                                  {"us/B", 1e-6L, true},
                                  {"ns/B", 1e-9L, true},
                                  {"ps/B", 1e-12L, true}}},
};

/* What people write and mean one of two things by: no guess is safe. */
static const struct {
    const char *symbol, *advice;
} ambiguous[] = {
    {"KB", "kB is 1000 bytes, KiB is 1024"},
    {"K", "kB is 1000 bytes, KiB is 1024"},
    {"k", "kB is 1000 bytes, KiB is 1024"},
    {"M", "MB is 1000^2 bytes, MiB is 1024^2"},
    {"G", "GB is 1000^3 bytes, GiB is 1024^3"},
    {"m", "write ms for milliseconds, min for minutes"},
    {"Gb/s", "write Gbit/s for bits, GB/s for bytes"},
    {"Gbps", "write Gbit/s for bits, GB/s for bytes"},
    {"GBps", "write Gbit/s for bits, GB/s for bytes"},
    {"Mb/s", "write Mbit/s for bits, MB/s for bytes"},
    {"Mbps", "write Mbit/s for bits, MB/s for bytes"},
    {"MBps", "write Mbit/s for bits, MB/s for bytes"},
    {"KB/s", "kB/s is 1000 bytes a second, KiB/s is 1024"},
};

const char *dimension_name(enum dimension dimension)
{
    return rows[dimension].name;
}

const char *dimension_si_unit(enum dimension dimension)
{
    return rows[dimension].si_unit;
}

const char *dimension_examples(enum dimension dimension)
{
    return rows[dimension].examples;
}

const char *dimension_unit(enum dimension dimension, int index)
{
    return rows[dimension].units[index].symbol;
}

static size_t n_digits(const char *text)
{
    size_t n = 0;
    while (isdigit((unsigned char)text[n]))
        n++;
    return n;
}

/* Length of the decimal number that `text` starts with; 0: none. */
static size_t number_length(const char *text)
{
    size_t at = text[0] == '-' || text[0] == '+';
    const size_t n_whole = n_digits(text + at);
    at += n_whole;
    size_t n_fraction = 0;
    if (text[at] == '.') {
        n_fraction = n_digits(text + at + 1);
        at += 1 + n_fraction;
    }
    if (n_whole + n_fraction == 0)
        return 0;
    if (text[at] == 'e' || text[at] == 'E') {
        const size_t sign = text[at + 1] == '-' || text[at + 1] == '+';
        const size_t n_exponent = n_digits(text + at + 1 + sign);
        if (n_exponent > 0)
            at += 1 + sign + n_exponent;
    }
    return at;
}

/* Parses a number in the same way whatever the locale. Returns the bytes read; 0 when `text` starts
 * with no number. */
static size_t parse_number(const char *text, long double *value)
{
    const size_t length = number_length(text);
    if (length == 0)
        return 0;
    /* strtold reads hexadecimal where a number starts with 0x, and a comma in some locales: give it
     * exactly the decimal number, in the C locale. */
    char number[MAX_NUMBER_B];
    if (length >= sizeof number) {
        *value = INFINITY;
        return length;
    }
    memcpy(number, text, length);
    number[length] = '\0';
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    assert(c_locale); /* the C locale is built in */
    *value = strtold_l(number, NULL, c_locale);
    freelocale(c_locale);
    return length;
}

static bool no_number(const struct dimension_row *row, const char *text,
                      struct unit_problem *problem)
{
    problem->at_B = 0;
    snprintf(problem->message, sizeof problem->message, "\"%.40s\" is not a %s", text, row->name);
    snprintf(problem->hint, sizeof problem->hint, "expected a %s, such as %s", row->name,
             row->examples);
    return false;
}

/* Nothing in the world is outside these, in SI units, and what is inside can be multiplied and
 * divided a few times without an overflow. */
static const double smallest_si = 1e-30, largest_si = 1e30;

static bool is_plausible(double si)
{
    return si == 0.0 || (fabs(si) >= smallest_si && fabs(si) <= largest_si);
}

static bool implausible(const struct dimension_row *row, const char *text, double si,
                        struct unit_problem *problem)
{
    problem->at_B = 0;
    snprintf(problem->message, sizeof problem->message, "%.40s is too %s a number", text,
             fabs(si) < 1.0 ? "small" : "large");
    snprintf(problem->hint, sizeof problem->hint, "expected a %s, such as %s", row->name,
             row->examples);
    return false;
}

static bool unknown_unit(const struct dimension_row *row, const char *symbol,
                         struct unit_problem *problem)
{
    if (symbol[0] == '\0')
        snprintf(problem->message, sizeof problem->message, "a %s needs a unit", row->name);
    else
        snprintf(problem->message, sizeof problem->message, "unknown unit \"%.40s\" of a %s",
                 symbol, row->name);
    const char *advice = NULL;
    for (size_t i = 0; i < sizeof ambiguous / sizeof *ambiguous; i++)
        if (strcmp(symbol, ambiguous[i].symbol) == 0)
            advice = ambiguous[i].advice;

    const char *symbols[MAX_UNITS];
    size_t n = 0;
    for (; row->units[n].symbol; n++)
        symbols[n] = row->units[n].symbol;
    const char *near = advice || symbol[0] == '\0' ? NULL : suggest(symbol, n, symbols);
    const int length = snprintf(problem->hint, sizeof problem->hint, "expected a %s, such as %s",
                                row->name, row->examples);
    char *end = problem->hint + length;
    const size_t room = sizeof problem->hint - (size_t)length;
    if (advice)
        snprintf(end, room, "; %s", advice);
    else if (near)
        snprintf(end, room, "; did you mean \"%s\"?", near);
    return false;
}

bool unit_parse(enum dimension dimension, const char *text, double *value,
                struct unit_problem *problem)
{
    const struct dimension_row *row = &rows[dimension];
    long double number;
    size_t at = parse_number(text, &number);
    if (at == 0)
        return no_number(row, text, problem);
    at += strspn(text + at, " \t");
    problem->at_B = at;
    for (const struct unit *unit = row->units; unit->symbol; unit++) {
        if (strcmp(text + at, unit->symbol) != 0)
            continue;
        const double si = (double)(number * unit->factor);
        if (!is_plausible(si))
            return implausible(row, text, si, problem);
        *value = si;
        return true;
    }
    return unknown_unit(row, text + at, problem);
}

/* Binary sizes are those that people give in binary units: whole numbers of them, and small ones.
 */
enum { MAX_BINARY_COUNT = 1024 * 1024 };

static bool format_binary(double value, char text[QUANTITY_TEXT_B])
{
    static const struct unit binary[] = {
        {"TiB", TEBI, true}, {"GiB", GIBI, true}, {"MiB", MEBI, true}, {"KiB", KIBI, true}};
    for (size_t i = 0; i < sizeof binary / sizeof *binary; i++)
        if (value >= binary[i].factor && value / binary[i].factor < MAX_BINARY_COUNT &&
            fmodl(value, binary[i].factor) == 0.0L) {
            snprintf(text, QUANTITY_TEXT_B, "%.10Lg %s", value / binary[i].factor,
                     binary[i].symbol);
            return true;
        }
    return false;
}

void unit_format(enum dimension dimension, double value, char text[QUANTITY_TEXT_B])
{
    const struct dimension_row *row = &rows[dimension];
    if (dimension == DIMENSION_BYTES && format_binary(value, text))
        return;

    /* The largest unit in which the number is at least 1; else the smallest. */
    const struct unit *best = NULL;
    for (const struct unit *unit = row->units; unit->symbol; unit++)
        if (unit->is_for_show && (!best || fabsl(value) < best->factor))
            best = unit;
    assert(best);
    if (value == 0.0 || !isfinite(value))
        snprintf(text, QUANTITY_TEXT_B, "%g %s", value, row->si_unit);
    else
        snprintf(text, QUANTITY_TEXT_B, "%.6Lg %s", value / best->factor, best->symbol);
    if (dimension == DIMENSION_NONE)
        text[strcspn(text, " ")] = '\0';
}
