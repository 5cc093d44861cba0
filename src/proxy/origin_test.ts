import { deepStrictEqual } from "node:assert/strict";
import { address } from "../../tests/support/core_world.ts";
import {
  ALICE,
  type From,
  phoneWorld,
  type PhoneWorldOptions,
  PROVIDER,
  requestContext,
  requestText,
  STRANGER,
} from "../../tests/support/phone_world.ts";
import { cameBack, isFromThisHost, isUnregisteredCaller } from "./origin.ts";

const OWN_VIA = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKown";
const OWN_LAN_VIA = "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKown";
const PHONE_VIA = "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKp";

interface Origin {
  readonly name: string;
  readonly from: From;
  readonly via: string;
  readonly options?: PhoneWorldOptions;
  /** Whether it came back, is of this machine, is an unregistered caller. */
  readonly wanted: readonly [boolean, boolean, boolean];
}

const ORIGINS: readonly Origin[] = [
  { name: "a phone", from: ALICE, via: PHONE_VIA, wanted: [false, false, false] },
  {
    name: "a phone that is not registered",
    from: ALICE,
    via: PHONE_VIA,
    options: { phones: [] },
    wanted: [false, false, true],
  },
  {
    name: "a neighbour",
    from: { side: "lan", source: "10.0.0.77:5060" },
    via: "SIP/2.0/UDP 10.0.0.77;branch=z9hG4bKn",
    wanted: [false, false, true],
  },
  {
    name: "a neighbour with a Via of ours",
    from: { side: "lan", source: "10.0.0.77:5060" },
    via: OWN_LAN_VIA,
    wanted: [false, false, true],
  },
  {
    name: "the provider",
    from: PROVIDER,
    via: "SIP/2.0/UDP 192.0.2.10",
    wanted: [false, false, false],
  },
  {
    name: "a stranger with a Via of ours",
    from: STRANGER,
    via: OWN_VIA,
    wanted: [false, false, false],
  },
  {
    name: "ourselves, by the address outside",
    from: { side: "wan", source: "192.0.2.1:5060" },
    via: OWN_VIA,
    wanted: [true, false, false],
  },
  {
    name: "ourselves, by the address inside",
    from: { side: "lan", source: "10.0.0.1:5060" },
    via: OWN_LAN_VIA,
    wanted: [true, false, false],
  },
  {
    name: "ourselves, by the advertised address",
    from: { side: "wan", source: "203.0.113.9:5060" },
    via: "SIP/2.0/UDP 203.0.113.9:5060;branch=z9hG4bKown",
    options: { own: { advertised: address("203.0.113.9") } },
    wanted: [true, false, false],
  },
  {
    name: "a program here, on our port but under its own Via",
    from: { side: "wan", source: "192.0.2.1:5060" },
    via: "SIP/2.0/UDP 192.0.2.1:5099;branch=z9hG4bKp",
    wanted: [false, true, false],
  },
  {
    name: "a program here, on its own port",
    from: { side: "lan", source: "10.0.0.1:5080" },
    via: "SIP/2.0/UDP 10.0.0.1:5080;branch=z9hG4bKp",
    wanted: [false, true, false],
  },
  {
    name: "a program here, on its own port with our Via",
    from: { side: "lan", source: "10.0.0.1:5080" },
    via: OWN_LAN_VIA,
    wanted: [false, true, false],
  },
  {
    name: "a program here, by loopback",
    from: { side: "lan", source: "127.0.0.1:5080" },
    via: "SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bKp",
    wanted: [false, true, false],
  },
  {
    name: "a program here, by another loopback address",
    from: { side: "lan", source: "127.0.0.53:5080" },
    via: "SIP/2.0/UDP 127.0.0.53:5080;branch=z9hG4bKp",
    wanted: [false, true, false],
  },
  {
    name: "ourselves, by loopback",
    from: { side: "lan", source: "127.0.0.1:5060" },
    via: "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKp",
    wanted: [true, false, false],
  },
];

for (const { name, from, via, options = {}, wanted } of ORIGINS) {
  Deno.test(`cameBack(), isFromThisHost() and isUnregisteredCaller() of ${name}: ${wanted}`, () => {
    const context = requestContext(phoneWorld(options), { text: requestText({ via }), from });
    deepStrictEqual(
      [cameBack(context), isFromThisHost(context), isUnregisteredCaller(context)],
      wanted,
    );
  });
}
