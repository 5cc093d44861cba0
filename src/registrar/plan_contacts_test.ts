import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import {
  ALICE,
  bindingOf,
  register,
  type RegisterParts,
  registration,
  tableWith,
} from "../../tests/support/registrations.ts";
import { planContacts } from "./plan_contacts.ts";
import type { PlannedContact, RegistrationContext } from "./registration_plan.ts";

function plan(
  parts: RegisterParts,
  context: RegistrationContext = registration(),
): readonly PlannedContact[] {
  return planContacts(register(parts), context);
}

/** What a plan says of each Contact, in one line. */
function told(contact: PlannedContact): string {
  if (contact.kind !== "bind" && contact.kind !== "unbind") {
    return `${contact.kind} ${contact.contactUri}`;
  }
  const { kind, contactUri, publicUri, requestedExpiresSeconds, preference } = contact;
  return `${kind} ${contactUri} as ${publicUri} for ${requestedExpiresSeconds} q ${preference}`;
}

Deno.test("planContacts() of no Contact plans nothing", () => {
  deepStrictEqual(plan({ contacts: [] }), []);
});

Deno.test("planContacts() makes the whole binding of a phone that nobody knows", () => {
  deepStrictEqual(plan({ source: "10.0.0.10:40000", cseq: 7 }, registration({ nowMs: 9_000 })), [
    {
      kind: "bind",
      contactUri: "sip:alice@10.0.0.10:5062",
      publicUri: "sip:alice@192.0.2.1",
      requestedExpiresSeconds: 600,
      preference: 1000,
      binding: {
        bindingId: "0000000000000001",
        addressOfRecord: "alice@192.0.2.10",
        addressOfRecordUri: "sip:alice@192.0.2.10",
        contactUri: "sip:alice@10.0.0.10:5062",
        publicUri: "sip:alice@192.0.2.1",
        token: undefined,
        source: peer("10.0.0.10:40000"),
        transport: "udp",
        target: peer("10.0.0.10:5062"),
        instanceId: undefined,
        registerCallId: "call-a",
        registerCseq: 7,
        registrar: undefined,
        expiresAtMs: 41_000,
      },
    },
  ]);
});

const PHONE = "<sip:alice@10.0.0.10:5062>";

/** Contact, Expires header, and what is planned. */
const EXPIRIES: readonly (readonly [string, number | undefined, string])[] = [
  [PHONE, undefined, "bind 600"],
  [PHONE, 3600, "bind 3600"],
  [`${PHONE};expires=60`, 3600, "bind 60"],
  [`${PHONE};expires=60`, undefined, "bind 60"],
  [`${PHONE};expires=0`, 3600, "unbind 0"],
  [PHONE, 0, "unbind 0"],
  [`${PHONE};expires=60`, 0, "bind 60"],
  [`${PHONE};expires=604800`, undefined, "bind 604800"],
  [`${PHONE};expires=604801`, undefined, "bind 604800"],
  [`${PHONE};expires=4294967295`, undefined, "bind 604800"],
  [`${PHONE};expires=soon`, 120, "bind 120"],
];

for (const [contact, expires, wanted] of EXPIRIES) {
  Deno.test(`planContacts() of ${contact} with Expires ${expires ?? "missing"}: ${wanted}`, () => {
    const parts = { contacts: [contact], ...(expires === undefined ? {} : { expires }) };
    const [contactPlan] = plan(parts);
    if (contactPlan?.kind !== "bind" && contactPlan?.kind !== "unbind") throw new Error("no plan");
    strictEqual(`${contactPlan.kind} ${contactPlan.requestedExpiresSeconds}`, wanted);
  });
}

/** Contact, transport that the REGISTER came by, and the transport of the binding. */
const TRANSPORTS: readonly (readonly [string, "udp" | "tcp", string])[] = [
  ["<sip:alice@10.0.0.10:5062>", "udp", "udp"],
  ["<sip:alice@10.0.0.10:5062>", "tcp", "tcp"],
  ["<sip:alice@10.0.0.10:5062;transport=udp>", "tcp", "udp"],
  ["<sip:alice@10.0.0.10:5062;transport=TCP>", "udp", "tcp"],
  ["<sip:alice@10.0.0.10:5062;transport=tls>", "tcp", "tcp"],
  ["<sip:alice@10.0.0.10:5062;transport=ws>", "udp", "udp"],
];

for (const [contact, transport, wanted] of TRANSPORTS) {
  Deno.test(`planContacts() of ${contact} over ${transport} reaches it by ${wanted}`, () => {
    const [contactPlan] = plan({ contacts: [contact], transport });
    strictEqual(contactPlan?.kind === "bind" ? contactPlan.binding.transport : "none", wanted);
  });
}

