// What an attacker sends: a generator of octets and the kinds of junk that the attacks mix.
#ifndef ATTACK_JUNK_TEXT_H
#define ATTACK_JUNK_TEXT_H
#include <stdint.h>

#define JUNK_BYTES 60000
// What a raw socket sends in one piece over Ethernet, IP and UDP headers taken off.
#define ONE_PACKET_BYTES 1400

struct junk {
  char data[JUNK_BYTES];
  int length;
};

// Whom a message pretends to come from and whom it asks for.
struct junk_place {
  const char *source_host, *proxy, *domain;
  int source_port;
};

enum junk_kind {
  JUNK_RANDOM, JUNK_CUT, JUNK_INVITE, JUNK_OPTIONS, JUNK_REGISTER, JUNK_TORTURE, JUNK_KEEP_ALIVE, JUNK_RESPONSE,
  JUNK_OVERSIZE, JUNK_KINDS
};

void junk_seed(uint64_t seed);
uint64_t junk_random(void);
void make_junk(struct junk *junk, enum junk_kind kind, const struct junk_place *place);
// A message that is an RTP packet by its header; every fourth is RTCP, STUN or noise.
void make_media_junk(struct junk *junk);
#endif
