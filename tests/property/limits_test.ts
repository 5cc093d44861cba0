import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { encodeLatin1 } from "../../src/base/text.ts";
import { parseSdp } from "../../src/sdp/parse_sdp.ts";
import { checkMessage } from "../../src/sip/check_message.ts";
import { parseContentLength } from "../../src/sip/content_length.ts";
import { parseCseq } from "../../src/sip/cseq.ts";
import { replacePart } from "../../src/sip/multipart.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { StreamFramer } from "../../src/sip/stream_framer.ts";
import { ALICE, outcomeOf, phoneWorld, requestText, sendsOf } from "../support/phone_world.ts";

/** What the core says to a request of a phone: its status, or where it went. */
function saidTo(text: string): string {
  const [sent] = sendsOf(phoneWorld().receive(text, ALICE));
  if (sent === undefined) return outcomeOf(phoneWorld().receive(text, ALICE));
  return sent.startLine.startsWith("SIP/2.0") ? sent.startLine.slice(8, 11) : sent.to;
}

/** A MESSAGE of exactly so many octets, made long by its body. */
function messageOfLength(lengthBytes: number): string {
  const probe = requestText({ method: "MESSAGE", body: "" });
  const digits = `${lengthBytes}`.length;
  const bodyLengthBytes = lengthBytes - probe.length - digits + 1;
  return `${probe.replace("Content-Length: 0", `Content-Length: ${bodyLengthBytes}`)}${
    "x".repeat(bodyLengthBytes)
  }`;
}

const FORWARDED = "wan 192.0.2.10:5070";

interface Limit {
  readonly name: string;
  /** Makes a request with so many of what is limited. */
  readonly make: (count: number) => string;
  readonly most: number;
  readonly refusal: string;
}

const padded = (line: string, lengthBytes: number) => line + "x".repeat(lengthBytes - line.length);

/** R5, each from both sides. */
const LIMITS: readonly Limit[] = [
  {
    name: "a header line of 8192 octets",
    make: (length) => requestText({ headers: [padded("X-Long: ", length)] }),
    most: 8192,
    refusal: "400",
  },
  {
    name: "a folded header of 8192 octets",
    make: (length) => requestText({ headers: [padded("X-Long: a\r\n b\r\n ", length)] }),
    most: 8192,
    refusal: "400",
  },
  {
    name: "256 header fields",
    // Seven fields stand in every request.
    make: (count) =>
      requestText({ headers: Array.from({ length: count - 7 }, (_, n) => `X-${n}: 1`) }),
    most: 256,
    refusal: "400",
  },
  {
    name: "64 Vias on lines of their own",
    make: (count) =>
      requestText({
        headers: Array.from({ length: count - 1 }, (_, n) =>
          `Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bK${n}`),
      }),
    most: 64,
    refusal: "400",
  },
  {
    name: "64 Vias on one line",
    make: (count) =>
      requestText({
        headers: [
          `v: ${
            Array.from({ length: count - 1 }, () => "SIP/2.0/UDP h;branch=z9hG4bK1").join(", ")
          }`,
        ],
      }),
    most: 64,
    refusal: "400",
  },
  {
    name: "a Request-URI that fills 8192 octets of its line",
    make: (length) => {
      const userLengthBytes = length - "MESSAGE sip:@192.0.2.10:5070 SIP/2.0".length;
      return requestText({
        method: "MESSAGE",
        uri: `sip:${"u".repeat(userLengthBytes)}@192.0.2.10:5070`,
      });
    },
    most: 8192,
    refusal: "414",
  },
];

for (const { name, make, most, refusal } of LIMITS) {
  Deno.test(`runPipeline() bears ${name} and refuses one more with ${refusal} (R5)`, () => {
    deepStrictEqual([saidTo(make(most)), saidTo(make(most + 1))], [FORWARDED, refusal]);
  });
}

Deno.test("runPipeline() bears a message of 65,536 octets and refuses one more with 413 (R5)", () => {
  const [longest, longer] = [messageOfLength(65_536), messageOfLength(65_537)];
  deepStrictEqual([longest.length, longer.length], [65_536, 65_537]);
  strictEqual(saidTo(longest), FORWARDED);
  strictEqual(saidTo(longer), "413");
});

/** Numbers that must be digits below 2^31. */
const LENGTHS: readonly (readonly [string, number | undefined])[] = [
  ["0", 0],
  ["00", 0],
  ["1", 1],
  ["2147483647", 2_147_483_647],
  ["2147483648", undefined],
  ["4294967296", undefined],
  ["99999999999999999999", undefined],
  ["-1", undefined],
  ["+1", undefined],
  ["1.0", undefined],
  ["1e3", undefined],
  ["0x10", undefined],
  ["1 1", undefined],
  ["", undefined],
  ["\xb2", undefined],
];

for (const [text, value] of LENGTHS) {
  Deno.test(`parseContentLength() reads ${JSON.stringify(text)} as ${value} (R5)`, () => {
    const parsed = parseContentLength(text);
    strictEqual(parsed.ok ? parsed.value : undefined, value);
  });
}

const CSEQS: readonly (readonly [string, number | undefined])[] = [
  ["0 INVITE", 0],
  ["2147483647 INVITE", 2_147_483_647],
  ["2147483648 INVITE", undefined],
  ["4294967296 INVITE", undefined],
  ["-1 INVITE", undefined],
  ["1", undefined],
  ["INVITE", undefined],
  ["", undefined],
];

