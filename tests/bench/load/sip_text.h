// Reading and building of the few SIP messages of the load: header look-up, response by copying
// (RFC 3261 §8.2.6.2), route set (§12.1.2), SDP port. No allocation, no general parser.
#ifndef BENCH_SIP_TEXT_H
#define BENCH_SIP_TEXT_H

#define TEXT_BYTES 4096
#define HOST_BYTES 64

struct text {
  char data[TEXT_BYTES];
  int length;
};

struct span {
  const char *start;
  int length;
};

void put(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
// The next header line of that name after *cursor (start with the message itself); 1 if found.
int next_header(const char *name, const char **cursor, struct span *value);
int first_header(const char *message, const char *name, struct span *value);
// The number after a mark inside a header, -1 if there is none.
long number_in_header(const char *message, const char *name, const char *mark);
// Copies every line of that header.
void copy_headers(struct text *text, const char *message, const char *name);
// Writes the Record-Route values of a response in reverse order as Route lines.
void put_route_set(struct text *text, const char *response);
// Address and port of the first audio line; 1 if both are there.
int read_sdp(const char *message, char host[HOST_BYTES], int *port);
void put_sdp_body(struct text *text, const char *host, int port);
#endif
