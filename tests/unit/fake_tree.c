#include "fake_tree.h"

#include <assert.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static void make_file(const char *root, const struct fake_file *file)
{
    static const char link[] = "-> ";
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s%s", root, file->path);
    make_folders(path);
    if (strncmp(file->text, link, strlen(link)) == 0) {
        const int status = symlink(file->text + strlen(link), path);
        assert(status == 0);
        (void)status;
        return;
    }
    FILE *out = fopen(path, "w");
    assert(out);
    fputs(file->text, out);
    fclose(out);
}

char *fake_tree_make(const struct fake_file files[])
{
    char root[] = "/tmp/fake-tree-XXXXXX";
    const char *made = mkdtemp(root);
    assert(made);
    for (; files->path; files++)
        make_file(made, files);
    return strdup(made);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void)about, (void)type, (void)place;
    return remove(path);
}

void fake_tree_remove(char *root)
{
    enum { OPEN_AT_ONCE = 8 };
    nftw(root, remove_one, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
    free(root);
}
