import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import {
  ALICE,
  bindingOf,
  register,
  type RegisterParts,
  registration,
  tableWith,
} from "../../tests/support/registrations.ts";
import type { Binding } from "./binding.ts";
import { BindingTable } from "./binding_table.ts";
import { plannedBindings, planRegistration } from "./plan_registration.ts";
import type { RegistrationContext, RegistrationPlan } from "./registration_plan.ts";

function plan(
  parts: RegisterParts,
  context: RegistrationContext = registration(),
): RegistrationPlan {
  const planned = planRegistration(register(parts), context);
  if (!planned.ok) throw new Error(planned.error);
  return planned.value;
}

function refusal(parts: RegisterParts, context: RegistrationContext = registration()): string {
  const planned = planRegistration(register(parts), context);
  return planned.ok ? "planned" : planned.error;
}

/** `kind publicUri seconds` of each Contact. */
function summary(made: RegistrationPlan): readonly string[] {
  return made.contacts.map((contact) =>
    contact.kind === "bind" || contact.kind === "unbind"
      ? `${contact.kind} ${contact.publicUri} ${contact.requestedExpiresSeconds}`
      : `${contact.kind} ${contact.contactUri}`
  );
}

Deno.test("planRegistration() prepares a new phone's binding (matrix row 1)", () => {
  assert.deepEqual(plan({ expires: 3600 }, registration({ nowMs: 5_000 })), {
    kind: "contacts",
    addressOfRecord: "alice@192.0.2.10",
    callId: "call-a",
    cseqNumber: 1,
    contacts: [{
      kind: "bind",
      contactUri: "sip:alice@10.0.0.10:5062",
      publicUri: "sip:alice@192.0.2.1",
      requestedExpiresSeconds: 3600,
      preference: 1000,
      binding: {
        ...ALICE,
        bindingId: "0000000000000001",
        registrar: undefined,
        expiresAtMs: 37_000,
      },
    }],
  });
});

Deno.test("planRegistration() shows the listen port when it is not 5060 (matrix row 14)", () => {
  const publicPlace = { host: "192.0.2.1", port: 5099, transport: "udp" } as const;
  assert.deepEqual(summary(plan({}, registration({ publicPlace }))), [
    "bind sip:alice@192.0.2.1:5099 600",
  ]);
});

const EXPIRES: readonly (readonly [
  title: string,
  contact: string,
  header: number | undefined,
  expected: string,
])[] = [
  ["the Contact's own", "<sip:a@10.0.0.10>;expires=60", 300, "bind sip:alice@192.0.2.1 60"],
  ["the header's", "<sip:a@10.0.0.10>", 300, "bind sip:alice@192.0.2.1 300"],
  ["the default", "<sip:a@10.0.0.10>", undefined, "bind sip:alice@192.0.2.1 600"],
  [
    "the header's for a malformed one",
    "<sip:a@10.0.0.10>;expires=-5",
    300,
    "bind sip:alice@192.0.2.1 300",
  ],
  ["a removal", "<sip:a@10.0.0.10>;expires=0", 300, "unbind sip:alice@192.0.2.1 0"],
  ["a removal by header", "<sip:a@10.0.0.10>", 0, "unbind sip:alice@192.0.2.1 0"],
  ["a week at most", "<sip:a@10.0.0.10>;expires=99999999", 0, "bind sip:alice@192.0.2.1 604800"],
];

for (const [title, contact, expires, expected] of EXPIRES) {
  Deno.test(`planRegistration() takes as expiry ${title}`, () => {
    const parts = { contacts: [contact], ...(expires === undefined ? {} : { expires }) };
    assert.deepEqual(summary(plan(parts)), [expected]);
  });
}

Deno.test("planRegistration() plans a query without Contact and a removal of all", () => {
  assert.deepEqual(plan({ contacts: [] }), {
    kind: "query",
    addressOfRecord: "alice@192.0.2.10",
    callId: "call-a",
    cseqNumber: 1,
    contacts: [],
  });
  assert.equal(plan({ contacts: ["*"], expires: 0 }).kind, "remove-all");
});

Deno.test("planRegistration() refuses a star that does not remove (RFC 3261 §10.3 step 6)", () => {
  assert.equal(refusal({ contacts: ["*"] }), "bad-wildcard");
  assert.equal(refusal({ contacts: ["*"], expires: 60 }), "bad-wildcard");
});

