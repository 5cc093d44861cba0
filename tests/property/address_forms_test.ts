import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { parseIpAddress } from "../../src/base/ip_address.ts";
import { addressScope } from "../../src/base/ip_network.ts";
import { permitTarget, type TargetContext } from "../../src/rtp/target_policy.ts";
import { address } from "../support/core_world.ts";
import {
  ALICE,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
} from "../support/phone_world.ts";
import { incomingText } from "../support/phone_world.ts";
import { Dice } from "./dice.ts";

/** Every textual form of addresses that nobody outside may make us send to (R23). */
const FORBIDDEN: readonly string[] = [
  "0.0.0.0",
  "0.1.2.3",
  "127.0.0.1",
  "127.1.2.3",
  "127.255.255.255",
  "::",
  "0:0:0:0:0:0:0:0",
  "::0",
  "::1",
  "0:0:0:0:0:0:0:1",
  "::0001",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "0:0:0:0:0:ffff:127.0.0.1",
  "::FFFF:0.0.0.0",
  "::127.0.0.1",
  "64:ff9b::127.0.0.1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "2002:a00:1::",
  "169.254.0.1",
  "169.254.169.254",
  "::ffff:169.254.169.254",
  "fe80::1",
  "febf::1",
  "224.0.0.1",
  "239.255.255.255",
  "ff02::1",
  "ff0e::1",
  "240.0.0.1",
  "255.255.255.255",
  "::ffff:255.255.255.255",
  "10.0.0.77",
  "::ffff:10.0.0.77",
  "172.16.0.1",
  "192.168.1.1",
  "100.64.0.1",
  "fd00::1",
];

const CONTEXT: TargetContext = {
  side: "wan",
  peer: address("192.0.2.10"),
  own: {
    lan: address("10.0.0.1"),
    wan: undefined,
    advertised: address("192.0.2.1"),
    lanNetworks: [],
  },
  ownPorts: { mediaLow: 7070, mediaHigh: 7090, sip: 5060 },
  isRegisteredPhone: () => false,
};

for (const text of FORBIDDEN) {
  Deno.test(`permitTarget() never sends to ${text} for somebody outside (R23)`, () => {
    const parsed = parseIpAddress(text);
    strictEqual(
      parsed !== undefined && permitTarget({ address: parsed, port: 6000 }, CONTEXT),
      "wait",
    );
  });
}

/** What libc takes for an address, and the strict parser does not: neither may be a way around (R23). */
const ODD: readonly string[] = [
  "127.1",
  "127.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0177.0.0.1",
  "127.0.0.01",
  "127.0.0.1.",
  "127.0.0.1 ",
  " 127.0.0.1",
  "127.0.0.1\n",
  "127.0.0.256",
  "127.0.0",
  "127..0.1",
  "١٢٧.0.0.1",
  "1::2::3",
  ":::1",
  "::1%lo",
  "fe80::1%eth0",
  "::ffff:127.0.0.256",
  "12345::1",
  "g::1",
  "",
];

for (const text of ODD) {
  Deno.test(`parseIpAddress() takes ${JSON.stringify(text)} for no address`, () => {
    strictEqual(parseIpAddress(text), undefined);
  });
}

Deno.test("relaySdp() tells the relay no forbidden address, however it is written", () => {
  const visible = ODD.filter((text) => /^[!-~]+$/.test(text));
  for (const text of [...FORBIDDEN, ...visible]) {
    const world = phoneWorld();
    const type = text.includes(":") ? "IP6" : "IP4";
    const body = sdpText("192.0.2.10", 6000).replace("c=IN IP4 192.0.2.10", `c=IN ${type} ${text}`);
    const actions = world.receive(incomingText({ body }), PROVIDER);
    strictEqual(sendsOf(actions).length, 1, text);
    for (const action of actions) {
      if (action.kind !== "relay" || action.command.kind !== "announce") continue;
      strictEqual(action.command.party.rtp, undefined, text);
    }
  }
});

Deno.test("locateNextHop() sends no request to a forbidden address, however it is written", () => {
  const isRouted = (text: string) => {
    const scope = addressScope(address(text));
    return scope === "private" || scope === "global" || scope === "link-local";
  };
  for (const text of FORBIDDEN.filter((form) => !isRouted(form))) {
    const host = text.includes(":") ? `[${text}]` : text;
    const said = outcomeOf(phoneWorld().receive(requestText({ uri: `sip:x@${host}` }), ALICE));
    strictEqual(said, "lan 10.0.0.10:5062 SIP/2.0 504 Server Time-out", text);
  }
});

Deno.test("locateNextHop() looks odd addresses up as names, which there are none of", () => {
  for (const host of ["127.1", "0x7f.0.0.1", "0177.0.0.1", "127.0.0"]) {
    const [sent] = sendsOf(phoneWorld().receive(requestText({ uri: `sip:x@${host}` }), ALICE));
    strictEqual(
      /^SIP\/2\.0 (?:400|504) /.test(sent?.startLine ?? ""),
      true,
      `${host} ${sent?.startLine}`,
    );
  }
});

/** Writes the same IPv6 address in many ways. */
function spellings(groups: readonly number[], dice: Dice): readonly string[] {
  const hex = groups.map((group) => group.toString(16));
  const padded = groups.map((group) => group.toString(16).padStart(4, "0"));
  const upper = hex.map((group) => group.toUpperCase());
  const start = groups.findIndex((group) => group === 0);
  let end = start;
  while (end >= 0 && groups[end] === 0) end++;
  const short = start < 0 || end - start < 2
    ? hex.join(":")
    : `${hex.slice(0, start).join(":")}::${hex.slice(end).join(":")}`;
  const mixed = hex.map((group, index) => dice.oneIn(2) ? group : padded[index] ?? "");
  return [hex.join(":"), padded.join(":"), upper.join(":"), short, mixed.join(":")];
}

Deno.test("parseIpAddress() gives one text for all spellings of an address", () => {
  const dice = new Dice(4291);
  for (let count = 0; count < 500; count++) {
    const groups = dice.times(8, () => dice.oneIn(2) ? 0 : dice.below(65_536));
    const parsed = spellings(groups, dice).map(parseIpAddress);
    deepStrictEqual(new Set(parsed).size, 1, groups.join());
    strictEqual(parsed[0] === undefined ? undefined : parseIpAddress(parsed[0]), parsed[0]);
  }
});

Deno.test("parseIpAddress() folds a mapped address to the IPv4 that it is", () => {
  const dice = new Dice(4);
  for (let count = 0; count < 500; count++) {
    const octets = dice.times(4, () => dice.below(256));
    const plain = octets.join(".");
    const [a = 0, b = 0, c = 0, d = 0] = octets;
    const mapped = [
      `::ffff:${plain}`,
      `::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`,
      `[::FFFF:${plain}]`,
    ];
    deepStrictEqual(mapped.map(parseIpAddress), Array(3).fill(parseIpAddress(plain)));
  }
});
