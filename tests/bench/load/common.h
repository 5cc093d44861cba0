// Shared by the load generators: one clock, sockets in named network namespaces, latency samples,
// CPU of the process under test. All times are nanoseconds of CLOCK_REALTIME, because that is the
// clock of the kernel's receive stamps: the generator's own scheduling delay stays out of a sample.
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#define NS_PER_S 1000000000LL
#define RECEIVE_BATCH 16
#define DATAGRAM_BYTES 4096

struct samples {
  uint32_t *tenths_us;
  size_t count, capacity;
};

struct received {
  char *data;
  int length;
  int64_t at_ns;
  struct sockaddr_in source;
};

typedef void (*on_datagram)(void *context, const struct received *datagram);

int64_t now_ns(void);
// Lets a generator keep time on a busy machine, before all other work: its lateness would be taken for
// the proxy's. A real-time class, because a nice value counts only within a session (sched_autogroup).
void keep_time(void);
void fail(const char *what, const char *detail) __attribute__((noreturn));
const char *argument(int count, char **values, const char *name, const char *fallback);
long long number(int count, char **values, const char *name, long long fallback);
struct sockaddr_in address_of(const char *host, int port);

// A call of a file of calls: the phone on the LAN, where it sends its media, and the same on the WAN.
struct call_line {
  struct sockaddr_in lan, lan_target, wan, wan_target;
};
typedef void (*on_call)(const struct call_line *line, void *context);
// Ends the program where there is no call.
void read_calls(const char *path, on_call handler, void *context);

// Enters the namespace (and stays in it), opens and binds a non-blocking UDP socket with receive stamps.
int socket_in_namespace(const char *namespace, struct sockaddr_in local);
void enter_namespace(const char *namespace);
// Reads at most one batch; returns how many datagrams were handed over.
int drain(int socket, on_datagram handler, void *context);
// Waits until a socket is readable or the instant has come; returns the number of events.
struct epoll_event;
int wait_until(int epoll, int64_t instant_ns, struct epoll_event *events, int capacity);

void samples_add(struct samples *samples, int64_t ns);
double samples_percentile_us(struct samples *samples, double percent);

// Sum of user and system time of all threads of the comma-separated processes, in microseconds.
double cpu_us_of(const char *pids);
double own_cpu_us(void);
#endif
