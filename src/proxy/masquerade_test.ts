import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { address } from "../../tests/support/core_world.ts";
import {
  ALICE,
  BOB,
  phoneWorld,
  type PhoneWorldOptions,
  requestContext,
  requestText,
} from "../../tests/support/phone_world.ts";
import { listValues } from "../sip/headers.ts";
import { masqueradeContacts, masqueradeReferences } from "./masquerade.ts";

interface ContactCase {
  readonly name: string;
  readonly contact: string;
  readonly wanted: string;
  /** What a redirection shows, where it differs. */
  readonly kept?: string;
}

const CONTACTS: readonly ContactCase[] = [
  {
    name: "a registered Contact",
    contact: "<sip:alice@10.0.0.10:5062;line=abc>",
    wanted: "<sip:alice@192.0.2.1>",
  },
  {
    name: "a registered Contact with other parameters",
    contact: "<sip:alice@10.0.0.10:5062>",
    wanted: "<sip:alice@192.0.2.1>",
  },
  {
    name: "display name and header parameters",
    contact: '"A, B" <sip:alice@10.0.0.10:5062;line=abc>;q=0.5;+sip.instance="<urn:uuid:1>"',
    wanted: '"A, B" <sip:alice@192.0.2.1>;q=0.5;+sip.instance="<urn:uuid:1>"',
  },
  {
    name: "a Contact without brackets",
    contact: "sip:alice@10.0.0.10:5062",
    wanted: "sip:alice@192.0.2.1",
  },
  {
    name: "the phone's other port",
    contact: "<sip:alice@10.0.0.10:9999;line=abc>",
    wanted: "<sip:alice@192.0.2.1:5060;line=abc>",
  },
  {
    name: "another user at the phone",
    contact: "<sip:anna@10.0.0.10:5062>",
    wanted: "<sip:anna@192.0.2.1:5060>",
  },
  {
    name: "another phone's Contact",
    contact: "<sip:bob@10.0.0.11:5064;line=abc>",
    wanted: "<sip:bob@192.0.2.1>",
  },
  {
    name: "an unregistered neighbour",
    contact: "<sip:x@10.0.0.77>",
    wanted: "<sip:x@192.0.2.1:5060>",
    kept: "<sip:x@10.0.0.77>",
  },
  {
    name: "a foreign host",
    contact: "<sip:x@198.51.100.5:5070;a=b>",
    wanted: "<sip:x@192.0.2.1:5060;a=b>",
    kept: "<sip:x@198.51.100.5:5070;a=b>",
  },
  {
    name: "a name",
    contact: "<sip:x@elsewhere.example>",
    wanted: "<sip:x@192.0.2.1:5060>",
    kept: "<sip:x@elsewhere.example>",
  },
  { name: "a telephone number", contact: "<tel:+4930123>", wanted: "<tel:+4930123>" },
  { name: "the wildcard", contact: "*", wanted: "*" },
];

const PHONES: PhoneWorldOptions = { phones: ["alice", "bob"] };

for (const { name, contact, wanted, kept = wanted } of CONTACTS) {
  Deno.test(`masqueradeContacts() shows ${name} as it should`, () => {
    const context = requestContext(phoneWorld(PHONES), {
      text: requestText({ headers: [`Contact: ${contact}`] }),
      from: ALICE,
    });
    const shown = (foreign: "mask" | "keep") =>
      listValues(masqueradeContacts(context.message, { context, foreign }), "contact");
    deepStrictEqual([shown("mask"), shown("keep")], [[wanted], [kept]]);
  });
}

Deno.test("masqueradeContacts() rewrites every element of every line, in order", () => {
  const headers = [
    "Contact: <sip:alice@10.0.0.10:5062>, <sip:x@10.0.0.10>",
    "m: <sip:bob@10.0.0.11:5064>",
  ];
  const context = requestContext(phoneWorld(PHONES), {
    text: requestText({ headers }),
    from: ALICE,
  });
  deepStrictEqual(
    listValues(masqueradeContacts(context.message, { context, foreign: "mask" }), "contact"),
    [
      "<sip:alice@192.0.2.1>",
      "<sip:x@192.0.2.1:5060>",
      "<sip:bob@192.0.2.1>",
    ],
  );
});

Deno.test("masqueradeContacts() gives the same message where there is no Contact", () => {
  const context = requestContext(phoneWorld(), { text: requestText(), from: ALICE });
  strictEqual(masqueradeContacts(context.message, { context, foreign: "mask" }), context.message);
});

