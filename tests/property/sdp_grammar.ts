import type { Dice } from "./dice.ts";

const ADDRESSES: readonly string[] = [
  "IN IP4 10.0.0.10",
  "IN IP4 192.0.2.10",
  "IN IP4 10.0.0.77",
  "IN IP4 0.0.0.0",
  "IN IP4 127.0.0.1",
  "IN IP4 224.2.1.1/127",
  "IN IP4 phone.example",
  "IN IP6 ::",
  "IN IP6 2001:db8::5",
  "ATM NSAP 47",
  "IN IP4",
  "",
];

const ATTRIBUTES: readonly string[] = [
  "a=rtpmap:0 PCMU/8000",
  "a=sendrecv",
  "a=sendonly",
  "a=recvonly",
  "a=inactive",
  "a=rtcp:4001",
  "a=rtcp:4001 IN IP4 10.0.0.10",
  "a=rtcp:0",
  "a=rtcp:99999 IN IP4 x",
  "a=rtcp-mux",
  "a=ice-ufrag:x",
  "a=candidate:1 1 UDP 1 10.0.0.10 4000 typ host",
  "a=end-of-candidates",
  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x",
  "a=fmtp:101 0-15",
  "a",
  "=",
  "b=AS:64",
];

const PROTOCOLS: readonly string[] = [
  "RTP/AVP",
  "RTP/SAVPF",
  "UDP/TLS/RTP/SAVP",
  "udptl",
  "TCP/BFCP",
  "",
];

/** Makes a session description that most often is one. */
export function sdpText(dice: Dice): string {
  const ending = dice.oneIn(10) ? "\n" : "\r\n";
  const lines = [
    dice.oneIn(30) ? "v=1" : "v=0",
    `o=phone 1 ${dice.below(4)} ${dice.pick(ADDRESSES)}`,
    "s=-",
    ...(dice.oneIn(6) ? [] : [`c=${dice.pick(ADDRESSES)}`]),
    "t=0 0",
    ...dice.times(dice.below(3), () => dice.pick(ATTRIBUTES)),
  ];
  for (let count = dice.below(4); count > 0; count--) lines.push(...mediaLines(dice));
  return lines.map((line) => `${line}${ending}`).join("");
}

function mediaLines(dice: Dice): readonly string[] {
  const port = dice.pick(["4000", "4002", "6000", "0", "1", "65535", "65536", "5000/2", "x", ""]);
  const kind = dice.pick(["audio", "video", "image", "application"]);
  return [
    `m=${kind} ${port} ${dice.pick(PROTOCOLS)} 0 8 101`,
    ...(dice.oneIn(3) ? [`c=${dice.pick(ADDRESSES)}`] : []),
    ...dice.times(dice.below(4), () => dice.pick(ATTRIBUTES)),
  ];
}
