#include "page.h"

#include "markup.h"
#include "sim/config.h"
#include "statistics.h"

static const char style[] =
    ":root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --faint: #d0d0d0; "
    "--counts: #0b5cad; --input: #8a5a00; --off: #b00020; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #161616; --faint: #444; "
    "--counts: #6cb2ff; --input: #e0a848; --off: #ff8a96; } }\n"
    "body { font: 16px/1.45 sans-serif; color: var(--ink); background: var(--paper); margin: 2em "
    "auto; max-width: 76em; padding: 0 1em; }\n"
    "table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums; }\n"
    "caption { text-align: left; font-weight: bold; padding: .4em 0; }\n"
    "th, td { padding: .15em .7em; border-bottom: 1px solid var(--faint); text-align: left; "
    "vertical-align: top; }\n"
    "td.number, th.number { text-align: right; white-space: nowrap; }\n"
    "tr.off td { color: var(--off); font-weight: bold; }\n"
    ".scroll { overflow-x: auto; }\n"
    "svg { max-width: 100%; height: auto; font: 12px sans-serif; }\n"
    "svg text { fill: var(--ink); } svg text.inside { fill: #1a1a1a; }\n"
    "line.grid { stroke: var(--faint); } line.exact { stroke: var(--ink); }\n"
    "line.counts { stroke: var(--counts); stroke-width: 2; opacity: .6; }\n"
    "line.input { stroke: var(--input); stroke-width: 2; opacity: .6; }\n"
    "circle.counts { fill: var(--counts); }\n"
    "rect.input { fill: var(--paper); stroke: var(--input); stroke-width: 2; }\n"
    "rect.part { stroke: var(--paper); stroke-width: 1; }\n";

/* --- the page -------------------------------------------------------------- */

void page_begin(const char *heading, FILE *out)
{
    fputs("<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
          "<meta name='viewport' content='width=device-width, initial-scale=1'>\n<title>vhpcsim: ",
          out);
    markup_text(heading, out);
    fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<h1>", style);
    markup_text(heading, out);
    fputs("</h1>\n", out);
}

void page_end(FILE *out)
{
    fputs("<p>Written by vhpcsim " VHPCSIM_VERSION ".</p>\n</main>\n</body>\n</html>\n", out);
}

void page_heading(int level, const char *text, FILE *out)
{
    fprintf(out, "<h%d>", level);
    markup_text(text, out);
    fprintf(out, "</h%d>\n", level);
}

void page_paragraph(const char *text, FILE *out)
{
    fputs("<p>", out);
    markup_text(text, out);
    fputs("</p>\n", out);
}

/* --- tables ---------------------------------------------------------------- */

void page_table(const char *caption, int n, const char *const columns[], const char *alignment,
                FILE *out)
{
    fputs("<div class='scroll' tabindex='0'>\n<table>\n<caption>", out);
    markup_text(caption, out);
    fputs("</caption>\n<thead><tr>", out);
    for (int i = 0; i < n; i++) {
        fprintf(out, "<th scope='col'%s>", alignment[i] == 'n' ? " class='number'" : "");
        markup_text(columns[i], out);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

void page_table_end(FILE *out)
{
    fputs("</tbody>\n</table>\n</div>\n", out);
}

void page_row(FILE *out)
{
    fputs("<tr>", out);
}

void page_row_of_class(const char *class, FILE *out)
{
    fprintf(out, "<tr class='%s'>", class);
}

void page_row_end(FILE *out)
{
    fputs("</tr>\n", out);
}

static void print_cell(const char *begin, const char *text, const char *end, FILE *out)
{
    fputs(begin, out);
    markup_text(text, out);
    fputs(end, out);
}

void page_cell_name(const char *text, FILE *out)
{
    print_cell("<th scope='row'>", text, "</th>", out);
}

void page_cell_text(const char *text, FILE *out)
{
    print_cell("<td>", text, "</td>", out);
}

void page_cell_number(const char *text, FILE *out)
{
    print_cell("<td class='number'>", text, "</td>", out);
}

void page_cell_percent(double part, FILE *out)
{
    char text[32];
    format_percent(text, sizeof text, part);
    page_cell_number(text, out);
}
