import { equal } from "node:assert/strict";
import { checkMessage } from "./check_message.ts";
import { headerValue, listValues } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { replacePart } from "./multipart.ts";
import { parseMessage } from "./parse_message.ts";
import { buildMalformedResponse } from "./respond.ts";
import { parseRoutes } from "./route.ts";
import { serializeMessage } from "./serialize_message.ts";
import { StreamFramer } from "./stream_framer.ts";

const FIXTURES = new URL("../../fixtures/sip/", import.meta.url);

/** Mutants of each fixture: all of them together run in about a second. */
const MUTANTS = 60;

/** Octets that mean something to a SIP parser; random ones mostly hit plain text. */
const SHARP_OCTETS = '\r\n\0 \t:;,<>"\\@=?%/[]*-+0123456789SIP\x7f\xc3\xff';

/** A linear congruential generator: the same mutants in every run. */
function makeRandom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 4294967296 * limit);
  };
}

function readFixtures(): readonly Uint8Array[] {
  return ["valid", "invalid"].flatMap((folder) => {
    const url = new URL(`${folder}/`, FIXTURES);
    const names = [...Deno.readDirSync(url)].map(({ name }) => name).sort();
    return names.map((name) => Deno.readFileSync(new URL(name, url)));
  });
}

function mutate(octets: Uint8Array, random: (limit: number) => number): Uint8Array {
  let mutant = [...octets];
  for (let edits = 1 + random(4); edits > 0; edits--) {
    const at = random(mutant.length + 1);
    const octet = SHARP_OCTETS.charCodeAt(random(SHARP_OCTETS.length));
    const kind = random(5);
    if (kind === 0) mutant[at] = octet;
    else if (kind === 1) mutant.splice(at, 0, octet);
    else if (kind === 2) mutant.splice(at, 1 + random(20));
    else if (kind === 3) mutant = mutant.slice(0, at);
    else mutant.splice(at, 0, ...mutant.slice(random(at + 1), at).slice(0, 200));
  }
  return Uint8Array.from(mutant);
}

/** Runs everything that reads a message; none of it may throw on input. */
function readEverything(message: SipMessage): void {
  checkMessage(message);
  for (const key of ["route", "record-route", "path"] as const) parseRoutes(message, key);
  listValues(message, "contact");
  const contentType = headerValue(message, "content-type") ?? "";
  const replace = (content: string) => `${content}!`;
  replacePart(message.body, { contentType, mediaType: "application/sdp", replace });
}

Deno.test("parseMessage() and all readers bear mutants of every fixture (R6, R10, R11)", () => {
  const random = makeRandom(4475);
  const counts = { accepted: 0, refused: 0 };
  for (const octets of readFixtures()) {
    for (let index = 0; index < MUTANTS; index++) {
      const mutant = mutate(octets, random);
      const parsed = parseMessage(mutant, "datagram");
      if (parsed.ok) {
        counts.accepted++;
        readEverything(parsed.value);
        const again = parseMessage(serializeMessage(parsed.value), "datagram");
        equal(again.ok && again.value.headers.length, parsed.value.headers.length);
        continue;
      }
      counts.refused++;
      const { partial, statusCode } = parsed.error;
      if (partial === undefined) continue;
      const answer = buildMalformedResponse(partial, { statusCode, toTag: "t" });
      if (answer.ok) serializeMessage(answer.value);
    }
  }
  equal(counts.accepted > 500 && counts.refused > 500, true, JSON.stringify(counts));
});

Deno.test("serializeMessage() writes exactly the header lines that were parsed, for every mutant", () => {
  const random = makeRandom(3261);
  for (const octets of readFixtures()) {
    for (let index = 0; index < MUTANTS; index++) {
      const first = parseMessage(mutate(octets, random), "datagram");
      if (!first.ok) continue;
      const second = parseMessage(serializeMessage(first.value), "datagram");
      const lines = (message: SipMessage) => message.headers.map((field) => field.line).join("\n");
      equal(second.ok && lines(second.value), lines(first.value));
    }
  }
});

Deno.test("StreamFramer.push() gives the same events whole or in pieces, for every mutant", () => {
  const random = makeRandom(5626);
  for (const octets of readFixtures()) {
    for (let index = 0; index < 10; index++) {
      const stream = mutate(octets, random);
      equal(messagesOf([stream]), messagesOf(pieces(stream, random)));
    }
  }
});

function pieces(octets: Uint8Array, random: (limit: number) => number): readonly Uint8Array[] {
  const cuts: Uint8Array[] = [];
  for (let at = 0; at < octets.length;) {
    const length = 1 + random(40);
    cuts.push(octets.slice(at, at + length));
    at += length;
  }
  return cuts;
}

/** Keep-alives are left out: how many of them are reported depends on the cuts. */
function messagesOf(reads: readonly Uint8Array[]): string {
  const framer = new StreamFramer();
  const events = reads.flatMap((read) => framer.push(read));
  const kept = events.filter(({ kind }) => kind === "message" || kind === "error");
  return kept.map((event) => event.kind === "message" ? `message ${event.data.length}` : event.kind)
    .join();
}
