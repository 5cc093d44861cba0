// The bare relay: what any relay in user space needs for a packet, and no more. Every call has a socket on the router's
// LAN and one on its WAN address; what arrives at one leaves by the other for that call's phone. Beside the daemon and in
// the same seconds it shows what of a delay is the machine's.
#define _GNU_SOURCE
#include "../../../bench/load/common.h"
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define MAX_SIDES 64

struct side {
  int handle;
  struct sockaddr_in phone;
};

static struct side sides[MAX_SIDES]; // a call's LAN side is followed by its WAN side
static int side_count;

static void add_side(const char *router, struct sockaddr_in own, struct sockaddr_in phone) {
  if (side_count == MAX_SIDES) fail("hold more calls than", "32");
  sides[side_count].handle = socket_in_namespace(router, own);
  sides[side_count].phone = phone;
  side_count++;
}

static void add_call(const struct call_line *line, void *router) {
  add_side(router, line->lan_target, line->lan);
  add_side(router, line->wan_target, line->wan);
}

static int open_epoll(void) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < side_count; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, sides[i].handle, &event) != 0) fail("watch", "a socket");
  }
  return epoll;
}

static void relay(int index) {
  static char packet[DATAGRAM_BYTES];
  struct side *other = &sides[index ^ 1];
  ssize_t length = recv(sides[index].handle, packet, sizeof packet, 0);
  if (length < 0) return;
  // A packet that cannot leave is lost, which the meter sees.
  (void)!sendto(other->handle, packet, length, 0, (struct sockaddr *)&other->phone, sizeof other->phone);
}

int main(int count, char **values) {
  alarm(number(count, values, "seconds", 300));
  read_calls(argument(count, values, "calls", NULL), add_call, (void *)argument(count, values, "rtr", NULL));
  int epoll = open_epoll();
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[MAX_SIDES];
    int ready = epoll_wait(epoll, events, MAX_SIDES, -1);
    for (int i = 0; i < ready; i++) relay(events[i].data.u32);
  }
}
