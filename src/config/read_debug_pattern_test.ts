import { deepStrictEqual } from "node:assert/strict";
import { readDebugPattern } from "./read_debug_pattern.ts";

const patterns: readonly (readonly [string, number])[] = [
  ["0", 0],
  ["0x00000000", 0],
  ["-1", 0xffffffff],
  ["4294967295", 0xffffffff],
  ["0x84", 0x84],
  ["132", 0x84],
  ["SIP", 0x4],
  ["SIP,NETTRAF", 0x84],
  ["sip, reg", 0xc],
  ["DBCLASS_RTP", 0x200],
  ["ALL", 0xffffffff],
  ["RTPBABL,BABBLE", 0x2001],
];

for (const [text, value] of patterns) {
  Deno.test(`readDebugPattern() reads ${text}`, () => {
    deepStrictEqual(readDebugPattern(text), { value, remarks: [] });
  });
}

const refused: readonly (readonly [string, number, string])[] = [
  ["SIP,RTPP", 4, 'Cannot use debug class "RTPP": nearest is "RTP"'],
  [
    "everything",
    0,
    'Cannot use debug class "everything": known are BABBLE, NET, SIP, REG, NOSPEC, PROXY, DNS, ' +
    "NETTRAF, CONFIG, RTP, ACCESS, AUTH, PLUGIN, RTPBABL, ALL",
  ],
  ["4294967296", 0, 'Cannot use number "4294967296": highest is 4294967295'],
];

for (const [text, offset, message] of refused) {
  Deno.test(`readDebugPattern() refuses ${text}`, () => {
    deepStrictEqual(readDebugPattern(text), {
      value: undefined,
      remarks: [{ severity: "error", message, offset }],
    });
  });
}
