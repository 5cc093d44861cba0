#define _GNU_SOURCE
#include "common.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

// Large enough that the generator never loses an answer in its own queue.
#define SOCKET_BUFFER_BYTES (8 << 20)

int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * NS_PER_S + now.tv_nsec;
}

void keep_time(void) {
  prctl(PR_SET_TIMERSLACK, 1000);
  struct sched_param lowest = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_RR, &lowest);
}

void fail(const char *what, const char *detail) {
  fprintf(stderr, "Cannot %s \"%s\": %s\n", what, detail, strerror(errno));
  exit(1);
}

const char *argument(int count, char **values, const char *name, const char *fallback) {
  size_t length = strlen(name);
  for (int i = 1; i < count && strcmp(values[i], "--") != 0; i++)
    if (strncmp(values[i], name, length) == 0 && values[i][length] == '=') return values[i] + length + 1;
  if (fallback == NULL) {
    errno = EINVAL;
    fail("start without argument", name);
  }
  return fallback;
}

long long number(int count, char **values, const char *name, long long fallback) {
  const char *text = argument(count, values, name, "");
  return *text ? atoll(text) : fallback;
}

struct sockaddr_in address_of(const char *host, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
    errno = EINVAL;
    fail("use address", host);
  }
  return address;
}

void read_calls(const char *path, on_call handler, void *context) {
  FILE *file = fopen(path, "r");
  if (file == NULL) fail("read the calls from", path);
  char host[4][64];
  int port[4], count = 0;
  while (fscanf(file, "%63s %d %63s %d %63s %d %63s %d", host[0], &port[0], host[1], &port[1], host[2], &port[2],
                host[3], &port[3]) == 8) {
    struct call_line line = {address_of(host[0], port[0]), address_of(host[1], port[1]), address_of(host[2], port[2]),
      address_of(host[3], port[3])};
    handler(&line, context);
    count++;
  }
  fclose(file);
  if (count == 0) fail("find a call in", path);
}

void enter_namespace(const char *namespace) {
  char path[256];
  snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
  int handle = open(path, O_RDONLY | O_CLOEXEC);
  if (handle < 0 || setns(handle, CLONE_NEWNET) != 0) fail("enter namespace", path);
  close(handle);
}

int socket_in_namespace(const char *namespace, struct sockaddr_in local) {
  enter_namespace(namespace);
  int on = 1, bytes = SOCKET_BUFFER_BYTES;
  int handle = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (handle < 0) fail("open a socket in", namespace);
  setsockopt(handle, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(handle, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  if (bind(handle, (struct sockaddr *)&local, sizeof local) != 0) fail("bind in", namespace);
  return handle;
}

static int64_t stamp_of(struct msghdr *header) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    struct timespec at;
    memcpy(&at, CMSG_DATA(c), sizeof at);
    return at.tv_sec * NS_PER_S + at.tv_nsec;
  }
  return now_ns();
}

int drain(int socket, on_datagram handler, void *context) {
  static char data[RECEIVE_BATCH][DATAGRAM_BYTES + 1];
  static char control[RECEIVE_BATCH][128];
  static struct sockaddr_in sources[RECEIVE_BATCH];
  struct iovec pieces[RECEIVE_BATCH];
  struct mmsghdr headers[RECEIVE_BATCH];
  memset(headers, 0, sizeof headers);
  for (int i = 0; i < RECEIVE_BATCH; i++) {
    pieces[i] = (struct iovec){.iov_base = data[i], .iov_len = DATAGRAM_BYTES};
    headers[i].msg_hdr = (struct msghdr){.msg_name = &sources[i], .msg_namelen = sizeof sources[i],
      .msg_iov = &pieces[i], .msg_iovlen = 1, .msg_control = control[i], .msg_controllen = sizeof control[i]};
  }
  int count = recvmmsg(socket, headers, RECEIVE_BATCH, MSG_DONTWAIT, NULL);
  for (int i = 0; i < count; i++) {
    data[i][headers[i].msg_len] = 0;
    struct received one = {.data = data[i], .length = headers[i].msg_len,
      .at_ns = stamp_of(&headers[i].msg_hdr), .source = sources[i]};
    handler(context, &one);
  }
  return count < 0 ? 0 : count;
}

int wait_until(int epoll, int64_t instant_ns, struct epoll_event *events, int capacity) {
  int64_t left = instant_ns - now_ns();
  if (left < 0) left = 0;
  struct timespec timeout = {.tv_sec = left / NS_PER_S, .tv_nsec = left % NS_PER_S};
  int count = epoll_pwait2(epoll, events, capacity, &timeout, NULL);
  return count < 0 ? 0 : count;
}

void samples_add(struct samples *samples, int64_t ns) {
  if (samples->count == samples->capacity) {
    samples->capacity = samples->capacity ? samples->capacity * 2 : 4096;
    samples->tenths_us = realloc(samples->tenths_us, samples->capacity * sizeof(uint32_t));
    if (samples->tenths_us == NULL) fail("store", "latency samples");
  }
  samples->tenths_us[samples->count++] = ns < 0 ? 0 : ns / 100;
}

static int ascending(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

double samples_percentile_us(struct samples *samples, double percent) {
  if (samples->count == 0) return -1;
  qsort(samples->tenths_us, samples->count, sizeof(uint32_t), ascending);
  size_t index = samples->count * percent / 100;
  if (index >= samples->count) index = samples->count - 1;
  return samples->tenths_us[index] / 10.0;
}

static double ticks_of(long pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%ld/stat", pid);
  int handle = open(path, O_RDONLY | O_CLOEXEC);
  if (handle < 0) fail("read the CPU time of process", path);
  ssize_t length = read(handle, text, sizeof text - 1);
  close(handle);
  if (length <= 0) fail("read the CPU time of process", path);
  text[length] = 0;
  unsigned long long user = 0, system = 0;
  // The name in parentheses may hold blanks: the fixed fields start after the last one (proc(5)).
  char *fields = strrchr(text, ')');
  if (fields == NULL || sscanf(fields + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) != 2)
    fail("understand", path);
  return user + system;
}

double cpu_us_of(const char *pids) {
  double ticks = 0;
  for (char *rest = (char *)pids; *rest;) {
    ticks += ticks_of(strtol(rest, &rest, 10));
    if (*rest == ',') rest++;
  }
  return ticks * 1e6 / sysconf(_SC_CLK_TCK);
}

double own_cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}
