import { deepStrictEqual } from "node:assert/strict";
import { formatIssue } from "./issues.ts";
import { loadConfig } from "./load.ts";

const messages: readonly (readonly [string, readonly string[]])[] = [
  ["rtp_port_low = 7071", [
    'f:1:16: warning: rtp_port_low: Cannot use odd port "7071": rounded up to 7072, RTP takes ' +
    "even ports",
  ]],
  ["rtp_port_low = 8000\nrtp_port_high = 7999", [
    "f:2:17: error: rtp_port_high: Cannot use range 8000…7998: its last RTP port lies below the " +
    "first (example: rtp_port_low = 7070, rtp_port_high = 7089)",
  ]],
  ["rtp_port_low = 7089\nrtp_port_high = 7089", [
    'f:1:16: warning: rtp_port_low: Cannot use odd port "7089": rounded up to 7090, RTP takes ' +
    "even ports",
    "f:2:17: error: rtp_port_high: Cannot use range 7090…7088: its last RTP port lies below the " +
    "first (example: rtp_port_low = 7070, rtp_port_high = 7089)",
  ]],
  ["rtp_port_low = 512", [
    "f:1:16: warning: rtp_port_low: Range 512…7089 starts below 1024: those ports need root, and " +
    "peers refuse them",
    "f:1:16: warning: rtp_port_low: Range 512…7089 contains sip_listen_port 5060: that pair is " +
    "lost",
  ]],
  ["rtp_port_low = 40000\nrtp_port_high = 40019", [
    "f:1:16: warning: rtp_port_low: Range 40000…40019 overlaps the ports that Linux gives to " +
    "other programs (32768…60999): some may be taken",
  ]],
  ["rtp_timeout = 30", [
    "f:1:15: warning: rtp_timeout: Time-out of 30 s ends calls in which nobody speaks: 300 is " +
    "usual",
  ]],
  ["rtp_hold_timeout = 60", [
    "f:1:20: warning: rtp_hold_timeout: Time-out of 60 s is below rtp_timeout 300: calls on " +
    "hold end sooner than others",
  ]],
  ["rtp_proxy_enable = 0\nrtp_port_low = 512\nrtp_port_high = 100", []],
];

for (const [text, lines] of messages) {
  Deno.test(`validateRtp() of ${text.replaceAll("\n", ", ")}`, () => {
    deepStrictEqual(loadConfig({ text, fileName: "f" }).issues.map(formatIssue), lines);
  });
}
