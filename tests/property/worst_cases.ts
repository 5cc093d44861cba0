import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";
import { loadConfig } from "../../src/config/load.ts";
import { lexConfig } from "../../src/config/lexer.ts";
import { parseRegistrationFile } from "../../src/registrar/registration_file.ts";
import { parseSdp } from "../../src/sdp/parse_sdp.ts";
import { planMedia } from "../../src/sdp/media_plan.ts";
import { checkMessage } from "../../src/sip/check_message.ts";
import { listValues } from "../../src/sip/headers.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { parseNameAddr } from "../../src/sip/name_addr.ts";
import { replacePart } from "../../src/sip/multipart.ts";
import { StreamFramer } from "../../src/sip/stream_framer.ts";
import { compareUris, parseUri } from "../../src/sip/uri.ts";
import { parseVia } from "../../src/sip/via.ts";
import { CoreWorld } from "../support/core_world.ts";

/** A parser with inputs that could cost it more than their length. */
export interface WorstCase {
  readonly parser: string;
  /** Starts of inputs; `unit` is repeated until the input has the wanted length. */
  readonly shapes: readonly Shape[];
  /** What 64 KiB may cost, when it is not the usual. */
  readonly maxUs?: number;
  readonly run: (text: string) => void;
}

/** `before`, then as many `unit` as fit, then `after`. */
export interface Shape {
  readonly before: string;
  readonly unit: string;
  readonly after: string;
}

/**
 * Makes an input of a shape.
 *
 * @param shape what it consists of
 * @param lengthBytes how long it shall be
 * @returns latin1 text of at most that length
 */
export function shapedText(shape: Shape, lengthBytes: number): string {
  const room = lengthBytes - shape.before.length - shape.after.length;
  const count = Math.max(1, Math.floor(room / shape.unit.length));
  return shape.before + shape.unit.repeat(count) + shape.after;
}

function shape(before: string, unit: string, after = ""): Shape {
  return { before, unit, after };
}

const HEAD = "OPTIONS sip:192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.10;branch=z9hG4bK1\r\n" +
  "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n";

const MESSAGE_SHAPES: readonly Shape[] = [
  shape(HEAD, "a:b\r\n", "\r\n"),
  shape(HEAD, "X: y\r\n z\r\n", "\r\n"),
  shape(`${HEAD}X: y`, "\r\n z", "\r\n\r\n"),
  shape(`${HEAD}X: y`, "\n\t", "\r\n\r\n"),
  shape(`${HEAD}Contact: <sip:a@b>`, ",<sip:a@b>", "\r\n\r\n"),
  shape(`${HEAD}Contact: "`, '\\"', "\r\n\r\n"),
  shape(HEAD, "m: <sip:a@b>,<sip:c@d>,<sip:e@f>,<sip:g@h>,<sip:i@j>\r\n", "\r\n"),
  shape(HEAD, "v: SIP/2.0/UDP h;branch=1\r\n", "\r\n"),
  shape("", "\r\n", "OPTIONS sip:a SIP/2.0\r\n\r\n"),
  shape("", "\r", "\n"),
  shape("OPTIONS sip:", "a", "@b SIP/2.0\r\n\r\n"),
  shape("OPTIONS ", " ", "sip:b SIP/2.0\r\n\r\n"),
  shape(HEAD, "no colon here\r\n", "\r\n"),
  shape(HEAD, "\0", "\r\n\r\n"),
  shape(`${HEAD}Route: `, "<sip:a;lr>,", "<sip:b>\r\n\r\n"),
  shape(`${HEAD}\r\n`, "\r\n--b", "--"),
  shape(`${HEAD}\r\n`, "\xff"),
];

