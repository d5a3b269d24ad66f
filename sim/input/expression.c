#include "expression.h"

#include "suggest.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <muParserDLL.h>
#include <stdio.h>
#include <string.h>

enum { MAX_FORMULA_B = 400 };

const char scope_ranks[] = "p";
const char scope_step[] = "i";

/* --- what formulas know ------------------------------------------------------------ */

static double smallest(const double values[], int n)
{
    double found = values[0];
    for (int i = 1; i < n; i++)
        found = fmin(found, values[i]);
    return found;
}

static double largest(const double values[], int n)
{
    double found = values[0];
    for (int i = 1; i < n; i++)
        found = fmax(found, values[i]);
    return found;
}

static const struct function {
    const char *name;
    double (*of_one)(double);
    double (*of_many)(const double values[], int n); /* where of_one is NULL */
} functions[] = {
    {"min", NULL, smallest}, {"max", NULL, largest}, {"floor", floor, NULL}, {"ceil", ceil, NULL},
    {"abs", fabs, NULL},     {"sqrt", sqrt, NULL},   {"cbrt", cbrt, NULL},   {"exp", exp, NULL},
    {"ln", log, NULL},       {"log2", log2, NULL},   {"log10", log10, NULL},
};
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

static bool is_name(const char *text)
{
    if (!isalpha((unsigned char)text[0]) && text[0] != '_')
        return false;
    while (isalnum((unsigned char)*text) || *text == '_')
        text++;
    return *text == '\0';
}

const char *scope_refuses(const char *name)
{
    if (!is_name(name))
        return "a variable has letters, digits and _, and begins with a letter";
    if (strlen(name) >= SCOPE_MAX_NAME_B)
        return "the name is too long";
    if (strcmp(name, scope_ranks) == 0)
        return "p is the number of ranks";
    if (strcmp(name, scope_step) == 0)
        return "i is the pass of a repetition";
    for (int i = 0; i < N_FUNCTIONS; i++)
        if (strcmp(name, functions[i].name) == 0)
            return "this is the name of a function";
    return NULL;
}

static int scope_find(const struct scope *scope, const char *name)
{
    int i = 0;
    while (i < scope->n && strcmp(scope->names[i], name) != 0)
        i++;
    return i;
}

void scope_set(struct scope *scope, const char *name, double value)
{
    const int i = scope_find(scope, name);
    assert(i < SCOPE_MAX_NAMES);
    if (i == scope->n)
        scope->names[scope->n++] = name;
    scope->values[i] = value;
}

/* --- muParser ----------------------------------------------------------------------- */

/* A handle without handler prints its errors; this one leaves them to mupError(). */
static void keep_error(muParserHandle_t parser)
{
    (void)parser;
}

/* A parser that knows the names of `scope`, whose values it reads whenever it computes. */
static muParserHandle_t open_parser(struct scope *scope, const char *text, size_t length)
{
    char formula[MAX_FORMULA_B + 1];
    assert(length <= MAX_FORMULA_B);
    memcpy(formula, text, length);
    formula[length] = '\0';

    muParserHandle_t parser = mupCreate(muBASETYPE_FLOAT);
    mupSetErrorHandler(parser, keep_error);
    mupClearConst(parser);
    mupClearFun(parser);
    for (int i = 0; i < N_FUNCTIONS; i++)
        if (functions[i].of_one)
            mupDefineFun1(parser, functions[i].name, functions[i].of_one, true);
        else
            mupDefineMultFun(parser, functions[i].name, functions[i].of_many, true);
    for (int i = 0; i < scope->n; i++)
        mupDefineVar(parser, scope->names[i], &scope->values[i]);
    mupSetExpr(parser, formula);
    return parser;
}

/* Whether a parser that has computed needed `name`. */
static bool uses(muParserHandle_t parser, const char *name)
{
    const int n = mupGetExprVarNum(parser);
    for (int i = 0; i < n; i++) {
        const char *used = NULL;
        double *value = NULL;
        mupGetExprVar(parser, (unsigned)i, &used, &value);
        if (used && strcmp(used, name) == 0)
            return true;
    }
    return false;
}

/* --- what is wrong with a formula ------------------------------------------------------ */

static void list_names(const struct scope *scope, const char *word, struct unit_problem *problem)
{
    const char *names[SCOPE_MAX_NAMES + N_FUNCTIONS];
    size_t n = 0;
    for (int i = 0; i < scope->n; i++)
        names[n++] = scope->names[i];
    for (int i = 0; i < N_FUNCTIONS; i++)
        names[n++] = functions[i].name;
    const char *near = suggest(word, n, names);
    const size_t size = sizeof problem->hint;
    int length = near ? snprintf(problem->hint, size, "did you mean \"%s\"? ", near) : 0;
    length += snprintf(problem->hint + length, size - (size_t)length, "a formula may use ");
    for (size_t i = 0; i < n && length < (int)size; i++)
        length += snprintf(problem->hint + length, size - (size_t)length, "%s%s",
                           i == 0 ? "" : ", ", names[i]);
}

/* muParser's error code for what can be told better than that something is out of place. */
enum { UNKNOWN_TOKEN = 1, TOO_MANY = 14, TOO_FEW = 15, EMPTY = 25 };

static bool refuse_formula(muParserHandle_t parser, const struct scope *scope, size_t length,
                           struct unit_problem *problem)
{
    const int at = mupGetErrorPos(parser), code = mupGetErrorCode(parser);
    char token[SCOPE_MAX_NAME_B];
    snprintf(token, sizeof token, "%s", mupGetErrorToken(parser));
    token[strcspn(token, " \t")] = '\0';

