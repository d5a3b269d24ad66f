/*
 * fake_tree.h - a folder that looks like the root of another machine.
 */
#ifndef FAKE_TREE_H
#define FAKE_TREE_H

/* A file with that text; "-> target" makes a symbolic link instead. */
struct fake_file {
    const char *path, *text;
};

/* Makes the files, up to one without a path, in a new temporary folder, whose name belongs to the
 * caller: fake_tree_remove(). */
char *fake_tree_make(const struct fake_file files[]);
void fake_tree_remove(char *root);

#endif