/** Every parser that reads what others wrote, with its worst inputs. */
export const WORST_CASES: readonly WorstCase[] = [
  { parser: "parseMessage + checkMessage", shapes: MESSAGE_SHAPES, run: readMessage },
  {
    parser: "parseUri + compareUris",
    shapes: [
      shape("sip:", "%41", "@b"),
      shape("sip:a@b", ";a=%41"),
      shape("sip:a@b", ";p;q;r;s=1"),
      shape("sip:a@b?", "a=b&"),
      shape("sip:", "a:", "@b"),
      shape("sip:", "a@", "b"),
      shape("sip:", "[", "]"),
      shape("sip:a@", "b.", "c"),
      shape("sip:", ";", "@b"),
    ],
    run: readUris,
  },
  {
    parser: "parseNameAddr",
    shapes: [
      shape('"', '\\"', '" <sip:a@b>'),
      shape('"', "\\"),
      shape("", "a ", "<sip:a@b>"),
      shape("", "<"),
      shape("<sip:a@b>", ";a=b"),
      shape("<sip:a@b>", ' ; a = "b"'),
      shape("<sip:a@b>", ";tag=1"),
      shape("", " ", "<sip:a@b>"),
    ],
    run: (text) => void parseNameAddr(text),
  },
  {
    parser: "parseVia",
    shapes: [
      shape("SIP/2.0/UDP h", ";a=b"),
      shape("SIP/2.0/UDP h", ";branch=1"),
      shape("SIP", " ", "/2.0/UDP h"),
      shape("SIP/2.0/UDP ", " ", "h:1"),
      shape("SIP/2.0/UDP ", "a.", "b"),
      shape("SIP/2.0/UDP ", ":", "1"),
      shape("SIP/2.0/UDP [", ":", "]"),
    ],
    run: (text) => void parseVia(text),
  },
  {
    parser: "parseSdp + planMedia",
    shapes: [
      shape("v=0\r\n", "a=x\r\n"),
      shape("v=0\r\nc=IN IP4 1.2.3.4\r\n", "m=audio 1 RTP/AVP 0\r\n"),
      shape("v=0\r\nm=audio 1 RTP/AVP", " 0"),
      shape("v=0\r\n", "\r\n"),
      shape("v=0\r\n", "\r"),
      shape("v=0\r\no=", " a"),
      shape("v=0\r\nb=", " "),
    ],
    run: readSdp,
  },
  {
    parser: "replacePart",
    shapes: [
      shape("", "--b\r\n\r\n"),
      shape("--b\r\n", "\n--b"),
      shape("--b\r\n", "--b "),
      shape("--b\r\n", "a:b\r\n", "\r\n--b--"),
      shape("--b\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n", "--b\r\n", "--b--"),
      shape("--b", " ", "\r\n"),
    ],
    run: readParts,
  },
  {
    parser: "StreamFramer, octet by octet",
    shapes: [
      ...MESSAGE_SHAPES.slice(0, 4),
      shape("", "\r\n"),
      shape("OPTIONS sip:", "a", " SIP/2.0\r\n"),
    ],
    // 65,536 reads, each with its own bookkeeping: 9 ms on a machine that does nothing else.
    maxUs: 60_000,
    run: readOctets,
  },
  {
    parser: "StreamFramer, at once",
    shapes: [
      ...MESSAGE_SHAPES,
      shape("", "OPTIONS sip:a SIP/2.0\r\nl:0\r\n\r\n"),
      shape("", "\r\n\r\n"),
    ],
    run: (text) => void new StreamFramer().push(encodeLatin1(text)),
  },
  {
    parser: "parseRegistrationFile",
    shapes: [
      shape("", "****:1:1800000600\nsip:a@10.0.0.1\nsip:a@192.0.2.1\nsip:a@b\n"),
      shape("", "****:0:0\n"),
      shape("", "****:1:x\n"),
      shape("", "\n"),
      shape("#siproxd saved=1800000000\n", "#phone x\n"),
      shape("****:1:1800000600\nsip:", "a"),
    ],
    run: (text) => void parseRegistrationFile(text, { epochMs: 1_800_000_000_000, nowMs: 0 }),
  },
  {
    parser: "lexConfig",
    shapes: [
      shape("", "a=b\n"),
      shape("", "#"),
      shape("a", " ", "=b"),
      shape("a=", "b,", "c"),
      shape("", "\n"),
      shape("", "x\n"),
    ],
    run: (text) => void lexConfig({ text, fileName: "f" }),
  },
  {
    parser: "loadConfig",
    shapes: [
      shape("hosts_allow_sip = ", "10.0.0.0/8,", "10.0.0.1/32"),
      shape("", "load_plugin = a\n"),
      shape("ua_string = ", "b"),
    ],
    run: (text) => void loadConfig({ text, fileName: "f" }),
  },
  { parser: "the whole core", shapes: coreShapes(), run: playCore },
];