    problem->at_B = at < 0 || length == 0 ? 0 : (size_t)at < length ? (size_t)at : length - 1;
    snprintf(problem->hint, sizeof problem->hint, "a formula is written as n/p*8 or min(n, 64)^2");
    if (code == UNKNOWN_TOKEN && is_name(token)) {
        snprintf(problem->message, sizeof problem->message, "unknown variable \"%s\"", token);
        list_names(scope, token, problem);
    } else if (code == EMPTY) {
        snprintf(problem->message, sizeof problem->message, "the formula is empty");
    } else if (code == TOO_MANY || code == TOO_FEW) {
        snprintf(problem->message, sizeof problem->message, "%s has too %s arguments", token,
                 code == TOO_FEW ? "few" : "many");
    } else if (at < 0 || (size_t)at >= length) {
        snprintf(problem->message, sizeof problem->message, "the formula is not complete");
    } else {
        snprintf(problem->message, sizeof problem->message, "\"%s\" cannot stand here", token);
    }
    return false;
}

/* An "=" that is no part of a comparison would assign; a quote would begin a text. */
static bool is_free_of_extras(const char *text, size_t length, struct unit_problem *problem)
{
    for (size_t i = 0; i < length; i++) {
        const bool is_compared = i > 0 && strchr("=<>!", text[i - 1]);
        const bool assigns = text[i] == '=' && !is_compared && text[i + 1] != '=';
        if (!assigns && text[i] != '"')
            continue;
        problem->at_B = i;
        snprintf(problem->message, sizeof problem->message, "\"%c\" cannot stand here", text[i]);
        snprintf(problem->hint, sizeof problem->hint, "equality is written as ==");
        return false;
    }
    return true;
}

static bool check_formula(const struct scope *scope, const char *text, size_t length,
                          struct expression *expression, struct unit_problem *problem)
{
    if (length > MAX_FORMULA_B) {
        *problem = (struct unit_problem){.hint = "give parts of it names of their own"};
        snprintf(problem->message, sizeof problem->message, "the formula has more than %d bytes",
                 MAX_FORMULA_B);
        return false;
    }
    if (!is_free_of_extras(text, length, problem))
        return false;
    struct scope values = *scope;
    muParserHandle_t parser = open_parser(&values, text, length);
    int n = 0;
    mupEvalMulti(parser, &n);
    bool is_good = !mupError(parser);
    if (!is_good) {
        refuse_formula(parser, scope, length, problem);
    } else if (n != 1) {
        *problem = (struct unit_problem){.hint = "a comma stands between arguments of a function"};
        snprintf(problem->message, sizeof problem->message, "these are %d formulas", n);
        is_good = false;
    } else {
        expression->uses_step = uses(parser, scope_step);
    }
    mupRelease(parser);
    return is_good;
}

/* --- text to expression ------------------------------------------------------------------- */

/* True when nothing but a number and a unit can be meant. */
static bool looks_plain(const char *text)
{
    const char *at = text + strspn(text, "+-.0123456789");
    if (at == text)
        return *text == '\0';
    if ((*at == 'e' || *at == 'E') && strspn(at + 1, "+-0123456789") > 0)
        at += 1 + strspn(at + 1, "+-0123456789");
    at += strspn(at, " \t");
    return *at != '/' && !strpbrk(at, "+-*^()?:<>=,&|! \t");
}

/* Splits off the unit, which is the last word. */
static bool take_unit(enum dimension dimension, const char *text, struct expression *expression,
                      struct unit_problem *problem)
{
    size_t at = strlen(text);
    while (at > 0 && text[at - 1] != ' ' && text[at - 1] != '\t')
        at--;
    char one[MAX_FORMULA_B];
    snprintf(one, sizeof one, "1 %s", text + at);
    if (at > 0 && unit_parse(dimension, one, &expression->unit, problem)) {
        while (at > 0 && strchr(" \t", text[at - 1]))
            at--;
        expression->formula_B = at;
        return true;
    }
    const bool is_word = at > 0 && !strpbrk(text + at, "0123456789+-*^()?:<>=,&|!_");
    if (!is_word)
        unit_parse(dimension, "1", &expression->unit, problem);
    problem->at_B = is_word ? at : strlen(text);
    return false;
}

bool expression_parse(enum dimension dimension, const char *text, const struct scope *scope,
                      struct expression *expression, struct unit_problem *problem)
{
    struct expression read = {.text = text, .unit = 1.0, .formula_B = strlen(text)};
    if (looks_plain(text)) {
        read.is_plain = true;
        if (!unit_parse(dimension, text, &read.value, problem))
            return false;
    } else {
        if (dimension != DIMENSION_NONE && !take_unit(dimension, text, &read, problem))
            return false;
        if (!check_formula(scope, text, read.formula_B, &read, problem))
            return false;
    }
    *expression = read;
    return true;
}

/* --- values ---------------------------------------------------------------------------------- */

double expression_at(const struct expression *expression, long step)
{
    return expression->by_step ? expression->by_step[step] : expression->value;
}

void expression_evaluate(const struct expression *expression, const struct scope *scope,
                         long n_steps, double values[])
{
    if (expression->is_plain) {
        for (long i = 0; i < n_steps; i++)
            values[i] = expression->value;
        return;
    }
    struct scope now = *scope;
    scope_set(&now, scope_step, 0.0);
    double *step = &now.values[scope_find(&now, scope_step)];
    muParserHandle_t parser = open_parser(&now, expression->text, expression->formula_B);
    for (long i = 0; i < n_steps; i++) {
        *step = (double)i;
        values[i] = mupEval(parser) * expression->unit;
    }
    assert(!mupError(parser) && "it was parsed with these names");
    mupRelease(parser);
}
