// RTP load: every call has a socket in the LAN and one in the WAN namespace, each sends a packet of G.711
// every packet_ms, the sending instants of all legs are spread evenly over that time. A packet carries its sender's leg
// number, its sequence number and its sending instant; what leg L sends must arrive at leg L^1.
#define _GNU_SOURCE
#include "common.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define RTP_HEADER_BYTES 12
#define PAYLOAD_BYTES_PER_MS 8 // G.711
#define MAX_PACKET_MS 100
#define MAGIC 0x42454e43u
#define DRAIN_NS 300000000LL
#define MAX_LEGS 4096

struct stamp {
  uint32_t magic, leg, sequence, run;
  int64_t sent_ns;
};

struct leg {
  int handle;
  struct sockaddr_in target;
  uint32_t sent, received, duplicated;
  uint8_t *seen;
};

static struct leg legs[MAX_LEGS];
static int leg_count;
static uint32_t warm_packets, total_packets, payload_bytes;
static int64_t period_ns;
static uint32_t this_run; // a packet that a relay still held from an earlier one is a stray
static uint64_t strays, send_errors;
static struct samples latency, lateness;

static void add_leg(const char *namespace, struct sockaddr_in local, struct sockaddr_in target) {
  if (leg_count == MAX_LEGS) fail("hold more calls than", "2048");
  legs[leg_count].handle = socket_in_namespace(namespace, local);
  legs[leg_count].target = target;
  legs[leg_count].seen = calloc(total_packets, 1);
  leg_count++;
}

struct namespaces {
  const char *lan, *wan;
};

static void add_call(const struct call_line *line, void *context) {
  const struct namespaces *namespaces = context;
  add_leg(namespaces->lan, line->lan, line->lan_target);
  add_leg(namespaces->wan, line->wan, line->wan_target);
}

static void send_packet(int index, int64_t due_ns) {
  struct leg *leg = &legs[index];
  unsigned char packet[RTP_HEADER_BYTES + MAX_PACKET_MS * PAYLOAD_BYTES_PER_MS] = {0x80, 8};
  uint16_t sequence = htons(leg->sent);
  uint32_t timestamp = htonl(leg->sent * payload_bytes), source = htonl(index + 1);
  memcpy(packet + 2, &sequence, 2);
  memcpy(packet + 4, &timestamp, 4);
  memcpy(packet + 8, &source, 4);
  struct stamp stamp = {.magic = MAGIC, .leg = index, .sequence = leg->sent, .run = this_run, .sent_ns = now_ns()};
  memcpy(packet + RTP_HEADER_BYTES, &stamp, sizeof stamp);
  if (leg->sent >= warm_packets) samples_add(&lateness, stamp.sent_ns - due_ns);
  leg->sent++;
  if (sendto(leg->handle, packet, RTP_HEADER_BYTES + payload_bytes, 0, (struct sockaddr *)&leg->target,
             sizeof leg->target) < 0)
    send_errors++;
}

static void take_packet(void *context, const struct received *datagram) {
  int index = (struct leg *)context - legs;
  struct stamp stamp;
  if (datagram->length < RTP_HEADER_BYTES + (int)sizeof stamp) {
    strays++;
    return;
  }
  memcpy(&stamp, datagram->data + RTP_HEADER_BYTES, sizeof stamp);
  if (stamp.magic != MAGIC || stamp.run != this_run || (int)(stamp.leg ^ 1) != index ||
      stamp.sequence >= total_packets) {
    strays++;
    return;
  }
  struct leg *sender = &legs[stamp.leg];
  if (stamp.sequence < warm_packets) return;
  if (sender->seen[stamp.sequence]++) {
    sender->duplicated++;
    return;
  }
  sender->received++;
  samples_add(&latency, datagram->at_ns - stamp.sent_ns);
}

static void take_events(int epoll, int64_t until_ns) {
  struct epoll_event events[64];
  int count = wait_until(epoll, until_ns, events, 64);
  for (int i = 0; i < count; i++) drain(((struct leg *)events[i].data.ptr)->handle, take_packet, events[i].data.ptr);
}

static int open_epoll(void) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < leg_count; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &legs[i]};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, legs[i].handle, &event) != 0) fail("watch", "a socket");
  }
  return epoll;
}

// Returns the CPU of the watched processes and of this one over the measured part.
static void run(int epoll, const char *pids, double *proxy_us, double *own_us) {
  int64_t start = now_ns() + period_ns;
  int64_t slots = (int64_t)total_packets * leg_count, first = (int64_t)warm_packets * leg_count;
  for (int64_t slot = 0; slot < slots;) {
    int64_t due = start + slot * period_ns / leg_count;
    if (due > now_ns()) {
      take_events(epoll, due);
      continue;
    }
    if (slot == first) {
      *proxy_us = -cpu_us_of(pids);
      *own_us = -own_cpu_us();
    }
    send_packet(slot % leg_count, due);
    // One look at the sockets per eight packets keeps a late generator from starving its receivers.
    if (++slot % 8 == 0) take_events(epoll, 0);
  }
  for (int64_t end = now_ns() + DRAIN_NS; now_ns() < end;) take_events(epoll, end);
  *proxy_us += cpu_us_of(pids);
  *own_us += own_cpu_us();
}

static void report(double proxy_us, double own_us) {
  uint64_t sent = 0, received = 0, duplicated = 0, silent = 0;
  for (int i = 0; i < leg_count; i++) {
    sent += legs[i].sent - warm_packets;
    received += legs[i].received;
    duplicated += legs[i].duplicated;
    silent += legs[i].received == 0;
  }
  printf("sent=%lu received=%lu lost=%lu duplicated=%lu silent_legs=%lu strays=%lu send_errors=%lu\n", sent, received,
         sent - received, duplicated, silent, strays, send_errors);
  printf("p50_us=%.1f p99_us=%.1f late_p99_us=%.1f proxy_cpu_us=%.0f own_cpu_us=%.0f\n",
         samples_percentile_us(&latency, 50), samples_percentile_us(&latency, 99), samples_percentile_us(&lateness, 99),
         proxy_us, own_us);
}

int main(int count, char **values) {
  double proxy_us = 0, own_us = 0;
  struct rlimit files;
  long long seconds = number(count, values, "seconds", 8), warm_s = number(count, values, "warm", 1);
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  keep_time();
  alarm(warm_s + seconds + 20);
  long long packet_ms = number(count, values, "packet_ms", 20);
  if (packet_ms < 1 || packet_ms > MAX_PACKET_MS) fail("use", "packet_ms");
  this_run = getpid();
  payload_bytes = packet_ms * PAYLOAD_BYTES_PER_MS;
  period_ns = packet_ms * 1000000LL;
  warm_packets = warm_s * 1000 / packet_ms;
  total_packets = warm_packets + seconds * 1000 / packet_ms;
  struct namespaces namespaces = {argument(count, values, "lan", NULL), argument(count, values, "wan", NULL)};
  read_calls(argument(count, values, "calls", NULL), add_call, &namespaces);
  run(open_epoll(), argument(count, values, "pids", ""), &proxy_us, &own_us);
  report(proxy_us, own_us);
  return 0;
}
