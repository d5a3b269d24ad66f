#include "workspace.h"

#include "random.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { SMALL_PAGE_B = 4096, HUGE_PAGE_B = 2 << 20 };

struct room {
    void *start;
    size_t size_B;
};

static void *map(size_t size_B)
{
    void *start = mmap(NULL, size_B, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

static void *grow(struct room *room, size_t size_B)
{
    if (room->size_B >= size_B)
        return room->start;
    if (room->start)
        munmap(room->start, room->size_B);
    *room = (struct room){.start = map(size_B), .size_B = size_B};
    if (!room->start) {
        *room = (struct room){0};
        return NULL;
    }
    return memset(room->start, 1, size_B);
}

void *workspace_of(enum workspace_use use, size_t size_B)
{
    static struct room rooms[N_WORKSPACE_USES];
    return grow(&rooms[use], size_B);
}

double *workspace_random(size_t n)
{
    static struct room room;
    static struct random_stream stream = {.state = 0x9e3779b97f4a7c15u};
    if (room.size_B >= n * sizeof(double))
        return room.start;
    double *numbers = grow(&room, n * sizeof(double));
    for (size_t i = 0; numbers && i < n; i++)
        numbers[i] = random_fraction(&stream) - 0.5;
    return numbers;
}

void *workspace_map(size_t size_B, size_t page_B)
{
    /* Whole huge pages: what is beyond them at both ends would get small ones. */
    const size_t mapped_B = page_B > SMALL_PAGE_B ? size_B + HUGE_PAGE_B : size_B;
    char *start = map(mapped_B);
    if (!start)
        return NULL;
    if (page_B > SMALL_PAGE_B) {
        const size_t before_B = (HUGE_PAGE_B - (uintptr_t)start % HUGE_PAGE_B) % HUGE_PAGE_B;
        if (before_B > 0)
            munmap(start, before_B);
        if (before_B < HUGE_PAGE_B)
            munmap(start + before_B + size_B, HUGE_PAGE_B - before_B);
        start += before_B;
    }
    if (page_B > 0)
        madvise(start, size_B, page_B > SMALL_PAGE_B ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return memset(start, 0, size_B);
}
