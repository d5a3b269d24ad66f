/*
 * picture.h - pictures in a page: SVG, and the stacked bars of results.
 *
 * Every picture has a title and a description in words, for whoever does not see it. Nothing is
 * told by colour alone: parts stand in the order of their names, and a table beside the picture has
 * the numbers.
 */
#ifndef VHPCSIM_PICTURE_H
#define VHPCSIM_PICTURE_H

#include <stdio.h>

/* Everything before and behind the content, of `width` by `height` pixels unless the page is
 * narrower. `title` names the picture in a few words, `description` tells what is in it. */
void picture_begin(int width, int height, const char *title, const char *description, FILE *out);
void picture_end(FILE *out);

/* `class` is one of those of page.c's style: "grid", "exact", ... */
void picture_line(double x1, double y1, double x2, double y2, const char *class, FILE *out);

/* `anchor` is "start", "middle" or "end": what of the text is at (x, y). */
void picture_label(double x, double y, const char *anchor, const char *text, FILE *out);

/* What 12 pixel letters show of `text` in `width` pixels, in `shown`; cut as text_copy() does. */
void picture_fit(const char *text, double width, char *shown, size_t size);

enum { PICTURE_MAX_BARS = 4 };

/*
 * Bars that consist of the same parts, above each other on one scale, each part with its name
 * where there is room, and all names below.
 */
struct stacked_bars {
    const char *title;
    const char *unit; /* of the values: "s" */
    int n_parts;      /* <= 12, the colours that there are */
    const char *const *part_names;
    int n_bars; /* <= PICTURE_MAX_BARS */
    const char *bar_names[PICTURE_MAX_BARS];
    const double *values[PICTURE_MAX_BARS]; /* n_parts of each bar, finite and >= 0 */
};

void picture_stacked_bars(const struct stacked_bars *bars, FILE *out);

#endif
