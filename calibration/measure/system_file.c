#include "system_file.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Longer than what any of these files says of a machine; /proc/stat of 1000 cores is one. */
enum { MAX_TEXT = 1 << 20 };

struct path {
    char text[PATH_MAX];
};

static struct path path_of(const struct environment_source *source, const char *format,
                           va_list rest)
{
    struct path path;
    const int n = snprintf(path.text, sizeof path.text, "%s", source->root);
    if (n >= 0 && n < (int)sizeof path.text)
        vsnprintf(path.text + n, sizeof path.text - (size_t)n, format, rest);
    return path;
}

#define PATH_OF(path, source, format)                                                              \
    struct path path;                                                                              \
    do {                                                                                           \
        va_list rest;                                                                              \
        va_start(rest, format);                                                                    \
        (path) = path_of(source, format, rest);                                                    \
        va_end(rest);                                                                              \
    } while (0)

bool system_exists(const struct environment_source *source, const char *format, ...)
{
    PATH_OF(path, source, format);
    return faccessat(AT_FDCWD, path.text, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    char *text = malloc(MAX_TEXT + 1);
    size_t n = text ? fread(text, 1, MAX_TEXT, file) : 0;
    fclose(file);
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\0')
            text[i] = ' ';
    }
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        n--;
    if (n == 0) {
        free(text);
        return NULL;
    }
    text[n] = '\0';
    char *fitting = realloc(text, n + 1);
    return fitting ? fitting : text;
}

char *system_text(const struct environment_source *source, const char *format, ...)
{
    PATH_OF(path, source, format);
    return read_text(path.text);
}

char *system_link(const struct environment_source *source, const char *format, ...)
{
    PATH_OF(path, source, format);
    char target[PATH_MAX];
    const ssize_t n = readlink(path.text, target, sizeof target - 1);
    if (n <= 0)
        return NULL;
    target[n] = '\0';
    const char *slash = strrchr(target, '/');
    return strdup(slash ? slash + 1 : target);
}

static bool text_number(char *text, double *number)
{
    char *end = text;
    const double value = text ? strtod(text, &end) : 0.0;
    const bool is_number = end != text && isfinite(value);
    if (is_number)
        *number = value;
    free(text);
    return is_number;
}

bool system_number(const struct environment_source *source, double *number, const char *format, ...)
{
    PATH_OF(path, source, format);
    return text_number(read_text(path.text), number);
}

static int is_no_dot(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

char **system_folder(const struct environment_source *source, const char *format, ...)
{
    PATH_OF(path, source, format);
    struct dirent **entries = NULL;
    const int found = scandir(path.text, &entries, is_no_dot, versionsort);
    const int n = found > 0 ? found : 0;
    char **names = calloc((size_t)n + 1, sizeof *names);
    for (int i = 0; i < n; i++) {
        if (names)
            names[i] = strdup(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return names;
}

void system_folder_free(char **names)
{
    for (int i = 0; names && names[i]; i++)
        free(names[i]);
    free(names);
}

char *line_value(const char *text, const char *key)
{
    const size_t length = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *rest = line + length;
        if (strncmp(line, key, length) != 0)
            continue;
        rest += strspn(rest, " \t");
        if (*rest != ':')
            continue;
        rest += 1 + strspn(rest + 1, " \t");
        return strndup(rest, strcspn(rest, "\n"));
    }
    return NULL;
}

bool word_number(const char *text, int index, double *number)
{
    for (text += strspn(text, " "); index > 0; index--) {
        text += strcspn(text, " ");
        text += strspn(text, " ");
    }
    char *end;
    const double value = strtod(text, &end);
    if (end == text || !isfinite(value))
        return false;
    *number = value;
    return true;
}

bool is_numbered(const char *name, const char *letters)
{
    const size_t length = strlen(letters);
    return strncmp(name, letters, length) == 0 && name[length] != '\0' &&
           name[length + strspn(name + length, "0123456789")] == '\0';
}

char *bracketed(const char *text)
{
    if (!text)
        return NULL;
    const char *open = strchr(text, '[');
    return open ? strndup(open + 1, strcspn(open + 1, "]")) : strndup(text, strcspn(text, " \n"));
}

/* The next range of a list, which moves behind it; false at the end or at what is no range. */
static bool next_range(const char **list, long *from, long *to)
{
    char *end;
    *list += strspn(*list, ", \n");
    *from = *to = strtol(*list, &end, 10);
    if (end == *list || *from < 0)
        return false;
    *list = end;
    if (*end == '-') {
        *to = strtol(end + 1, &end, 10);
        *list = end;
    }
    return *to >= *from;
}

int number_list_count(const char *list)
{
    long from, to, n = 0;
    while (next_range(&list, &from, &to))
        n += to - from + 1;
    return n > INT_MAX ? INT_MAX : (int)n;
}

bool number_lists_meet(const char *a, const char *b)
{
    long a_from, a_to, b_from, b_to;
    while (next_range(&a, &a_from, &a_to)) {
        for (const char *rest = b; next_range(&rest, &b_from, &b_to);) {
            if (a_from <= b_to && b_from <= a_to)
                return true;
        }
    }
    return false;
}

void put_string(json_t *object, const char *key, const char *text)
{
    if (!text)
        return;
    json_t *string = json_string(text);
    /* What a device says of itself need not be UTF-8. */
    json_object_set_new(object, key, string ? string : json_string("(not text)"));
}

void put_text(json_t *object, const char *key, char *text)
{
    put_string(object, key, text);
    free(text);
}

void put_file(json_t *object, const char *key, const struct environment_source *source,
              const char *format, ...)
{
    PATH_OF(path, source, format);
    put_text(object, key, read_text(path.text));
}

void put_scaled(json_t *object, const char *key, double factor,
                const struct environment_source *source, const char *format, ...)
{
    PATH_OF(path, source, format);
    double number;
    if (!text_number(read_text(path.text), &number))
        return;
    const double value = factor * number;
    json_object_set_new(object, key,
                        value == rint(value) && fabs(value) < 9e15 ? json_integer((json_int_t)value)
                                                                   : json_real(value));
}
