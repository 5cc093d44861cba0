// SIP load: the phones (LAN namespace, one address each) and the registrar and far phone (WAN
// namespace) in one process. mode=register: REGISTER transactions; calls: INVITE 180 200 ACK BYE 200;
// setup: the same without BYE, printing the media addresses of every call; hangup: the BYEs of a setup.
// Nothing is retransmitted: what stays unanswered is counted.
#define _GNU_SOURCE
#include "common.h"
#include "sip_text.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define SIP_PORT 5060
#define FIRST_MEDIA_PORT 30000
#define MEDIA_PORTS 20000
#define DRAIN_NS (3 * NS_PER_S)
#define PHONES_PER_NET 250
#define COMPLETE (RINGING | ACCEPTED | CONFIRMED | ENDED)

enum progress { OFFERED = 1, ARRIVED = 2, RINGING = 4, ACCEPTED = 8, CONFIRMED = 16, BYE_ARRIVED = 32, ENDED = 64 };

struct work {
  int64_t sent_ns;
  int progress;
  int lan_port, wan_port;
  char lan_host[HOST_BYTES], wan_host[HOST_BYTES];
};

static struct work *all;
static long work_count, warm_count, phones, run_id;
static int lan_socket, wan_socket;
static const char *proxy, *registrar, *mode;
static struct sockaddr_in proxy_address;
static struct samples latency, lateness;
static long refused, strays;
static char first_refusal[128];

static void phone_host(long phone, char host[HOST_BYTES]) {
  snprintf(host, HOST_BYTES, "10.1.%ld.%ld", phone / PHONES_PER_NET, phone % PHONES_PER_NET + 1);
}

static int media_port(long index) { return FIRST_MEDIA_PORT + 2 * index % MEDIA_PORTS; }

