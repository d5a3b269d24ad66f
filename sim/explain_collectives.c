#include "explain_collectives.h"

#include "models/collective.h"
#include "sim/result/wrap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough numbers of ranks to see a table by; those with the same decisions share a line. */
static const int shown_ranks[] = {2, 3, 4, 6, 8, 12, 16, 28, 32, 64, 128, 256, 512, 1024};
enum { N_SHOWN = sizeof shown_ranks / sizeof *shown_ranks, INDENT = 2, TEXT_INDENT = 6 };

/* On nodes like these two levels differ from one. */
enum { RANKS_PER_NODE = 16 };

static void print_size(FILE *out, uint64_t size_B)
{
    if (size_B >= 1048576 && size_B % 1048576 == 0)
        fprintf(out, "%lu MiB", (unsigned long)(size_B / 1048576));
    else if (size_B >= 1024 && size_B % 1024 == 0)
        fprintf(out, "%lu KiB", (unsigned long)(size_B / 1024));
    else
        fprintf(out, "%lu B", (unsigned long)size_B);
}

/* One choice of a sentence such as "binomial tree; from 2 KiB split binary tree". */
struct sentence {
    FILE *out;
    bool is_used[N_COLLECTIVE_ALGORITHMS];
    bool has_begun;
};

static void tell_row(void *context, uint64_t first_B, uint64_t below_B,
                     struct collective_choice choice)
{
    struct sentence *sentence = context;
    (void)below_B;
    if (choice.algorithm == COLLECTIVE_NOTHING)
        return;
    if (sentence->has_begun) {
        fputs("; from ", sentence->out);
        print_size(sentence->out, first_B);
        fputc(' ', sentence->out);
    }
    fprintf(sentence->out, "%s%s", choice.is_two_level ? "two-level " : "",
            collective_algorithm(choice.algorithm)->name);
    sentence->has_begun = true;
    sentence->is_used[choice.algorithm] = true;
}

/* Owned; NULL without memory. */
static char *sentence_of(const struct collective_library *library, enum collective collective,
                         int n_ranks, int n_per_node, bool is_used[])
{
    char *text = NULL;
    size_t size = 0;
    struct sentence sentence = {.out = open_memstream(&text, &size)};
    if (!sentence.out)
        return NULL;
    collective_rows(library, collective, n_ranks, n_per_node, tell_row, &sentence);
    for (int i = 0; i < N_COLLECTIVE_ALGORITHMS; i++)
        is_used[i] = is_used[i] || sentence.is_used[i];
    return fclose(sentence.out) == 0 ? text : NULL;
}

static bool all_same(char *const sentences[])
{
    for (int i = 1; i < N_SHOWN; i++)
        if (!sentences[0] || !sentences[i] || strcmp(sentences[0], sentences[i]) != 0)
            return false;
    return true;
}

/* The line of number `first` of shown_ranks, with all later numbers that decide the same. */
static void print_line(char *const sentences[], int first, int width)
{
    if (all_same(sentences)) {
        printf("%*sany number of ranks\n%*s", INDENT, "", TEXT_INDENT, "");
        wrap_print(sentences[first], TEXT_INDENT, width, stdout);
        return;
    }
    printf("%*s%d", INDENT, "", shown_ranks[first]);
    for (int i = first + 1; i < N_SHOWN; i++)
        if (sentences[i] && strcmp(sentences[i], sentences[first]) == 0)
            printf(", %d", shown_ranks[i]);
    printf(" ranks\n%*s", TEXT_INDENT, "");
    wrap_print(sentences[first], TEXT_INDENT, width, stdout);
}

static int print_collective(const struct collective_library *library, enum collective collective,
                            int n_per_node, bool is_used[])
{
    char *sentences[N_SHOWN] = {NULL};
    int status = 0;
    for (int i = 0; i < N_SHOWN && status == 0; i++) {
        if (shown_ranks[i] % n_per_node != 0)
            continue;
        sentences[i] = sentence_of(library, collective, shown_ranks[i], n_per_node, is_used);
        status = sentences[i] ? 0 : -ENOMEM;
    }
    printf("\n%s\n", collective_names[collective]);
    for (int i = 0; i < N_SHOWN && status == 0; i++) {
        bool is_new = sentences[i] != NULL;
        for (int j = 0; j < i && is_new; j++)
            is_new = !sentences[j] || strcmp(sentences[i], sentences[j]) != 0;
        if (is_new)
            print_line(sentences, i, wrap_width_of(stdout));
    }
    for (int i = 0; i < N_SHOWN; i++)
        free(sentences[i]);
    return status;
}

static int print_tables(const struct collective_library *library, int n_per_node, bool is_used[])
{
    int status = 0;
    for (int i = 0; i < N_COLLECTIVES && status == 0; i++)
        status = print_collective(library, i, n_per_node, is_used);
    return status;
}

static void print_paragraph(const char *text)
{
    printf("\n%*s", INDENT, "");
    wrap_print(text, INDENT, wrap_width_of(stdout), stdout);
}

/* What those algorithms do that the tables have named. */
static void print_algorithms(const bool is_used[])
{
    printf("\nThe algorithms\n");
    for (int i = COLLECTIVE_NOTHING + 1; i < N_COLLECTIVE_ALGORITHMS; i++) {
        const struct collective_algorithm_info *info = collective_algorithm(i);
        if (!is_used[i])
            continue;
        printf("%*s%s: %s\n%*s", INDENT, "", collective_names[info->collective], info->name,
               TEXT_INDENT, "");
        wrap_print(info->help, TEXT_INDENT, wrap_width_of(stdout), stdout);
    }
}

int explain_collectives(const char *name)
{
    const struct collective_library *library = NULL;
    for (int i = 0; i < N_COLLECTIVE_LIBRARIES; i++)
        if (strcmp(collective_library_names[i], name) == 0)
            library = collective_libraries[i];
    if (!library)
        return -ENOENT;

    bool is_used[N_COLLECTIVE_ALGORITHMS] = {false};
    printf("%s\n  How %s picks the algorithms of collectives (mpi.collectives)\n", name,
           library->title);
    print_paragraph(library->source);
    if (library->about[0] != '\0')
        print_paragraph(library->about);
    print_paragraph("Sizes are those of MPI's count x type, of doubles; of alltoall and "
                    "scatter, those for each rank.");
    int status = print_tables(library, 1, is_used);
    if (status == 0 && collective_has_levels(library)) {
        printf("\nWith %d ranks on each node\n", RANKS_PER_NODE);
        status = print_tables(library, RANKS_PER_NODE, is_used);
    }
    if (status == 0)
        print_algorithms(is_used);
    return status;
}