/** Contact, source of the REGISTER, and where requests for the phone go (R24). */
const TARGETS: readonly (readonly [string, string, string])[] = [
  ["<sip:alice@10.0.0.10:5062>", "10.0.0.10:5062", "10.0.0.10:5062"],
  ["<sip:alice@10.0.0.10:5062>", "10.0.0.10:40000", "10.0.0.10:5062"],
  ["<sip:alice@10.0.0.10>", "10.0.0.10:40000", "10.0.0.10:5060"],
  ["<sip:alice@10.0.0.99:5062>", "10.0.0.10:40000", "10.0.0.10:40000"],
  ["<sip:alice@phone.local>", "10.0.0.10:40000", "10.0.0.10:40000"],
];

for (const [contact, source, target] of TARGETS) {
  Deno.test(`planContacts() of ${contact} from ${source} sends to ${target}`, () => {
    const [contactPlan] = plan({ contacts: [contact], source });
    deepStrictEqual(
      contactPlan?.kind === "bind" ? contactPlan.binding.target : undefined,
      peer(target),
    );
  });
}

/** Contacts of one REGISTER, and their plans in the same order. */
const LISTS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["q values", [`${PHONE};q=0.5`], [
    "bind sip:alice@10.0.0.10:5062 as sip:alice@192.0.2.1 for 600 q 500",
  ]],
  ["a foreign scheme", ["<tel:+49>"], ["foreign tel:+49"]],
  ["foreign ones around a phone", ["<tel:+49>", PHONE, "<mailto:a@b>"], [
    "foreign tel:+49",
    "bind sip:alice@10.0.0.10:5062 as sip:alice@192.0.2.1 for 600 q 1000",
    "foreign mailto:a@b",
  ]],
];

for (const [what, contacts, wanted] of LISTS) {
  Deno.test(`planContacts() of ${what}`, () => {
    deepStrictEqual(plan({ contacts }).map(told), wanted);
  });
}

Deno.test("planContacts() gives two phones of one REGISTER public URIs of their own", () => {
  const contacts = [
    '<sip:alice@10.0.0.10:5062>;+sip.instance="<urn:uuid:1>"',
    '<sip:alice@10.0.0.10:5064>;+sip.instance="<urn:uuid:2>"',
  ];
  const plans = plan({ contacts });
  const publicUris = plans.map((one) => one.kind === "bind" ? one.publicUri : one.kind);
  strictEqual(publicUris[0], "sip:alice@192.0.2.1");
  strictEqual(publicUris[1]?.startsWith("sip:alice@192.0.2.1;"), true);
  deepStrictEqual(
    plans.map((one) => one.kind === "bind" ? one.binding.instanceId : one.kind),
    ["<urn:uuid:1>", "<urn:uuid:2>"],
  );
  strictEqual(new Set(plans.map((one) => one.kind === "bind" && one.binding.bindingId)).size, 2);
});

Deno.test("planContacts() knows a registered phone again: id, public URI and registrar stay", () => {
  const known = bindingOf("a1", { contactUri: "sip:alice@10.0.0.10:5062" });
  const [again] = plan({ cseq: 2 }, registration({ table: tableWith(known), nowMs: 1_000 }));
  deepStrictEqual(again?.kind === "bind" ? again.binding : again, {
    ...ALICE,
    registerCseq: 2,
    expiresAtMs: 33_000,
  });
});

Deno.test("planContacts() of a phone that moved to another port keeps its id", () => {
  const table = tableWith(bindingOf("a1"));
  const [moved] = plan(
    { cseq: 2, contacts: ["<sip:alice@10.0.0.10:5099>"], source: "10.0.0.10:5099" },
    registration({ table }),
  );
  if (moved?.kind !== "bind") throw new Error("no plan");
  deepStrictEqual(
    [moved.binding.bindingId, moved.binding.contactUri, moved.binding.target],
    ["a1", "sip:alice@10.0.0.10:5099", peer("10.0.0.10:5099")],
  );
});

Deno.test("planContacts() takes no other user's phone for this one", () => {
  const bob = bindingOf("b1", {
    addressOfRecordUri: "sip:bob@192.0.2.10",
    publicUri: "sip:bob@192.0.2.1",
  });
  const [own] = plan({}, registration({ table: tableWith(bob) }));
  strictEqual(own?.kind === "bind" ? own.binding.bindingId : own?.kind, "0000000000000001");
});

Deno.test("planContacts() changes nothing in the table", () => {
  const known = bindingOf("a1");
  const table = tableWith(known);
  plan({ cseq: 9, contacts: ["<sip:alice@10.0.0.11:5062>;expires=0"] }, registration({ table }));
  deepStrictEqual(table.byAddressOfRecord("alice@192.0.2.10"), [known]);
});