Deno.test("planRegistration() plans several Contacts, each with its own expiry and public URI", () => {
  const made = plan({
    contacts: ["<sip:a@10.0.0.10:5062>;expires=60;q=0.5, <sip:b@10.0.0.10:5064>", "<tel:+49123>"],
    expires: 300,
  });
  assert.deepEqual(summary(made), [
    "bind sip:alice@192.0.2.1 60",
    "bind sip:alice@192.0.2.1;spx=00000003 300",
    "foreign tel:+49123",
  ]);
  assert.deepEqual(plannedBindings(made).map(({ bindingId }) => bindingId), [
    "0000000000000001",
    "0000000000000002",
  ]);
});

Deno.test("planRegistration() keeps the foreign Contact in its place", () => {
  const made = plan({ contacts: ["<mailto:a@b>", "<sip:a@10.0.0.10>"], expires: 60 });
  assert.deepEqual(summary(made), ["foreign mailto:a@b", "bind sip:alice@192.0.2.1 60"]);
});

Deno.test("planRegistration() refuses seventeen Contacts", () => {
  const contacts = Array.from({ length: 17 }, (_, index) => `<sip:a@10.0.0.10:${6000 + index}>`);
  assert.equal(refusal({ contacts }), "too-many-contacts");
  assert.equal(refusal({ contacts: contacts.slice(1) }), "planned");
});

const SAME: readonly (readonly [title: string, RegisterParts, Partial<Binding>])[] = [
  ["with the same instance", {
    contacts: ['<sip:n@10.0.0.20>;+sip.instance="<urn:uuid:x>"'],
    callId: "new",
    source: "10.0.0.20:5060",
  }, { instanceId: "<urn:uuid:x>" }],
  [
    "with the same Call-ID",
    { contacts: ["<sip:n@10.0.0.20>"], source: "10.0.0.20:5060", cseq: 2 },
    {},
  ],
  ["from the same address on another port", {
    contacts: ["<sip:alice@10.0.0.10:40000>"],
    callId: "new",
    source: "10.0.0.10:40000",
  }, {}],
];

for (const [title, parts, binding] of SAME) {
  Deno.test(`planRegistration() takes a REGISTER ${title} for the same phone, token and all`, () => {
    const known = bindingOf("a1", {
      publicUri: "sip:alice@192.0.2.1;spx=aa",
      token: "aa",
      ...binding,
    });
    const made = plan(parts, registration({ table: tableWith(known) }));
    assert.deepEqual(summary(made), ["bind sip:alice@192.0.2.1;spx=aa 600"]);
    assert.equal(plannedBindings(made)[0]?.bindingId, "a1");
  });
}

Deno.test("planRegistration() gives a token to a second phone of the same address of record", () => {
  const parts = { contacts: ["<sip:alice@10.0.0.20>"], callId: "b", source: "10.0.0.20:5060" };
  const made = plan(parts, registration({ table: tableWith(ALICE) }));
  assert.deepEqual(summary(made), ["bind sip:alice@192.0.2.1;spx=00000002 600"]);
  assert.equal(plannedBindings(made)[0]?.token, "00000002");
});

Deno.test("planRegistration() gives a token to the same user at another provider", () => {
  const parts = { aor: "sip:alice@other.example", callId: "b" };
  const made = plan(parts, registration({ table: tableWith(ALICE) }));
  assert.deepEqual(summary(made), ["bind sip:alice@192.0.2.1;spx=00000002 600"]);
});

Deno.test("planRegistration() gives one public URI to a REGISTER and its repetition with credentials", () => {
  const context = registration({ table: tableWith(ALICE) });
  const parts = { contacts: ["<sip:alice@10.0.0.20>"], callId: "b", source: "10.0.0.20:5060" };
  const first = plan({ ...parts, cseq: 1 }, context);
  context.table.reserve(plannedBindings(first), 0);
  const second = plan({ ...parts, cseq: 2 }, context);
  assert.deepEqual(summary(second), summary(first));
  assert.equal(plannedBindings(second)[0]?.bindingId, plannedBindings(first)[0]?.bindingId);
});