for (const [text, value] of CSEQS) {
  Deno.test(`parseCseq() reads ${JSON.stringify(text)} as ${value} (R5)`, () => {
    const parsed = parseCseq(text);
    strictEqual(parsed.ok ? parsed.value.number : undefined, value);
  });
}

interface SdpLimit {
  readonly name: string;
  readonly make: (count: number) => string;
  readonly most: number;
}

const SDP_HEAD = "v=0\r\nc=IN IP4 192.0.2.1\r\n";

const SDP_LIMITS: readonly SdpLimit[] = [
  {
    name: "32 media lines",
    make: (count) => SDP_HEAD + "m=audio 4000 RTP/AVP 0\r\n".repeat(count),
    most: 32,
  },
  { name: "256 attributes", make: (count) => SDP_HEAD + "a=x\r\n".repeat(count), most: 256 },
  {
    name: "256 attributes over several media lines",
    make: (count) =>
      `${SDP_HEAD}${"a=x\r\n".repeat(200)}m=audio 4 RTP/AVP 0\r\n${"a=y\r\n".repeat(count - 200)}`,
    most: 256,
  },
];

for (const { name, make, most } of SDP_LIMITS) {
  Deno.test(`parseSdp() bears ${name} and refuses one more (R5)`, () => {
    deepStrictEqual([parseSdp(make(most)).ok, parseSdp(make(most + 1)).ok], [true, false]);
  });
}

Deno.test("runPipeline() passes a call whose description has too many media lines, its body untouched", () => {
  const body = SDP_HEAD + "m=audio 4000 RTP/AVP 0\r\n".repeat(33);
  const [sent] = sendsOf(phoneWorld().receive(requestText({ body }), ALICE));
  strictEqual(sent?.to, FORWARDED);
  strictEqual(sent?.text.endsWith(`\r\n\r\n${body}`), true);
});

function multipartOf(count: number): string {
  return `${"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(count)}--b--\r\n`;
}

function nestedOf(depth: number): string {
  if (depth === 0) return "v=0\r\n";
  const type = depth === 1 ? "application/sdp" : `multipart/mixed;boundary=b${depth - 1}`;
  return `--b${depth}\r\nContent-Type: ${type}\r\n\r\n${nestedOf(depth - 1)}\r\n--b${depth}--\r\n`;
}

Deno.test("replacePart() looks at 32 parts and refuses one more (R5)", () => {
  const look = (count: number) =>
    replacePart(multipartOf(count), {
      contentType: "multipart/mixed;boundary=b",
      mediaType: "application/sdp",
      replace: () => undefined,
    }).ok;
  deepStrictEqual([look(1), look(32), look(33)], [true, true, false]);
});

Deno.test("replacePart() looks into three multiparts inside each other and refuses one more (R5)", () => {
  const look = (depth: number) => {
    const result = replacePart(nestedOf(depth), {
      contentType: `multipart/mixed;boundary=b${depth}`,
      mediaType: "application/sdp",
      replace: () => "new",
    });
    return result.ok && result.value.includes("new");
  };
  deepStrictEqual([look(1), look(2), look(3), look(4)], [true, true, true, false]);
});

Deno.test("StreamFramer.push() bears a message of 65,536 octets and ends the stream at one more (R5)", () => {
  const kinds = (text: string) =>
    new StreamFramer().push(encodeLatin1(text)).map(({ kind }) => kind);
  deepStrictEqual(kinds(messageOfLength(65_536)), ["message"]);
  deepStrictEqual(kinds(messageOfLength(65_537)), ["error"]);
});

Deno.test("StreamFramer.push() holds no more than one message, whatever is pushed", () => {
  const framer = new StreamFramer();
  const chunk = encodeLatin1("X: y\r\n".repeat(100));
  framer.push(encodeLatin1("OPTIONS sip:a SIP/2.0\r\n"));
  let most = 0;
  for (let count = 0; count < 2_000; count++) {
    framer.push(chunk);
    most = Math.max(most, framer.pendingBytes);
  }
  strictEqual(most <= 65_536 + chunk.length, true, `${most}`);
  strictEqual(framer.pendingBytes, 0);
});

Deno.test("parseMessage() needs no more than its limits to say what is wrong", () => {
  for (const lengthBytes of [65_537, 200_000, 1_000_000]) {
    const parsed = parseMessage(encodeLatin1(messageOfLength(lengthBytes)), "datagram");
    strictEqual(parsed.ok ? "ok" : parsed.error.statusCode, 413);
  }
});

Deno.test("checkMessage() counts Vias over all lines and spellings", () => {
  const via = "SIP/2.0/UDP h;branch=z9hG4bK1";
  const make = (lists: number) =>
    requestText({
      headers: Array.from({ length: lists }, (_, n) => `${n % 2 ? "v" : "VIA"} : ${via},${via}`),
    });
  const isGood = (lists: number) => {
    const parsed = parseMessage(encodeLatin1(make(lists)), "datagram");
    return parsed.ok && checkMessage(parsed.value).ok;
  };
  deepStrictEqual([isGood(31), isGood(32)], [true, false]);
});
