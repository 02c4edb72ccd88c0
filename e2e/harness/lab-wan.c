/*
 * A wide-area link between a host and the switch of a lab: one TAP device in the namespace of each, and between them, for both ways alike, a
 * drop-tail queue, a rate, random loss and a delay, in this order. Ethernet frames count, as they are handed over. Nothing overtakes.
 *
 *   lab-wan COUNTERS HOST_SPACE HOST_DEVICE SWITCH_SPACE SWITCH_DEVICE BITS_PER_S DELAY_US LOSS_PPM QUEUE_BYTES SEED
 *
 * Returns when both devices are there, and goes on in the background in the switch's namespace until it is ended. The file COUNTERS then holds
 * `struct counters` of the way up, from the host, and of the way down.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define MAX_FRAME 65536
/* LIMIT: frames read from one end before the other gets its turn. */
#define TURN 64

struct frame {
  struct frame *next;
  uint64_t due;
  size_t size;
  unsigned char bytes[];
};

/* Sent is all that went over the wire, lost frames included; dropped is what found no room in the queue. */
struct counters {
  uint64_t sent_bytes, sent_frames, lost_frames, dropped_frames;
};

struct way {
  int from, to;
  /* When the last bit that was taken will have left the queue. */
  uint64_t free_at;
  uint64_t chance;
  struct frame *first, **end;
  struct counters *counters;
};

static uint64_t bits_per_s, delay, loss_ppm, queue_bytes;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

/* splitmix64 */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

static void enter(const char *space) {
  char file[256];
  snprintf(file, sizeof file, "/run/netns/%s", space);
  int handle = open(file, O_RDONLY | O_CLOEXEC);
  if (handle < 0 || setns(handle, CLONE_NEWNET) != 0) fail(file);
  close(handle);
}

/* Without offloads, so that each frame is one that a wire would carry. */
static int make_device(const char *name) {
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) fail("/dev/net/tun");
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  if (ioctl(device, TUNSETIFF, &request) != 0) fail(name);
  return device;
}

static void take(struct way *way, const unsigned char *bytes, size_t size) {
  uint64_t at = now(), begins = way->free_at > at ? way->free_at : at;
  uint64_t waiting = (uint64_t)((double)(begins - at) * (double)bits_per_s / 8 / SECOND);
  if (waiting + size > queue_bytes) {
    way->counters->dropped_frames += 1;
    return;
  }
  way->free_at = begins + size * 8 * SECOND / bits_per_s;
  way->counters->sent_bytes += size;
  way->counters->sent_frames += 1;
  if (next_random(&way->chance) % 1000000 < loss_ppm) {
    way->counters->lost_frames += 1;
    return;
  }
  struct frame *frame = malloc(sizeof *frame + size);
  if (frame == NULL) fail("malloc");
  *frame = (struct frame){.due = way->free_at + delay, .size = size};
  memcpy(frame->bytes, bytes, size);
  *way->end = frame;
  way->end = &frame->next;
}

static void deliver(struct way *way) {
  while (way->first != NULL && way->first->due <= now()) {
    struct frame *frame = way->first;
    way->first = frame->next;
    if (way->first == NULL) way->end = &way->first;
    /* An end that is down takes nothing: then the frame is gone, as on a wire. */
    if (write(way->to, frame->bytes, frame->size) < 0) way->counters->lost_frames += 1;
    free(frame);
  }
}

/* Until the first frame is due, or for ever if there is none. */
static const struct timespec *until_due(const struct way ways[2], struct timespec *wait) {
  const struct frame *first = ways[0].first;
  if (first == NULL || (ways[1].first != NULL && ways[1].first->due < first->due)) first = ways[1].first;
  if (first == NULL) return NULL;
  uint64_t at = now(), left = first->due > at ? first->due - at : 0;
  *wait = (struct timespec){.tv_sec = (time_t)(left / SECOND), .tv_nsec = (long)(left % SECOND)};
  return wait;
}

int main(int count, char **words) {
  if (count != 11) return 2;
  bits_per_s = strtoull(words[6], NULL, 10);
  delay = strtoull(words[7], NULL, 10) * 1000;
  loss_ppm = strtoull(words[8], NULL, 10);
  queue_bytes = strtoull(words[9], NULL, 10);
  uint64_t seed = strtoull(words[10], NULL, 10);

  int file = open(words[1], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || ftruncate(file, 2 * sizeof(struct counters)) != 0) fail(words[1]);
  struct counters *counters =
      mmap(NULL, 2 * sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (counters == MAP_FAILED) fail("mmap");

  enter(words[2]);
  int host = make_device(words[3]);
  enter(words[4]);
  int other = make_device(words[5]);
  struct way ways[2] = {{.from = host, .to = other, .counters = &counters[0]},
                        {.from = other, .to = host, .counters = &counters[1]}};
  for (int at = 0; at < 2; at += 1) {
    ways[at].end = &ways[at].first;
    ways[at].chance = next_random(&seed);
  }

  if (daemon(0, 0) != 0) fail("daemon");
  /* A wire waits for no processor; where this is refused, it does. */
  sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1});
  for (;;) {
    struct pollfd ends[2] = {{.fd = host, .events = POLLIN}, {.fd = other, .events = POLLIN}};
    struct timespec wait;
    ppoll(ends, 2, until_due(ways, &wait), NULL);
    for (int at = 0; at < 2; at += 1) {
      /* Its namespace has gone. */
      if (ends[at].revents & POLLERR) return 0;
      deliver(&ways[at]);
      static unsigned char bytes[MAX_FRAME];
      for (int turn = 0; turn < TURN; turn += 1) {
        ssize_t size = read(ways[at].from, bytes, sizeof bytes);
        if (size <= 0) break;
        take(&ways[at], bytes, (size_t)size);
      }
    }
  }
}
