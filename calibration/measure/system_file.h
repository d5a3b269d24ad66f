/*
 * system_file.h - reads what /proc and /sys tell, under a root that tests may choose.
 *
 * Paths are printf formats. A file that is not there, may not be read or is empty is all the same:
 * it tells nothing.
 */
#ifndef VHPC_SYSTEM_FILE_H
#define VHPC_SYSTEM_FILE_H

#include "calibration/measure/environment.h"

#define PATH_FORMAT(at, first) __attribute__((format(printf, at, first)))

/* Whether there is such a name; a link need not lead anywhere. */
bool system_exists(const struct environment_source *source, const char *path, ...)
    PATH_FORMAT(2, 3);

/* The text without white space at its end, NUL bytes in it as spaces; NULL where there is none.
 * Belongs to the caller. */
char *system_text(const struct environment_source *source, const char *path, ...) PATH_FORMAT(2, 3);

/* The last part of what a symbolic link says; NULL where there is none. Belongs to the caller. */
char *system_link(const struct environment_source *source, const char *path, ...) PATH_FORMAT(2, 3);

/* Whether the file begins with a number, which is put into *number. */
bool system_number(const struct environment_source *source, double *number, const char *path, ...)
    PATH_FORMAT(3, 4);

/* Names in a folder in the order of their characters and numbers (cpu2 before cpu10), ended by
 * NULL; an empty list where there is no folder. */
char **system_folder(const struct environment_source *source, const char *path, ...)
    PATH_FORMAT(2, 3);
void system_folder_free(char **names);

/* The value behind `key` and a colon in a text of lines such as /proc/meminfo: what follows it, to
 * the end of the line. NULL where there is none. Belongs to the caller. */
char *line_value(const char *text, const char *key);

/* Whether word number `index`, from 0, of a text is a number, which is put into *number. */
bool word_number(const char *text, int index, double *number);

/* Whether a name is these letters and then a number only, such as "cpu12". */
bool is_numbered(const char *name, const char *letters);

/* The choice in brackets of a text such as "always [madvise] never", or else its first word. NULL
 * for NULL. Belongs to the caller. */
char *bracketed(const char *text);

/* How many numbers a list such as "0-3,8" names, and whether two lists have one in common. */
int number_list_count(const char *list);
bool number_lists_meet(const char *a, const char *b);

/* Put into an object, where there is anything to put. `put_text` takes the text over. */
void put_text(json_t *object, const char *key, char *text);
void put_string(json_t *object, const char *key, const char *text);
void put_file(json_t *object, const char *key, const struct environment_source *source,
              const char *path, ...) PATH_FORMAT(4, 5);
void put_scaled(json_t *object, const char *key, double factor,
                const struct environment_source *source, const char *path, ...) PATH_FORMAT(5, 6);

#endif
