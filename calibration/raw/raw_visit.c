#include "raw_visit.h"

#include <stdint.h>
#include <string.h>

/* What is left of the line. */
struct cursor {
    const char *at, *end;
};

static void skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t'))
        cursor->at++;
}

static bool take_char(struct cursor *cursor, char wanted)
{
    skip_blanks(cursor);
    if (cursor->at == cursor->end || *cursor->at != wanted)
        return false;
    cursor->at++;
    return true;
}

/* A key in its quotes, and the colon. */
static bool take_key(struct cursor *cursor, const char *key)
{
    const size_t length_B = strlen(key);
    skip_blanks(cursor);
    if ((size_t)(cursor->end - cursor->at) < length_B || memcmp(cursor->at, key, length_B) != 0)
        return false;
    cursor->at += length_B;
    return take_char(cursor, ':');
}

static bool is_digit(const struct cursor *cursor)
{
    return cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
}

static bool take_whole(struct cursor *cursor, int *value)
{
    int number = 0, n = 0;
    skip_blanks(cursor);
    for (; is_digit(cursor) && n < 9; cursor->at++, n++)
        number = 10 * number + (*cursor->at - '0');
    *value = number;
    return n > 0;
}

/* Digits, of which a point may be among; their number counts against 15. */
static bool take_digits(struct cursor *cursor, int64_t *digits, int *exponent)
{
    int n = 0;
    bool is_fraction = false;
    *digits = 0;
    *exponent = 0;
    for (;; cursor->at++) {
        if (is_digit(cursor)) {
            *digits = 10 * *digits + (*cursor->at - '0');
            *exponent -= is_fraction;
            if (++n > 15)
                return false;
        } else if (!is_fraction && n > 0 && cursor->at < cursor->end && *cursor->at == '.') {
            is_fraction = true;
        } else {
            return n > 0;
        }
    }
}

/* Where digits and power of ten are both exact in a double, one division rounds as strtod does
 * (Clinger 1990, doi:10.1145/93548.93557). */
static bool take_number(struct cursor *cursor, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int64_t digits;
    int exponent, more = 0;
    skip_blanks(cursor);
    if (!take_digits(cursor, &digits, &exponent))
        return false;
    if (cursor->at < cursor->end && *cursor->at == 'e') {
        cursor->at++;
        const bool is_negative = cursor->at < cursor->end && *cursor->at == '-';
        cursor->at += cursor->at < cursor->end && (is_negative || *cursor->at == '+');
        if (!take_whole(cursor, &more))
            return false;
        exponent += is_negative ? -more : more;
    }
    if (exponent < -22 || exponent > 22)
        return false;
    *value = exponent < 0 ? (double)digits / powers[-exponent] : (double)digits * powers[exponent];
    return true;
}

static bool take_times(struct cursor *cursor, struct raw_visit *visit, double times_s[])
{
    if (!take_char(cursor, '['))
        return false;
    visit->n = 0;
    do {
        if (visit->n == RAW_VISIT_TIMES || !take_number(cursor, &times_s[visit->n]) ||
            times_s[visit->n] <= 0.0)
            return false;
        visit->n++;
    } while (take_char(cursor, ','));
    visit->times_s = times_s;
    return take_char(cursor, ']');
}

static bool take_whole_of(struct cursor *cursor, const char *key, int *value)
{
    return take_key(cursor, key) && take_whole(cursor, value) && take_char(cursor, ',');
}

static bool take_number_of(struct cursor *cursor, const char *key, double *value)
{
    return take_key(cursor, key) && take_number(cursor, value) && take_char(cursor, ',');
}

bool raw_visit_scan(const char *line, size_t length_B, struct raw_visit *visit,
                    double times_s[RAW_VISIT_TIMES])
{
    struct cursor cursor = {line, line + length_B};
    if (!(take_char(&cursor, '{') && take_whole_of(&cursor, "\"visit\"", &visit->cell) &&
          take_whole_of(&cursor, "\"launch\"", &visit->launch) &&
          take_whole_of(&cursor, "\"block\"", &visit->block) &&
          take_whole_of(&cursor, "\"rank\"", &visit->rank) &&
          take_number_of(&cursor, "\"at_s\"", &visit->at_s) &&
          take_number_of(&cursor, "\"cold_s\"", &visit->cold_s) && visit->cold_s > 0.0 &&
          take_key(&cursor, "\"times_s\"") && take_times(&cursor, visit, times_s) &&
          take_char(&cursor, '}')))
        return false;
    skip_blanks(&cursor);
    return cursor.at == cursor.end;
}
