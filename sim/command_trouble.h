/*
 * command_trouble.h - what all commands say alike of what went wrong: on stderr, once, with the
 * exit status to end with.
 */
#ifndef VHPCSIM_COMMAND_TROUBLE_H
#define VHPCSIM_COMMAND_TROUBLE_H

/* Returns EXIT_OUR_BUG. */
int command_out_of_memory(const char *program);

/* `status` is a negative errno. Returns EXIT_CANNOT_READ and EXIT_CANNOT_WRITE. */
int command_cannot_read(const char *program, const char *path, int status);
int command_cannot_write(const char *program, const char *path, int status);

#endif
