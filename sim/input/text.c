#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_ROOM_B = 16384 };

/* Reads to the end of the file; `*buffer` is the caller's to free, whatever is returned. */
static int read_all(int file, char **buffer, size_t *length)
{
    size_t room = FIRST_ROOM_B;
    *length = 0;
    *buffer = malloc(room);
    while (*buffer) {
        const ssize_t got = read(file, *buffer + *length, room - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            return 0;
        *length += (size_t)got;
        if (*length > TEXT_MAX_B)
            return -EFBIG;
        if (*length == room) {
            char *grown = realloc(*buffer, room *= 2);
            if (!grown)
                return -ENOMEM;
            *buffer = grown;
        }
    }
    return -ENOMEM;
}

int text_read_file(struct arena *arena, const char *path, char **text, size_t *length)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    const int file = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -errno;

    char *buffer = NULL, *copy = NULL;
    size_t got = 0;
    int error = read_all(file, &buffer, &got);
    if (!is_stdin)
        close(file);
    if (!error) {
        copy = arena_copy(arena, buffer, got);
        error = copy ? 0 : -ENOMEM;
    }
    free(buffer);
    if (error)
        return error;
    *text = copy;
    *length = got;
    return 0;
}

/* Bytes that a character which starts with `lead` has; 0: none starts so. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    if (lead >= 0xf0 && lead <= 0xf4)
        return 4;
    return 0;
}

size_t text_decode(const char *text, size_t length, uint32_t *character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char lead = (unsigned char)text[0];
    const size_t n = sequence_length(lead);
    if (n == 0 || n > length)
        return 0;

    uint32_t value = n == 1 ? lead : lead & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3f);
    }
    const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < smallest[n] || value > 0x10ffff || is_surrogate)
        return 0;
    *character = value;
    return n;
}

size_t text_line_break(const char *text, size_t length)
{
    switch ((unsigned char)text[0]) {
    case '\n':
        return 1;
    case '\r':
        return length >= 2 && text[1] == '\n' ? 2 : 1;
    case 0xc2: /* NEL */
        return length >= 2 && text[1] == '\x85' ? 2 : 0;
    case 0xe2: /* LS, PS */
        return length >= 3 && text[1] == '\x80' && (text[2] == '\xa8' || text[2] == '\xa9') ? 3 : 0;
    default:
        return 0;
    }
}

bool text_line(const char *text, size_t length, int line, const char **start, size_t *line_length)
{
    size_t begin = 0;
    int number = 1;
    for (size_t at = 0;;) {
        const size_t skip = at < length ? text_line_break(text + at, length - at) : 0;
        if (at == length || skip > 0) {
            if (number == line) {
                *start = text + begin;
                *line_length = at - begin;
                return true;
            }
            if (at == length)
                return false;
            number++;
            begin = at + skip;
        }
        at += skip > 0 ? skip : 1;
    }
}

void text_copy(char *to, size_t size, const char *from, size_t n_characters)
{
    const size_t length = strlen(from);
    size_t at = 0;
    uint32_t character;

    for (; n_characters > 0 && at < length; n_characters--) {
        const size_t n = text_decode(from + at, length - at, &character);
        const size_t end = at + (n > 0 ? n : 1);
        if (end >= size)
            break;
        at = end;
    }
    memmove(to, from, at);
    to[at] = '\0';
}