function coreShapes(): readonly Shape[] {
  const sdp = `${HEAD.replaceAll("OPTIONS", "INVITE")}Contact: <sip:a@10.0.0.10>\r\n` +
    "Content-Type: application/sdp\r\n\r\nv=0\r\nc=IN IP4 10.0.0.10\r\nm=audio 4000 RTP/AVP 0\r\n";
  const mixed = `${HEAD.replaceAll("OPTIONS", "INVITE")}Contact: <sip:a@10.0.0.10>\r\n` +
    "Content-Type: multipart/mixed;boundary=b\r\n\r\n";
  return [
    ...MESSAGE_SHAPES,
    shape(sdp, "x=y\r\n"),
    shape(mixed, "--b\r\n\r\n"),
    shape(HEAD, "m: <sip:a@10.0.0.10:5062;line=abc>, <sip:b@10.0.0.11:5064;line=abc>\r\n", "\r\n"),
    shape(HEAD, "Record-Route: <sip:192.0.2.1;lr>, <sip:192.0.2.99;lr>\r\n", "\r\n"),
  ];
}

function readMessage(text: string): void {
  const parsed = parseMessage(encodeLatin1(text), "datagram");
  if (!parsed.ok) return;
  checkMessage(parsed.value);
  for (const key of ["via", "contact", "route"]) listValues(parsed.value, key);
}

/** Two URIs share the length. */
function readUris(text: string): void {
  const half = text.slice(0, text.length >> 1);
  const left = parseUri(half);
  const right = parseUri(`${half};last`);
  if (left.ok && right.ok) compareUris(left.value, right.value);
}

function readSdp(text: string): void {
  const parsed = parseSdp(text);
  if (parsed.ok) planMedia(parsed.value);
}

function readParts(text: string): void {
  const contentType = "multipart/mixed;boundary=b";
  replacePart(text, { contentType, mediaType: "application/sdp", replace: (content) => content });
}

function readOctets(text: string): void {
  const framer = new StreamFramer();
  const octets = encodeLatin1(text);
  for (let at = 0; at < octets.length; at++) framer.push(octets.subarray(at, at + 1));
}

const core: { world: CoreWorld | undefined } = { world: undefined };

function playCore(text: string): void {
  core.world ??= makeCore();
  core.world.receiveBytes(encodeLatin1(text), { side: "lan", source: "10.0.0.10:5062" });
  core.world.advance(600_000);
}

function makeCore(): CoreWorld {
  const { loaded } = loadConfig({ text: "registration_file =", fileName: "f" });
  if (loaded === undefined) throw new Error("Cannot load the configuration of the curve");
  const world = new CoreWorld({ config: loaded.config });
  const register = HEAD.replaceAll("OPTIONS", "REGISTER") +
    "Contact: <sip:a@10.0.0.10:5062>;expires=604800\r\n\r\n";
  for (const action of world.receive(register, { side: "lan", source: "10.0.0.10:5062" })) {
    if (action.kind !== "send") continue;
    const answer = decodeLatin1(action.data).replace(/^[^\r]*/, "SIP/2.0 200 OK");
    world.receive(answer, { side: "wan", source: "192.0.2.10:5060" });
  }
  return world;
}