Deno.test("masqueradeContacts() shows the advertised address, not the interface's", () => {
  const world = phoneWorld({
    phones: [],
    own: { advertised: address("203.0.113.9") },
    settings: "sip_listen_port = 5080",
  });
  const context = requestContext(world, {
    text: requestText({ headers: ["Contact: <sip:x@10.0.0.10:5062>"] }),
    from: ALICE,
  });
  deepStrictEqual(
    listValues(masqueradeContacts(context.message, { context, foreign: "mask" }), "contact"),
    [
      "<sip:x@203.0.113.9:5080>",
    ],
  );
});

Deno.test("masqueradeContacts() shows whom it speaks to by IPv6 an IPv6 address, registered by IPv4 or never", () => {
  const world = phoneWorld({ own: { wan6: address("2001:db8::1") } });
  const show = (contact: string, peer: string) => {
    const context = requestContext(world, {
      text: requestText({ headers: [`Contact: ${contact}`] }),
      from: ALICE,
    });
    const hop = {
      side: "wan",
      transport: "udp",
      peer: { address: address(peer), port: 5060 },
      connectionId: undefined,
    } as const;
    const run = { ...context, hop };
    return listValues(
      masqueradeContacts(context.message, { context: run, foreign: "mask" }),
      "contact",
    );
  };
  deepStrictEqual(
    [
      show("<sip:alice@10.0.0.10:5062;line=abc>", "2001:db8::9"),
      show("<sip:x@10.0.0.10:5099>", "2001:db8::9"),
      show("<sip:alice@10.0.0.10:5062;line=abc>", "192.0.2.10"),
      show("<sip:x@10.0.0.10:5099>", "192.0.2.10"),
    ],
    [
      ["<sip:alice@[2001:db8::1]>"],
      ["<sip:x@[2001:db8::1]:5060>"],
      ["<sip:alice@192.0.2.1>"],
      ["<sip:x@192.0.2.1:5060>"],
    ],
  );
});

Deno.test("masqueradeContacts() leaves a Contact alone while there is no public address", () => {
  const world = phoneWorld({ phones: [] });
  world.own = { ...world.own, advertised: undefined };
  const context = requestContext(world, {
    text: requestText({ headers: ["Contact: <sip:x@10.0.0.10>"] }),
    from: ALICE,
  });
  deepStrictEqual(
    listValues(masqueradeContacts(context.message, { context, foreign: "mask" }), "contact"),
    [
      "<sip:x@10.0.0.10>",
    ],
  );
});

const REFERENCES: readonly (readonly [string, string, string])[] = [
  ["Refer-To", "<sip:bob@10.0.0.11:5064?Replaces=a%40b>", "<sip:bob@192.0.2.1?Replaces=a%40b>"],
  ["Refer-To", "<sip:bob@198.51.100.5>", "<sip:bob@198.51.100.5>"],
  ["Refer-To", "<sip:carol@provider.example>", "<sip:carol@provider.example>"],
  ["Refer-To", "<tel:110>", "<tel:110>"],
  ["Referred-By", "<sip:alice@10.0.0.10:5062>;cid=1", "<sip:alice@192.0.2.1>;cid=1"],
  ["Path", "<sip:10.0.0.10;lr>", "<sip:192.0.2.1:5060;lr>"],
  ["Path", "<sip:10.0.0.77;lr>", "<sip:10.0.0.77;lr>"],
  ["Service-Route", "<sip:10.0.0.11;lr>", "<sip:192.0.2.1:5060;lr>"],
];

for (const [name, value, wanted] of REFERENCES) {
  Deno.test(`masqueradeReferences() makes ${name}: ${wanted} of ${value}`, () => {
    const context = requestContext(phoneWorld(PHONES), {
      text: requestText({ headers: [`${name}: ${value}`] }),
      from: ALICE,
    });
    const edited = masqueradeReferences(context.message, context);
    deepStrictEqual(listValues(edited, name.toLowerCase()), [wanted]);
    strictEqual(edited === context.message, wanted === value);
  });
}

Deno.test("masqueradeReferences() knows the sender's own address without a registration", () => {
  const context = requestContext(phoneWorld({ phones: [] }), {
    text: requestText({ headers: ["Refer-To: <sip:b@10.0.0.11>"] }),
    from: BOB,
  });
  deepStrictEqual(listValues(masqueradeReferences(context.message, context), "refer-to"), [
    "<sip:b@192.0.2.1:5060>",
  ]);
});
