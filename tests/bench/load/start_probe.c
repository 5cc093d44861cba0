// Start probe: runs the command after "--" in the router's namespace and sends it an OPTIONS with
// Max-Forwards 0 from the LAN every 2 ms until one is answered with 200. Prints the time from fork to
// that answer, then ends the command and whatever it has forked: a daemon that is told to end while it
// still forks its workers (Kamailio answers before it has all) may leave one behind, with the port bound.
// Without a command it only waits for the answer.
#define _GNU_SOURCE
#include "common.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROBE_NS 2000000LL
#define END_NS (5 * NS_PER_S)

static int64_t answered_ns;

static void take_answer(void *context, const struct received *datagram) {
  (void)context;
  if (answered_ns == 0 && strncmp(datagram->data, "SIP/2.0 200", 11) == 0) answered_ns = datagram->at_ns;
}

static pid_t start(const char *namespace, char **command, const char *log) {
  pid_t child = fork();
  if (child != 0) return child;
  setpgid(0, 0);
  enter_namespace(namespace);
  int output = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(output, 1);
  dup2(output, 2);
  execvp(command[0], command);
  fail("run", command[0]);
}

static void probe(int handle, const char *phone, const char *proxy, int sequence) {
  char text[1024];
  struct sockaddr_in target = address_of(proxy, 5060);
  int length = snprintf(text, sizeof text,
    "OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s:5062;branch=z9hG4bKstart%d-%d;rport\r\nMax-Forwards: 0\r\n"
    "From: <sip:probe@%s>;tag=s%d\r\nTo: <sip:%s>\r\nCall-ID: start-%d-%d@%s\r\nCSeq: %d OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n",
    proxy, phone, getpid(), sequence, phone, sequence, proxy, getpid(), sequence, phone, sequence);
  sendto(handle, text, length, 0, (struct sockaddr *)&target, sizeof target);
}

static int wait_for_end(pid_t child, int64_t until_ns) {
  while (now_ns() < until_ns) {
    pid_t ended = waitpid(child, NULL, WNOHANG);
    if (ended == child || (ended < 0 && errno == ECHILD)) return 1;
    if (ended <= 0) usleep(2000);
  }
  return 0;
}

// As the sub-reaper of all that the command forked, this process sees the end of its orphans too.
static void end(pid_t leader) {
  kill(-leader, SIGTERM);
  wait_for_end(leader, now_ns() + END_NS);
  kill(-leader, SIGKILL);
  if (!wait_for_end(-1, now_ns() + END_NS)) fail("end all that was started by", "the command");
}

int main(int count, char **values) {
  const char *phone = argument(count, values, "phone", NULL), *proxy = argument(count, values, "proxy", NULL);
  int64_t timeout_ns = number(count, values, "timeout", 20) * NS_PER_S;
  int handle = socket_in_namespace(argument(count, values, "lan", NULL), address_of(phone, 5062));
  char **command = NULL;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (int i = 1; i < count; i++)
    if (strcmp(values[i], "--") == 0) command = values + i + 1;
  struct epoll_event event = {.events = EPOLLIN};
  int epoll = epoll_create1(EPOLL_CLOEXEC), sequence = 0;
  epoll_ctl(epoll, EPOLL_CTL_ADD, handle, &event);
  int64_t began = now_ns(), next = began;
  pid_t child = command ? start(argument(count, values, "rtr", NULL), command, argument(count, values, "log", "/dev/null")) : 0;
  while (answered_ns == 0 && now_ns() < began + timeout_ns) {
    if (now_ns() >= next) {
      probe(handle, phone, proxy, ++sequence);
      next += PROBE_NS;
    }
    if (wait_until(epoll, next, &event, 1)) drain(handle, take_answer, NULL);
  }
  if (child > 0) end(child);
  if (answered_ns == 0) {
    errno = ETIMEDOUT;
    fail("get an answer to OPTIONS from", proxy);
  }
  printf("start_ms=%.1f probes=%d\n", (answered_ns - began) / 1e6, sequence);
  return 0;
}
