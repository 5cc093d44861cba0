#define _GNU_SOURCE
#include "sip_text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_ROUTES 8

void put(struct text *text, const char *format, ...) {
  va_list values;
  va_start(values, format);
  int length = vsnprintf(text->data + text->length, TEXT_BYTES - text->length, format, values);
  va_end(values);
  text->length += length;
  if (text->length >= TEXT_BYTES) {
    fprintf(stderr, "Cannot build a message: longer than %d bytes\n", TEXT_BYTES);
    exit(1);
  }
}

int next_header(const char *name, const char **cursor, struct span *value) {
  size_t length = strlen(name);
  const char *line = *cursor;
  while ((line = strstr(line, "\r\n")) != NULL && line[2] != '\r') {
    line += 2;
    if (strncasecmp(line, name, length) != 0) continue;
    const char *text = line + length + strspn(line + length, " \t");
    if (*text != ':') continue;
    text += 1 + strspn(text + 1, " \t");
    const char *end = strstr(text, "\r\n");
    if (end == NULL) return 0;
    *value = (struct span){text, end - text};
    *cursor = end;
    return 1;
  }
  return 0;
}

int first_header(const char *message, const char *name, struct span *value) {
  return next_header(name, &message, value);
}

long number_in_header(const char *message, const char *name, const char *mark) {
  struct span value;
  if (!first_header(message, name, &value)) return -1;
  if (*mark == 0) return strtol(value.start, NULL, 10);
  const char *found = memmem(value.start, value.length, mark, strlen(mark));
  return found ? strtol(found + strlen(mark), NULL, 10) : -1;
}

void copy_headers(struct text *text, const char *message, const char *name) {
  struct span value;
  while (next_header(name, &message, &value)) put(text, "%s: %.*s\r\n", name, value.length, value.start);
}

void put_route_set(struct text *text, const char *response) {
  struct span value, routes[MAX_ROUTES];
  int count = 0;
  while (next_header("Record-Route", &response, &value)) {
    const char *start = value.start, *end = value.start + value.length;
    while (start < end && count < MAX_ROUTES) {
      const char *close = memchr(start, '>', end - start);
      const char *comma = close ? memchr(close, ',', end - close) : NULL;
      routes[count++] = (struct span){start, (comma ? comma : end) - start};
      start = comma ? comma + 1 : end;
    }
  }
  while (count-- > 0) put(text, "Route: %.*s\r\n", routes[count].length, routes[count].start);
}

int read_sdp(const char *message, char host[HOST_BYTES], int *port) {
  const char *body = strstr(message, "\r\n\r\n");
  const char *connection = body ? strstr(body, "c=IN IP4 ") : NULL, *media = body ? strstr(body, "m=audio ") : NULL;
  return connection && media && sscanf(connection, "c=IN IP4 %63s", host) == 1 && sscanf(media, "m=audio %d", port) == 1;
}

void put_sdp_body(struct text *text, const char *host, int port) {
  char body[512];
  int length = snprintf(body, sizeof body,
    "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8 0 101\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    "a=ptime:20\r\na=sendrecv\r\n",
    host, host, port);
  put(text, "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", length, body);
}
