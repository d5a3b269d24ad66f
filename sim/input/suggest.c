#include "suggest.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MAX_LETTERS = 63 };
enum { SHORTEST_BEGINNING = 3 }; /* shorter ones begin anything */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t edit_distance(const char *a, const char *b)
{
    const size_t n_a = strnlen(a, MAX_LETTERS), n_b = strnlen(b, MAX_LETTERS);
    size_t distance[MAX_LETTERS + 1][MAX_LETTERS + 1];

    for (size_t i = 0; i <= n_a; i++) {
        for (size_t j = 0; j <= n_b; j++) {
            if (i == 0 || j == 0) {
                distance[i][j] = i + j;
                continue;
            }
            const size_t replaced = distance[i - 1][j - 1] + !same_letter(a[i - 1], b[j - 1]);
            const size_t shifted = smaller(distance[i - 1][j], distance[i][j - 1]) + 1;
            distance[i][j] = smaller(replaced, shifted);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1]))
                distance[i][j] = smaller(distance[i][j], distance[i - 2][j - 2] + 1);
        }
    }
    return distance[n_a][n_b];
}

/* True when `word` is `candidate` cut short. */
static int is_beginning_of(const char *word, const char *candidate)
{
    const size_t length = strlen(word);
    return length >= SHORTEST_BEGINNING && strncasecmp(word, candidate, length) == 0;
}

/* True when each word of `words` stands in `candidate`: vhost and kvm in kvm-virtio-vhost. */
static int has_words_of(const char *candidate, const char *words)
{
    static const char separators[] = "-_.";
    int n_words = 0;
    for (const char *at = words + strspn(words, separators); *at != '\0';) {
        char word[MAX_LETTERS + 1];
        const size_t length = strcspn(at, separators);
        if (length < SHORTEST_BEGINNING || length > MAX_LETTERS)
            return 0;
        memcpy(word, at, length);
        word[length] = '\0';
        if (strcasestr(candidate, word) == NULL)
            return 0;
        n_words++;
        at += length;
        at += strspn(at, separators);
    }
    return n_words > 0;
}

const char *suggest(const char *word, size_t n, const char *const candidates[])
{
    const char *nearest = NULL;
    size_t nearest_distance = 0;

    for (size_t i = 0; i < n; i++) {
        const size_t distance =
            is_beginning_of(word, candidates[i]) ? 0 : edit_distance(word, candidates[i]);
        const size_t n_word = strlen(word), n_candidate = strlen(candidates[i]);
        const size_t longer = n_word > n_candidate ? n_word : n_candidate;
        if (3 * distance <= longer && (nearest == NULL || distance < nearest_distance)) {
            nearest = candidates[i];
            nearest_distance = distance;
        }
    }
    for (size_t i = 0; i < n && nearest == NULL; i++)
        nearest = has_words_of(candidates[i], word) ? candidates[i] : NULL;
    return nearest;
}
