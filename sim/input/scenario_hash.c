/*
 * scenario_hash.c - a hash over every value of a scenario, in the order of the tables.
 *
 * Numbers enter as the bits of their values, so that "1 GiB" and "1024 MiB" are the same scenario
 * and no printing of numbers has a say.
 */
#include "scenario.h"

#include "expression.h"
#include "field_walk.h"
#include "hash.h"

#include <assert.h>
#include <string.h>

/* Byte by byte from the lowest, so that no order of bytes in memory has a say. */
static void add_word(uint64_t *hash, uint64_t word)
{
    for (int shift = 0; shift < 64; shift += 8)
        hash_add(hash, &(unsigned char){(unsigned char)(word >> shift)}, 1);
}

/* The NUL too, so that "ab", "c" differs from "a", "bc". */
static void add_text(uint64_t *hash, const char *text)
{
    hash_add(hash, text, strlen(text) + 1);
}

static void add_number(uint64_t *hash, double number)
{
    uint64_t bits;
    number += 0.0; /* -0 is 0 */
    memcpy(&bits, &number, sizeof bits);
    add_word(hash, bits);
}

static void add_parameter(uint64_t *hash, const struct parameter *p)
{
    add_number(hash, p->value);
    add_number(hash, p->ci95_lo);
    add_number(hash, p->ci95_hi);
    add_number(hash, p->valid_lo);
    add_number(hash, p->valid_hi);
    add_text(hash, p->source);
}

static void add_counts(uint64_t *hash, const int *counts, int n)
{
    add_word(hash, (uint64_t)n);
    for (int i = 0; i < n; i++)
        add_word(hash, (uint64_t)counts[i]);
}

/* Formulas enter as they were written. */
static void add_expression(uint64_t *hash, const struct expression *expression)
{
    if (expression->is_plain)
        add_number(hash, expression->value);
    else
        add_text(hash, expression->text);
}

static void add_variables(uint64_t *hash, const struct variables *variables)
{
    add_word(hash, (uint64_t)variables->n);
    for (int i = 0; i < variables->n; i++) {
        add_text(hash, variables->items[i].name);
        add_expression(hash, &variables->items[i].expression);
    }
}

static void add_value(const struct field_visit *visit, void *user)
{
    uint64_t *hash = user;
    const void *value = field_at(visit->field, visit->base);
    add_text(hash, visit->path);
    switch (visit->field->kind) {
    case FIELD_TEXT:
        add_text(hash, *(char *const *)value);
        break;
    case FIELD_CHOICE:
    case FIELD_COUNT:
        add_word(hash, (uint64_t) * (const int *)value);
        break;
    case FIELD_BOOL:
        add_word(hash, *(const bool *)value);
        break;
    case FIELD_LONG:
        add_word(hash, (uint64_t) * (const long *)value);
        break;
    case FIELD_COUNTS:
        add_counts(hash, value,
                   *(const int *)((const char *)visit->base + visit->field->count_offset));
        break;
    case FIELD_QUANTITY:
        add_number(hash, *(const double *)value);
        break;
    case FIELD_PARAMETER:
        add_parameter(hash, value);
        break;
    case FIELD_EXPRESSION:
        add_expression(hash, value);
        break;
    case FIELD_VARIABLES:
        add_variables(hash, value);
        break;
    case FIELD_GROUP:
    case FIELD_PROFILE:
    case FIELD_VARIANT:
    case FIELD_VARIANTS:
    case FIELD_TEXTS:
    case FIELD_TEXT_LISTS:
    case FIELD_PIECES:
    case FIELD_LIST:
        assert(!"no leaf of a scenario");
        break;
    }
}

void scenario_hash(const struct scenario *scenario, char hex[17])
{
    uint64_t hash = hash_start;
    field_walk(scenario_fields, scenario, NULL, "", add_value, &hash);
    snprintf(hex, 17, "%016llx", (unsigned long long)hash);
}
