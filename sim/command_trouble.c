#include "command_trouble.h"

#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int command_out_of_memory(const char *program)
{
    fprintf(stderr, "%s: %s\n", program, strerror(ENOMEM));
    return EXIT_OUR_BUG;
}

int command_cannot_read(const char *program, const char *path, int status)
{
    fprintf(stderr, "%s: cannot read %s: %s\n", program, path, strerror(-status));
    return EXIT_CANNOT_READ;
}

int command_cannot_write(const char *program, const char *path, int status)
{
    fprintf(stderr, "%s: cannot write %s: %s\n", program, path, strerror(-status));
    return EXIT_CANNOT_WRITE;
}
