import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";

/** One of the four ways by which a message may come. */
export interface Setting {
  readonly name: "udp-lan" | "tcp-lan" | "udp-wan" | "tcp-wan";
  readonly transport: "udp" | "tcp";
  readonly side: "lan" | "wan";
}

/** Each message comes in all of them. */
export const SETTINGS: readonly Setting[] = [
  { name: "udp-lan", transport: "udp", side: "lan" },
  { name: "tcp-lan", transport: "tcp", side: "lan" },
  { name: "udp-wan", transport: "udp", side: "wan" },
  { name: "tcp-wan", transport: "tcp", side: "wan" },
];

/** `address:port` of everybody: the proxy's two sides, a registered phone, and its provider. */
export interface Places {
  readonly lan: string;
  readonly wan: string;
  readonly phone: string;
  readonly far: string;
}

/** Users that the phone is registered for: whom the messages name, so that those from outside find somebody. */
export const USERS: readonly string[] = [
  "user",
  "vera",
  "joe",
  "kumiko",
  "UserB",
  "t.watson",
  "j_user",
  "remote-target",
  "resource",
  "1_odd.URI~(so-be!it)&is'nt+it$/wild?,/;;*",
];

/** Names in the messages that somebody must resolve; all are the provider's. */
export const NAMES: readonly string[] = [
  "example.com",
  "services.example.com",
  "registrar.example.com",
  "example.net",
  "example.org",
  "company.com",
];

const FOLDERS: readonly string[] = ["valid", "invalid"];

/** Reads a message of RFC 4475 or RFC 5118 as octets. */
export function readMessage(name: string): Uint8Array<ArrayBuffer> {
  for (const folder of FOLDERS) {
    const url = new URL(`../../fixtures/sip/${folder}/${name}.sip`, import.meta.url);
    try {
      return Deno.readFileSync(url);
    } catch {
      continue;
    }
  }
  throw new Error(`Cannot read message ${name}: no such fixture`);
}

/**
 * Gives the octets that are sent: a request as it is; a response as the answer to something that the proxy forwarded,
 * since one with nobody's Via would be dropped before anybody looks at it.
 *
 * @param name of the fixture
 * @param way the setting, and where everybody is
 * @returns octets
 */
export function messageOnWire(
  name: string,
  way: { readonly setting: Setting; readonly places: Places },
): Uint8Array<ArrayBuffer> {
  const text = decodeLatin1(readMessage(name));
  if (!text.startsWith("SIP/2.0 ")) return encodeLatin1(text);
  const { setting: { side, transport }, places } = way;
  const protocol = `SIP/2.0/${transport.toUpperCase()}`;
  const vias = text.match(/^Via: .*\r\n/gm) ?? [];
  const own = `Via: ${protocol} ${places[side]};branch=z9hG4bKtorture\r\n`;
  const next = `Via: SIP/2.0/UDP ${
    places[side === "lan" ? "far" : "phone"]
  };branch=z9hG4bKnext\r\n`;
  const replaced = text.replace(vias[0] ?? "", vias.length > 1 ? own : own + next);
  return encodeLatin1(replaced);
}
