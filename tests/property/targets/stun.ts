import { parseIpAddress } from "../../../src/base/ip_address.ts";
import { PACKET_RTP, packetKind } from "../../../src/rtp/rtp_header.ts";
import {
  bindingRequest,
  readBindingAnswer,
  TRANSACTION_ID_DIGITS,
} from "../../../plugins/stun/binding.ts";
import type { Dice } from "../dice.ts";
import { broken, type Target } from "../target.ts";

const REQUEST = bindingRequest("b7e7a701bc34d686fa87dfae".slice(0, TRANSACTION_ID_DIGITS));
const ATTRIBUTE_TYPES: readonly number[] = [0x0001, 0x0020, 0x8020, 0x8022, 0x0009, 0xffff];
const MESSAGE_TYPES: readonly number[] = [0x0101, 0x0101, 0x0101, 0x0111, 0x0001, 0x4101];

function attribute(dice: Dice): readonly number[] {
  const type = dice.pick(ATTRIBUTE_TYPES);
  const family = dice.pick([1, 2, 1, 2, 7]);
  const sizeBytes = family === 1 ? 4 : 16;
  const length = dice.oneIn(6) ? dice.below(70_000) & 0xffff : 4 + sizeBytes;
  const value = dice.times(dice.oneIn(6) ? dice.below(40) : 2 + sizeBytes, () => dice.below(256));
  return [type >> 8, type & 255, length >> 8, length & 255, 0, family, ...value];
}

function answerOf(dice: Dice): Uint8Array<ArrayBuffer> {
  const attributes = dice.times(dice.below(4), () => attribute(dice)).flat();
  const type = dice.pick(MESSAGE_TYPES);
  const length = dice.oneIn(6) ? dice.below(65_536) : attributes.length;
  const head = [type >> 8, type & 255, (length >> 8) & 255, length & 255, ...REQUEST.subarray(4)];
  const octets = Uint8Array.from([...head, ...attributes]);
  for (let edits = dice.below(3); edits > 0; edits--) {
    octets[dice.below(octets.length)] = dice.below(256);
  }
  return octets.slice(0, dice.oneIn(5) ? dice.below(octets.length + 1) : octets.length);
}

/** Answers of a STUN server: only those to our own question count, and what they tell is an address. */
export const STUN: Target = {
  name: "stun",
  generate: answerOf,
  run(packet): void {
    const answer = readBindingAnswer(packet, REQUEST);
    const isOurs = packet.length >= 20 &&
      packet.subarray(4, 20).toHex() === REQUEST.subarray(4).toHex();
    if (answer.kind !== "other" && !isOurs) {
      broken("an answer to nobody's question counts", packet.toHex());
    }
    if (answer.kind !== "mapped") return;
    if (answer.address !== undefined && parseIpAddress(answer.address) !== answer.address) {
      broken("a mapped address is none", answer.address);
    }
    // RFC 7983 §7: the relay must take it for what it is, never for media that shows a source.
    if (packetKind(packet) === PACKET_RTP) broken("STUN is taken for RTP", packet.toHex());
  },
};
