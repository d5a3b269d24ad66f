#include "line.h"

#include <stdlib.h>
#include <string.h>

static json_t *kept; /* array, or NULL */

void line_add(json_t *line)
{
    if (!kept)
        kept = json_array();
    json_array_append_new(kept, line);
}

void line_add_warning(const char *code, const char *text)
{
    line_add(json_pack("{s:s, s:s, s:s}", "remark", "warning", "code", code, "text", text));
}

/* Where the text of each rank begins, whose lengths are known. */
static size_t find_places(int n_ranks, const int lengths[], int places[])
{
    int end = 0;

    for (int i = 0; i < n_ranks; i++) {
        places[i] = end;
        end += lengths[i];
    }
    return (size_t)end;
}

/* Texts are arrays, one behind the other. */
static json_t *read_arrays(const char *texts, size_t length)
{
    json_t *all = json_array();

    for (size_t done = 0; done < length;) {
        json_error_t error;
        json_t *lines = json_loadb(texts + done, length - done, JSON_DISABLE_EOF_CHECK, &error);
        if (!lines)
            break;
        json_array_extend(all, lines);
        json_decref(lines);
        done += (size_t)error.position;
    }
    return all;
}

static int gather_texts(const struct measure *measure, const char *text, int length, json_t **lines)
{
    const size_t n_ranks = (size_t)measure->n_ranks;
    int *lengths = calloc(2 * n_ranks, sizeof(int));
    char *texts = NULL;

    if (!lengths)
        return MPI_ERR_NO_MEM;
    int *places = lengths + n_ranks;
    int status = MPI_Gather(&length, 1, MPI_INT, lengths, 1, MPI_INT, 0, measure->world);
    const size_t n_chars = find_places(measure->n_ranks, lengths, places);
    if (status == MPI_SUCCESS) {
        texts = malloc(n_chars + 1);
        status = MPI_Gatherv(text, length, MPI_CHAR, texts, lengths, places, MPI_CHAR, 0,
                             measure->world);
    }
    if (status == MPI_SUCCESS && measure->rank == 0)
        *lines = read_arrays(texts, n_chars);
    free(texts);
    free(lengths);
    return status;
}

json_t *lines_take(void)
{
    json_t *lines = kept ? kept : json_array();

    kept = NULL;
    return lines;
}

int lines_gather(const struct measure *measure, json_t **lines)
{
    json_t *own = lines_take();
    char *text = json_dumps(own, JSON_COMPACT);

    *lines = NULL;
    const int status = gather_texts(measure, text, text ? (int)strlen(text) : 0, lines);
    free(text);
    json_decref(own);
    return status;
}