Deno.test("planRegistration() tells two phones apart that register at the same moment", () => {
  const context = registration();
  context.table.reserve(plannedBindings(plan({}, context)), 0);
  const parts = { contacts: ["<sip:alice@10.0.0.20>"], callId: "b", source: "10.0.0.20:5060" };
  assert.deepEqual(summary(plan(parts, context)), ["bind sip:alice@192.0.2.1;spx=00000003 600"]);
});

Deno.test("planRegistration() gives a token to a phone that kept the plain URI of our old address", () => {
  const old = bindingOf("a1", { publicUri: "sip:alice@198.51.100.1" });
  const other = bindingOf("o1", {
    addressOfRecordUri: "sip:alice@other.example",
    source: peer("10.0.0.20:5060"),
  });
  const made = plan({}, registration({ table: tableWith(old, other) }));
  assert.deepEqual(summary(made), ["bind sip:alice@192.0.2.1;spx=00000001 600"]);
  assert.equal(plannedBindings(made)[0]?.bindingId, "a1");
});

Deno.test("planRegistration() leaves out the Contact that a phone replaces by another", () => {
  const contacts = ["<sip:alice@10.0.0.10:5062>;expires=0, <sip:alice@10.0.0.10:6000>"];
  const made = plan({ contacts, cseq: 2 }, registration({ table: tableWith(ALICE) }));
  assert.deepEqual(summary(made), [
    "superseded sip:alice@10.0.0.10:5062",
    "bind sip:alice@192.0.2.1 600",
  ]);
});

Deno.test("planRegistration() does not remove another phone's public URI for a phone it does not know", () => {
  const parts = {
    contacts: ["<sip:alice@10.0.0.20>;expires=0"],
    callId: "b",
    source: "10.0.0.20:5060",
  };
  const made = plan(parts, registration({ table: tableWith(ALICE) }));
  assert.deepEqual(summary(made), ["unbind sip:alice@192.0.2.1;spx=00000002 0"]);
});

Deno.test("planRegistration() refuses a new phone in a full table and renews the others (matrix row 12)", () => {
  const table = new BindingTable({ maxRegistrations: 1 });
  table.apply({ kind: "bind", binding: ALICE });
  const context = registration({ table });
  assert.equal(refusal({ aor: "sip:bob@p.example", callId: "b" }, context), "table-full");
  assert.equal(refusal({ cseq: 2 }, context), "planned");
  assert.equal(refusal({ aor: "sip:bob@p.example", callId: "b", expires: 0 }, context), "planned");
});

Deno.test("planRegistration() refuses the 129th phone of one address of record", () => {
  const table = new BindingTable({ maxRegistrations: 1000 });
  for (let number = 0; number < 128; number++) {
    const source = peer(`10.0.1.${number}:5060`);
    table.apply({
      kind: "bind",
      binding: bindingOf(`p${number}`, { source, registerCallId: `${number}` }),
    });
  }
  const parts = { contacts: ["<sip:a@10.0.9.9>"], callId: "b", source: "10.0.9.9:5060" };
  assert.equal(refusal(parts, registration({ table })), "table-full");
});

Deno.test("planRegistration() reaches a phone by its Contact's transport, else by the arrival's", () => {
  const transports = [
    plan({ contacts: ["<sip:a@10.0.0.10;transport=TCP>"] }),
    plan({ contacts: ["<sip:a@10.0.0.10>"], transport: "tcp" }),
    plan({ contacts: ["<sip:a@10.0.0.10;transport=udp>"], transport: "tcp" }),
    plan({ contacts: ["<sip:a@10.0.0.10;transport=ws>"], transport: "tcp" }),
  ].map((made) => plannedBindings(made)[0]?.transport);
  assert.deepEqual(transports, ["tcp", "tcp", "udp", "tcp"]);
});

Deno.test("planRegistration() never points a binding at a third host (R24)", () => {
  const made = plan({ contacts: ["<sip:a@10.0.0.1:22>"], source: "10.0.0.10:5062" });
  assert.deepEqual(plannedBindings(made)[0]?.target, peer("10.0.0.10:5062"));
});

Deno.test("planRegistration() changes nothing itself", () => {
  const table = tableWith(ALICE);
  plan({ contacts: ["<sip:alice@10.0.0.10:9>"], expires: 60, cseq: 9 }, registration({ table }));
  assert.deepEqual(table.all(), [ALICE]);
  assert.deepEqual(table.reservedByAddressOfRecord(ALICE.addressOfRecord), []);
});
