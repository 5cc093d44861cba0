import { BRANCHES, CALL_IDS, HOSTS, METHODS, STATUS_CODES, TAGS, USERS } from "./dictionary.ts";
import type { Dice } from "./dice.ts";
import { sdpText } from "./sdp_grammar.ts";

/** Makes a SIP URI that most often is one. */
export function uriText(dice: Dice): string {
  if (dice.oneIn(25)) return dice.pick(["tel:+4930;ext=1", "urn:service:sos", "*", "", "sip:"]);
  const scheme = dice.oneIn(15) ? dice.pick(["sips", "SIP", "Sip"]) : "sip";
  const user = dice.oneIn(8) ? "" : `${dice.pick(USERS)}${dice.oneIn(20) ? ":pw" : ""}@`;
  const headers = dice.oneIn(30) ? "?Route=%3Csip:evil%3E&Subject=x" : "";
  return `${scheme}:${user}${dice.pick(HOSTS)}${portText(dice)}${uriParameters(dice)}${headers}`;
}

function portText(dice: Dice): string {
  return dice.oneIn(2) ? "" : dice.pick([":5060", ":5062", ":5064", ":5070", ":0", ":65536", ":"]);
}

function uriParameters(dice: Dice): string {
  const known = [
    ";lr",
    ";line=abc",
    ";transport=udp",
    ";maddr=224.0.1.75",
    ";spx=1",
    ";a=%3b",
    ";;",
  ];
  return dice.times(dice.below(3), () => dice.pick(known)).join("");
}

/** Makes a From, To or Contact value. */
export function nameAddrText(dice: Dice): string {
  const names = ["", "", '"A, \\"B\\"" ', "Bob ", '"\xc3\xa9" ', '"\\\0" ', '"', "Bell, A "];
  const tag = dice.pick(TAGS);
  const after = dice.oneIn(4) ? ";expires=60;q=0.5" : "";
  const uri = uriText(dice);
  const bracketed = dice.oneIn(12) ? uri : `${dice.pick(names)}<${uri}>`;
  return `${bracketed}${tag === "" ? "" : `;tag=${tag}`}${after}`;
}

/** Makes a Via value. */
export function viaText(dice: Dice): string {
  const transport = dice.pick(["UDP", "UDP", "UDP", "TCP", "tls", "X-NEW"]);
  const branch = dice.pick(BRANCHES);
  const more = dice.times(
    dice.below(3),
    () =>
      dice.pick([";rport", ";rport=5061", ";received=10.0.0.77", ";ttl=1", ";maddr=224.0.1.75"]),
  );
  const place = `${dice.pick(HOSTS)}${portText(dice)}`;
  return `SIP/2.0/${transport} ${place};branch=${branch}${more.join("")}`;
}

const OPTIONAL_HEADERS: readonly string[] = [
  "Max-Forwards: 70",
  "Max-Forwards: 0",
  "max-forwards : 256",
  "Route: <sip:siproxd@10.0.0.1:5060;lr>",
  "Route: <sip:siproxd@192.0.2.1;lr>, <sip:192.0.2.10;lr>",
  "Record-Route: <sip:siproxd@192.0.2.1:5060;lr>",
  "Record-Route: <sip:192.0.2.99;lr>",
  "Expires: 60",
  "Expires: 0",
  "Expires: 99999999999",
  "Proxy-Require: foo, bar",
  "Require: nothing",
  "User-Agent: Grandstream HT801",
  "Refer-To: <sip:bob@10.0.0.11?Replaces=x>",
  "Path: <sip:10.0.0.10;lr>",
  "Subject: folded\r\n  subject",
  "s: compact",
  "X-Unknown : \x80\xff",
  "Event: message-summary",
  "Timestamp: 54",
];

/** Makes a request that a phone, a provider or an attacker might send. */
export function requestText(dice: Dice): string {
  const method = dice.pick(METHODS);
  const startLine = `${method} ${uriText(dice)} SIP/${dice.oneIn(40) ? "3.0" : "2.0"}`;
  return messageText(dice, { startLine, method });
}

/** Makes a response; its Vias name us more often than not. */
export function responseText(dice: Dice): string {
  const code = dice.pick(STATUS_CODES);
  const startLine = `SIP/2.0 ${dice.oneIn(30) ? "4294967301" : code} ${
    dice.pick(["OK", "", "\xe4"])
  }`;
  return messageText(dice, { startLine, method: dice.pick(METHODS) });
}

function messageText(dice: Dice, shape: { startLine: string; method: string }): string {
  const number = dice.oneIn(20) ? "4294967296" : `${dice.between(1, 3)}`;
  const tag = dice.pick(TAGS);
  const lines = [
    ...dice.times(dice.between(1, 3), () => `${dice.pick(["Via", "v", "VIA "])}: ${viaText(dice)}`),
    `${dice.pick(["From", "f"])}: ${nameAddrText(dice)}`,
    `${dice.pick(["To", "t"])}: <sip:${dice.pick(USERS)}@192.0.2.10>${
      tag === "" ? "" : `;tag=${tag}`
    }`,
    `${dice.pick(["Call-ID", "i"])}: ${dice.pick(CALL_IDS)}`,
    `CSeq: ${number} ${dice.oneIn(20) ? "NOTIFY" : shape.method}`,
    ...dice.times(dice.below(3), () => `${dice.pick(["Contact", "m"])}: ${nameAddrText(dice)}`),
    ...dice.times(dice.below(5), () => dice.pick(OPTIONAL_HEADERS)),
  ];
  const body = dice.oneIn(2) ? bodyText(dice) : { type: undefined, text: "" };
  if (body.type !== undefined) lines.push(`Content-Type: ${body.type}`);
  const length = dice.oneIn(12) ? dice.below(2000) : body.text.length;
  if (!dice.oneIn(8)) lines.push(`${dice.pick(["Content-Length", "l"])}: ${length}`);
  return `${shape.startLine}\r\n${lines.join("\r\n")}\r\n\r\n${body.text}`;
}

/** Makes a body with its media type. */
export function bodyText(dice: Dice): { readonly type: string; readonly text: string } {
  const sdp = sdpText(dice);
  if (dice.oneIn(4)) return { type: "multipart/mixed;boundary=b", text: multipartText(dice) };
  return { type: dice.pick(["application/sdp", "application/sdp", "text/plain", ""]), text: sdp };
}

/** Makes a multipart body with the boundary `b`. */
export function multipartText(dice: Dice): string {
  const part = () => {
    const type = dice.pick(["application/sdp", "text/plain", "multipart/mixed;boundary=c", "x"]);
    const extra = dice.pick([
      "",
      "",
      "Content-Length: 3\r\n",
      "Content-Transfer-Encoding: base64\r\n",
    ]);
    return `--b\r\nContent-Type: ${type}\r\n${extra}\r\n${sdpText(dice)}\r\n`;
  };
  return `${dice.times(dice.below(4), part).join("")}--b--\r\n`;
}
