/*
 * delay_line.c - a cable of any length: every frame that enters one of its two ends leaves the
 * other one a fixed time later.
 *
 *     delay_line INTERFACE INTERFACE MICROSECONDS
 *
 * makes both interfaces (taps) in the network namespace that it runs in and carries frames between
 * them until it is killed; the caller moves the ends to where they belong. It prints "ready" when
 * both are there. Frames overtake each other in neither direction, and none takes the place of
 * another: any number is on its way, as on a real cable, up to QUEUE_FRAMES a direction, beyond
 * which they are lost as in a full switch.
 *
 * Timers of a guest are late by 10 to 20 us, so it wakes EARLY_NS before a frame is due and looks
 * at the clock from then on. A frame is stamped when it is read, so the time until then and the
 * time of writing come on top: measure a line of 0 us to know them. Frames are as the kernel hands
 * them over, up to 64 KiB that the receiving side has still to cut (virtio's header travels with
 * them), so the line is no bottleneck below several Gbit/s.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_tun.h>

enum {
    FRAME_B = 65536 + 256, /* the largest that a tap hands over, with its headers */
    QUEUE_FRAMES = 4096,
    EARLY_NS = 30000,
    HEADER_B = 12 /* struct virtio_net_hdr_mrg_rxbuf, which TUNSETVNETHDRSZ asks for */
};

struct frame {
    long long due_ns;
    ssize_t size_B;
    unsigned char *bytes;
};

/* One direction: a ring of frames on their way, oldest first. */
struct way {
    int from, to;
    unsigned first, n;
    struct frame frames[QUEUE_FRAMES];
};

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1000000000LL * now.tv_sec + now.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "delay_line: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_tap(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
    const int header_B = HEADER_B;
    const int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (tap < 0)
        fail("/dev/net/tun");
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (ioctl(tap, TUNSETIFF, &request) < 0 || ioctl(tap, TUNSETVNETHDRSZ, &header_B) < 0 ||
        ioctl(tap, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) < 0)
        fail(name);
    return tap;
}

/* Takes in all frames that wait at the entry. */
static void take(struct way *way, long long delay_ns)
{
    static unsigned char lost[FRAME_B];
    for (;;) {
        const bool is_full = way->n == QUEUE_FRAMES;
        struct frame *frame = &way->frames[(way->first + way->n) % QUEUE_FRAMES];
        if (!is_full && !frame->bytes && !(frame->bytes = malloc(FRAME_B)))
            fail("memory");
        const ssize_t size_B = read(way->from, is_full ? lost : frame->bytes, FRAME_B);
        if (size_B <= 0)
            return; /* nothing more, or the interface is down */
        if (is_full)
            continue;
        frame->due_ns = now_ns() + delay_ns;
        frame->size_B = size_B;
        way->n++;
    }
}

/* Lets out what is due. A frame that the other end does not take is lost, as on a cable. */
static void give(struct way *way)
{
    while (way->n > 0 && way->frames[way->first].due_ns <= now_ns()) {
        const struct frame *frame = &way->frames[way->first];
        if (write(way->to, frame->bytes, (size_t)frame->size_B) < 0 && errno == EBADFD)
            return;
        way->first = (way->first + 1) % QUEUE_FRAMES;
        way->n--;
    }
}

/* When the next frame is due; -1: none is on its way. */
static long long next_due_ns(const struct way ways[2])
{
    long long next_ns = -1;
    for (int i = 0; i < 2; i++) {
        if (ways[i].n > 0 && (next_ns < 0 || ways[i].frames[ways[i].first].due_ns < next_ns))
            next_ns = ways[i].frames[ways[i].first].due_ns;
    }
    return next_ns;
}

static void carry(struct way ways[2], long long delay_ns)
{
    struct pollfd ends[2] = {{.fd = ways[0].from, .events = POLLIN},
                             {.fd = ways[1].from, .events = POLLIN}};
    for (;;) {
        const long long due_ns = next_due_ns(ways);
        long long wait_ns = due_ns < 0 ? 0 : due_ns - now_ns() - EARLY_NS;
        wait_ns = wait_ns < 0 ? 0 : wait_ns;
        const struct timespec wait = {wait_ns / 1000000000, wait_ns % 1000000000};
        if (ppoll(ends, 2, due_ns < 0 ? NULL : &wait, NULL) < 0 && errno != EINTR)
            fail("poll");
        for (int i = 0; i < 2; i++) {
            take(&ways[i], delay_ns);
            give(&ways[i]);
        }
    }
}

int main(int argc, char *argv[])
{
    static struct way ways[2];
    const double delay_us = argc == 4 ? strtod(argv[3], NULL) : -1.0;
    if (!(delay_us >= 0.0 && delay_us <= 1e6)) {
        fprintf(stderr, "usage: delay_line INTERFACE INTERFACE MICROSECONDS\n");
        return 64;
    }
    ways[0].from = ways[1].to = open_tap(argv[1]);
    ways[1].from = ways[0].to = open_tap(argv[2]);
    /* A cable does not wait for a core: it goes before all that computes. */
    const struct sched_param first = {.sched_priority = 50};
    if (sched_setscheduler(0, SCHED_FIFO, &first) != 0)
        fprintf(stderr, "delay_line: no real-time priority: expect longer delays under load\n");
    mlockall(MCL_CURRENT | MCL_FUTURE);
    printf("ready\n");
    fflush(stdout);
    carry(ways, (long long)(1e3 * delay_us));
}