// Every phone sends from its own address over the one socket (IP_PKTINFO, ip(7)).
static void send_from_phone(long phone, const struct text *text) {
  char host[HOST_BYTES], control[CMSG_SPACE(sizeof(struct in_pktinfo))] = {0};
  phone_host(phone, host);
  struct iovec piece = {.iov_base = (char *)text->data, .iov_len = text->length};
  struct msghdr header = {.msg_name = &proxy_address, .msg_namelen = sizeof proxy_address, .msg_iov = &piece,
    .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *part = CMSG_FIRSTHDR(&header);
  part->cmsg_level = IPPROTO_IP;
  part->cmsg_type = IP_PKTINFO;
  part->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
  struct in_pktinfo info = {.ipi_spec_dst = address_of(host, 0).sin_addr};
  memcpy(CMSG_DATA(part), &info, sizeof info);
  if (sendmsg(lan_socket, &header, 0) < 0) fail("send from", host);
}

// Call-ID carries the run and the index; a REGISTER keeps its Call-ID per phone and carries the index in CSeq.
static void put_request(struct text *text, const char *method, long index, long sequence) {
  char host[HOST_BYTES];
  long phone = index % phones;
  int registers = *method == 'R';
  phone_host(phone, host);
  put(text, "%s sip:%s%s%s SIP/2.0\r\n", method, registers ? "" : "far@", registrar, registers ? "" : ":5060");
  put(text, "Via: SIP/2.0/UDP %s:5060;rport;branch=z9hG4bK%lx.%lx.%lx%s\r\n", host, run_id, index, sequence,
      *method == 'A' ? "a" : "");
  put(text, "Max-Forwards: 70\r\nFrom: <sip:p%ld@%s>;tag=f%ld\r\n", phone, registrar, index);
  if (registers) put(text, "To: <sip:p%ld@%s>\r\nCall-ID: r%ld@%s\r\n", phone, registrar, phone, host);
  else put(text, "To: <sip:far@%s>\r\nCall-ID: %ld-i%ld@%s\r\n", registrar, run_id, index, host);
  put(text, "CSeq: %ld %s\r\nContact: <sip:p%ld@%s:5060>%s\r\nUser-Agent: bench\r\n", sequence, method, phone, host,
      registers ? ";expires=3600" : "");
}

static void send_opening(long index) {
  struct text text = {.length = 0};
  int calls = *mode != 'r';
  all[index].progress = OFFERED;
  if (calls) {
    char host[HOST_BYTES];
    phone_host(index % phones, host);
    put_request(&text, "INVITE", index, 1);
    put_sdp_body(&text, host, media_port(index));
  } else {
    put_request(&text, "REGISTER", index, run_id * 1000000 + index);
    put(&text, "Content-Length: 0\r\n\r\n");
  }
  all[index].sent_ns = now_ns();
  send_from_phone(index % phones, &text);
}

static void send_in_dialog(const char *method, long index, const char *answer) {
  struct text text = {.length = 0}, dialog = {.length = 0};
  put_request(&dialog, method, index, *method == 'A' ? 1 : 2);
  const char *to = strstr(dialog.data, "\r\nCall-ID:");
  put(&text, "%.*s;tag=t%ld%s", (int)(to - dialog.data), dialog.data, index, to);
  if (answer) put_route_set(&text, answer);
  else put(&text, "Route: <sip:%s:5060;lr>\r\n", proxy);
  put(&text, "Content-Length: 0\r\n\r\n");
  send_from_phone(index % phones, &text);
}

static void respond(const struct received *request, int status, const char *reason, long index) {
  struct text text = {.length = 0};
  struct span value;
  const char *message = request->data;
  put(&text, "SIP/2.0 %d %s\r\n", status, reason);
  copy_headers(&text, message, "Via");
  copy_headers(&text, message, "Record-Route");
  copy_headers(&text, message, "From");
  if (first_header(message, "To", &value))
    put(&text, "To: %.*s%s", value.length, value.start, memmem(value.start, value.length, ";tag=", 5) ? "\r\n" : "");
  if (text.data[text.length - 1] != '\n') put(&text, ";tag=t%ld\r\n", index);
  copy_headers(&text, message, "Call-ID");
  copy_headers(&text, message, "CSeq");
  if (*message == 'R') copy_headers(&text, message, "Contact");
  if (*message == 'I') put(&text, "Contact: <sip:far@%s:5060>\r\n", registrar);
  if (*message == 'I' && status == 200) put_sdp_body(&text, registrar, media_port(index));
  else put(&text, "Content-Length: 0\r\n\r\n");
  sendto(wan_socket, text.data, text.length, 0, (struct sockaddr *)&request->source, sizeof request->source);
}

static long index_of(const char *message) {
  long index = number_in_header(message, "Call-ID", "-i");
  if (index < 0) index = number_in_header(message, "CSeq", "") - run_id * 1000000;
  else if (number_in_header(message, "Call-ID", "") != run_id) index = -1;
  return index;
}

static void take_on_wan(void *context, const struct received *request) {
  (void)context;
  long index = index_of(request->data);
  if (index < 0 || index >= work_count) {
    strays++;
    return;
  }
  struct work *work = &all[index];
  switch (*request->data) {
    case 'A': work->progress |= CONFIRMED; return;
    case 'B': work->progress |= BYE_ARRIVED; break;
    case 'I':
      respond(request, 180, "Ringing", index);
      read_sdp(request->data, work->wan_host, &work->wan_port); // fall through
    case 'R':
      if (!(work->progress & ARRIVED) && index >= warm_count) samples_add(&latency, request->at_ns - work->sent_ns);
      work->progress |= ARRIVED;
      break;
    default: strays++; return;
  }
  respond(request, 200, "OK", index);
}

static void take_on_lan(void *context, const struct received *answer) {
  (void)context;
  struct span method;
  long index = index_of(answer->data);
  int status = strncmp(answer->data, "SIP/2.0 ", 8) == 0 ? atoi(answer->data + 8) : 0;
  if (index < 0 || index >= work_count || status < 100 || !first_header(answer->data, "CSeq", &method)) {
    strays++;
    return;
  }
  struct work *work = &all[index];
  int ends = memmem(method.start, method.length, "INVITE", 6) == NULL;
  if (status >= 300 && refused++ == 0) snprintf(first_refusal, sizeof first_refusal, "%.*s", (int)strcspn(answer->data, "\r"), answer->data);
  if (status >= 100 && status < 200) work->progress |= RINGING;
  if (status < 200 || status >= 300) return;
  if (ends) {
    work->progress |= ENDED;
    return;
  }
  if (work->progress & ACCEPTED) return;
  work->progress |= ACCEPTED;
  read_sdp(answer->data, work->lan_host, &work->lan_port);
  send_in_dialog("ACK", index, answer->data);
  if (*mode == 'c') send_in_dialog("BYE", index, answer->data);
}

static void take_events(int epoll, int64_t until_ns) {
  struct epoll_event events[2];
  int count = wait_until(epoll, until_ns, events, 2);
  for (int i = 0; i < count; i++)
    drain(events[i].data.fd, events[i].data.fd == lan_socket ? take_on_lan : take_on_wan, NULL);
}

static int is_done(const struct work *work) {
  return *mode == 's' ? (work->progress & (ACCEPTED | CONFIRMED)) == (ACCEPTED | CONFIRMED)
    : *mode == 'c' ? (work->progress & COMPLETE) == COMPLETE
    : (work->progress & ENDED) != 0;
}

static long unanswered(long from) {
  long count = 0;
  for (long i = from; i < work_count; i++) count += !is_done(&all[i]);
  return count;
}

// The drain ends as soon as nothing is missing.
static void run(int epoll, long rate, const char *pids, double *proxy_us, double *own_us) {
  int64_t start = now_ns(), end;
  for (long index = 0; index < work_count;) {
    int64_t due = start + index * NS_PER_S / rate;
    if (due > now_ns()) {
      take_events(epoll, due);
      continue;
    }
    if (index == warm_count) {
      *proxy_us = -cpu_us_of(pids);
      *own_us = -own_cpu_us();
    }
    if (*mode == 'h') send_in_dialog("BYE", index, NULL);
    else send_opening(index);
    if (index++ >= warm_count) samples_add(&lateness, now_ns() - due);
    take_events(epoll, 0);
  }
  for (end = now_ns() + DRAIN_NS; now_ns() < end && unanswered(0) > 0;) take_events(epoll, now_ns() + NS_PER_S / 100);
  *proxy_us += cpu_us_of(pids);
  *own_us += own_cpu_us();
}

static int open_sockets(const char *lan, const char *wan) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  lan_socket = socket_in_namespace(lan, address_of("0.0.0.0", SIP_PORT));
  wan_socket = socket_in_namespace(wan, address_of(registrar, SIP_PORT));
  int sockets[] = {lan_socket, wan_socket};
  for (int i = 0; i < 2; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = sockets[i]};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, sockets[i], &event) != 0) fail("watch", "a socket");
  }
  return epoll;
}

