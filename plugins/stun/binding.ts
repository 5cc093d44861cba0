import { type IpAddress, parseIpAddress } from "../../src/base/ip_address.ts";

/** RFC 8489 §5: what tells STUN messages from others. */
const MAGIC_COOKIE = 0x2112a442;

/** Length of the header that every STUN message has. */
const HEADER_LENGTH_BYTES = 20;

const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;

const MAPPED_ADDRESS = 0x0001;
const XOR_MAPPED_ADDRESS = 0x0020;

/** What servers of the years before RFC 5389 called XOR-MAPPED-ADDRESS. */
const OLD_XOR_MAPPED_ADDRESS = 0x8020;

/** Hex digits of a transaction id (RFC 8489 §5: 96 bits). */
export const TRANSACTION_ID_DIGITS = 24;

/** What a packet is to us. */
export type BindingAnswer =
  | { readonly kind: "other" }
  | { readonly kind: "refused" }
  | { readonly kind: "mapped"; readonly address: IpAddress | undefined };

/**
 * Builds a Binding request (RFC 8489 §14 has no attribute that it would need); classic servers take the cookie for a
 * part of the transaction id (§5).
 *
 * @param transactionId 24 unpredictable hex digits
 * @returns 20 octets
 */
export function bindingRequest(transactionId: string): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(HEADER_LENGTH_BYTES);
  const view = new DataView(data.buffer);
  view.setUint16(0, BINDING_REQUEST);
  view.setUint32(4, MAGIC_COOKIE);
  for (let index = 0; index < 12; index++) {
    data[8 + index] = parseInt(transactionId.slice(index * 2, index * 2 + 2), 16);
  }
  return data;
}

/**
 * Reads the answer to a Binding request.
 *
 * @param data a packet
 * @param request what was sent
 * @returns the mapped address, a refusal, or `other` for what answers no request of ours
 */
export function readBindingAnswer(data: Uint8Array, request: Uint8Array): BindingAnswer {
  if (data.length < HEADER_LENGTH_BYTES || request.length < HEADER_LENGTH_BYTES) {
    return { kind: "other" };
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const type = view.getUint16(0);
  if (type !== BINDING_SUCCESS && type !== BINDING_ERROR) return { kind: "other" };
  for (let at = 4; at < HEADER_LENGTH_BYTES; at++) {
    if (data[at] !== request[at]) return { kind: "other" };
  }
  if (type === BINDING_ERROR) return { kind: "refused" };
  const length = view.getUint16(2);
  if (length % 4 !== 0 || HEADER_LENGTH_BYTES + length > data.length) return { kind: "refused" };
  return { kind: "mapped", address: mappedAddress(view, HEADER_LENGTH_BYTES + length) };
}

/** XOR-MAPPED-ADDRESS wins: some NATs rewrite addresses that stand in packets in plain sight (RFC 8489 §14.2). */
function mappedAddress(view: DataView, end: number): IpAddress | undefined {
  let plain: IpAddress | undefined;
  for (let at = HEADER_LENGTH_BYTES; at + 4 <= end;) {
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    const value = at + 4;
    if (value + length > end) return plain;
    if (type === XOR_MAPPED_ADDRESS || type === OLD_XOR_MAPPED_ADDRESS) {
      const address = readAddress(view, { value, length, mask: "cookie" });
      if (address !== undefined) return address;
    }
    if (type === MAPPED_ADDRESS) plain ??= readAddress(view, { value, length, mask: "none" });
    // RFC 8489 §14: attributes are padded to multiples of four octets.
    at = value + length + (4 - length % 4) % 4;
  }
  return plain;
}

function readAddress(
  view: DataView,
  attribute: { readonly value: number; readonly length: number; readonly mask: "cookie" | "none" },
): IpAddress | undefined {
  const { value, length, mask } = attribute;
  const sizeBytes = view.getUint8(value + 1) === 1 ? 4 : 16;
  if (length !== 4 + sizeBytes) return undefined;
  const octets: number[] = [];
  for (let index = 0; index < sizeBytes; index++) {
    const octet = view.getUint8(value + 4 + index);
    // Cookie and transaction id stand one after the other in the header.
    octets.push(mask === "none" ? octet : octet ^ view.getUint8(4 + index));
  }
  return parseIpAddress(sizeBytes === 4 ? octets.join(".") : ipv6Text(octets));
}

function ipv6Text(octets: readonly number[]): string {
  const groups: string[] = [];
  for (let index = 0; index < octets.length; index += 2) {
    groups.push((((octets[index] ?? 0) << 8) | (octets[index + 1] ?? 0)).toString(16));
  }
  return groups.join(":");
}
