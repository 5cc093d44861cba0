#define _GNU_SOURCE
#include "junk_text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static uint64_t state = 88172645463325252ULL;

void junk_seed(uint64_t seed) { state = seed * 2654435761ULL + 88172645463325252ULL; }

// xorshift64: the same seed gives the same attack.
uint64_t junk_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void put(struct junk *junk, const char *format, ...) {
  va_list values;
  va_start(values, format);
  int length = vsnprintf(junk->data + junk->length, JUNK_BYTES - junk->length, format, values);
  va_end(values);
  junk->length += length;
  if (junk->length >= JUNK_BYTES) junk->length = JUNK_BYTES - 1;
}

static void put_octets(struct junk *junk, int count) {
  for (int i = 0; i < count && junk->length < JUNK_BYTES; i++) junk->data[junk->length++] = junk_random();
}

static void put_request(struct junk *junk, const char *method, const struct junk_place *place) {
  unsigned a = junk_random(), b = junk_random();
  put(junk, "%s sip:%x@%s SIP/2.0\r\n", method, a % 100000, place->domain);
  put(junk, "Via: SIP/2.0/UDP %s:%d;rport;branch=z9hG4bK%x%x\r\n", place->source_host, place->source_port, a, b);
  put(junk, "Max-Forwards: 70\r\nFrom: <sip:%x@%s>;tag=%x\r\n", b % 100000, place->domain, a ^ b);
  put(junk, "To: <sip:%x@%s>\r\nCall-ID: %x%x@%s\r\nCSeq: %u %s\r\n", a % 100000, place->domain, b, a,
      place->source_host, a % 1000 + 1, method);
  put(junk, "Contact: <sip:%x@%s:%d>\r\nUser-Agent: friendly-scanner\r\n", b % 100000, place->source_host,
      place->source_port);
}

static void put_invite(struct junk *junk, const struct junk_place *place) {
  put_request(junk, "INVITE", place);
  char body[256];
  int length = snprintf(body, sizeof body, "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8\r\n",
                        place->source_host, place->source_host, place->source_port);
  put(junk, "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", length, body);
}

// In the spirit of RFC 4475: what a lenient parser misreads.
static void put_torture(struct junk *junk, const struct junk_place *place) {
  static const char *const lines[] = {
    "Content-Length: -999", "CSeq: 36893488147419103232 OPTIONS", "To: \"Mr. J. User <sip:j@example.com>",
    "Max-Forwards: 300", "Contact: <sip:a@b?Route=%3Csip:c%3E>", "From: <sip:x@y>;tag=\"", "Via: SIP/2.0/UDP ;;,;,,",
    "Require: nothingSupportsThis", "X-Bypass-me : lol", ":", "Content-Length: 9999", "Date: Fri, 01 Jan 2010 16:00:00 EST",
  };
  static const char *const methods[] = {"RE%47IST%45R", "!interesting-Method0123456789_*+`.%indeed'~", "ACK", "CANCEL", "BYE"};
  int kind = junk_random() % 8;
  if (kind == 0) {
    put_request(junk, "OPTIONS", place);
    for (int i = 0; i < 20; i++) put(junk, "Via: SIP/2.0/UDP 198.51.100.%d;branch=z9hG4bK%d\r\n", i, i);
  } else {
    put_request(junk, methods[junk_random() % 5], place);
    for (int i = 0; i < 4; i++) put(junk, "%s\r\n", lines[junk_random() % (sizeof lines / sizeof *lines)]);
  }
  put(junk, kind == 1 ? "\r\n" : "Content-Length: 0\r\n\r\n");
  if (kind == 2) memcpy(junk->data + junk->length - 12, "\0\r\r\n\n\xff", 6);
}

static void put_response(struct junk *junk, const struct junk_place *place) {
  unsigned a = junk_random(), b = junk_random();
  put(junk, "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP %s:5060;branch=z9hG4bK%08x%08x%08x%08x\r\n", place->proxy, a, b, ~a, ~b);
  put(junk, "Via: SIP/2.0/UDP %s:%d;branch=z9hG4bK%x\r\nFrom: <sip:a@%s>;tag=%x\r\n", place->source_host,
      place->source_port, b, place->domain, a);
  put(junk, "To: <sip:b@%s>;tag=%x\r\nCall-ID: %x\r\nCSeq: 1 %s\r\nContent-Length: 0\r\n\r\n", place->domain, b, a,
      b & 1 ? "INVITE" : "REGISTER");
}

void make_junk(struct junk *junk, enum junk_kind kind, const struct junk_place *place) {
  static const char *const pulses[] = {"\r\n\r\n", "\r\n", "\n\n\n\n", "    "};
  junk->length = 0;
  switch (kind) {
    case JUNK_RANDOM: put_octets(junk, 1 + junk_random() % ONE_PACKET_BYTES); break;
    case JUNK_CUT:
      put_invite(junk, place);
      junk->length = 1 + junk_random() % (junk->length - 1);
      break;
    case JUNK_INVITE: put_invite(junk, place); break;
    case JUNK_OPTIONS:
    case JUNK_REGISTER:
      put_request(junk, kind == JUNK_OPTIONS ? "OPTIONS" : "REGISTER", place);
      put(junk, "Expires: 3600\r\nContent-Length: 0\r\n\r\n");
      break;
    case JUNK_TORTURE: put_torture(junk, place); break;
    case JUNK_KEEP_ALIVE: put(junk, "%s", pulses[junk_random() % 4]); break;
    case JUNK_RESPONSE: put_response(junk, place); break;
    default:
      put_request(junk, "MESSAGE", place);
      while (junk->length < 2000 + (int)(junk_random() % (JUNK_BYTES - 4000))) put(junk, "X-Junk: %0200d\r\n", 7);
      put(junk, "Content-Length: 0\r\n\r\n");
  }
}

void make_media_junk(struct junk *junk) {
  unsigned pick = junk_random() % 16;
  junk->length = 0;
  put_octets(junk, pick == 0 ? 1 + junk_random() % ONE_PACKET_BYTES : 172);
  if (pick >= 4) junk->data[0] = (char)0x80, junk->data[1] = 8; // RTP, PCMA
  if (pick == 1 && junk->length > 2) junk->data[0] = (char)0x80, junk->data[1] = (char)200; // RTCP sender report
  if (pick == 2) memcpy(junk->data, "\0\1\0\0\x21\x12\xa4\x42", 8); // STUN binding request (RFC 8489)
}