static void print_calls(void) {
  char host[HOST_BYTES];
  for (long i = 0; i < work_count && *mode == 's'; i++) {
    if (!is_done(&all[i]) || !all[i].lan_port || !all[i].wan_port) continue;
    phone_host(i % phones, host);
    printf("call %s %d %s %d %s %d %s %d\n", host, media_port(i), all[i].lan_host, all[i].lan_port, registrar,
           media_port(i), all[i].wan_host, all[i].wan_port);
  }
}

int main(int count, char **values) {
  double proxy_us = 0, own_us = 0;
  long rate = number(count, values, "rate", 500);
  mode = argument(count, values, "mode", NULL);
  proxy = argument(count, values, "proxy", NULL);
  registrar = argument(count, values, "registrar", NULL);
  phones = number(count, values, "phones", 1);
  run_id = number(count, values, "run", 1);
  warm_count = number(count, values, "warm", 0);
  work_count = warm_count + number(count, values, "count", 1);
  proxy_address = address_of(proxy, SIP_PORT);
  all = calloc(work_count, sizeof *all);
  if (all == NULL || phones < 1 || rate < 1) fail("use arguments", mode);
  keep_time();
  alarm(work_count / rate + 30);
  int epoll = open_sockets(argument(count, values, "lan", NULL), argument(count, values, "wan", NULL));
  run(epoll, rate, argument(count, values, "pids", ""), &proxy_us, &own_us);
  print_calls();
  printf("count=%ld unanswered=%ld refused=%ld strays=%ld p50_us=%.1f p99_us=%.1f ",
         work_count - warm_count, unanswered(warm_count), refused, strays, samples_percentile_us(&latency, 50),
         samples_percentile_us(&latency, 99));
  printf("late_p99_us=%.1f proxy_cpu_us=%.0f own_cpu_us=%.0f\n", samples_percentile_us(&lateness, 99), proxy_us, own_us);
  if (refused) fprintf(stderr, "refused: %s\n", first_refusal);
  return 0;
}
