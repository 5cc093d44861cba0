import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import { ALICE, bindingOf, sip } from "../../tests/support/registrations.ts";
import type { Binding } from "./binding.ts";
import { type ContactIdentity, matchPhones } from "./same_phone.ts";

function contact(uri: string, overrides: Partial<ContactIdentity> = {}): ContactIdentity {
  return {
    uri: sip(uri),
    kind: "bind",
    instanceId: undefined,
    callId: "another call",
    source: peer("10.0.0.77:5060"),
    ...overrides,
  };
}

function match(
  contacts: readonly ContactIdentity[],
  candidates: readonly Binding[],
): readonly string[] {
  return matchPhones(contacts, candidates).map((found) =>
    found.kind === "known" ? found.binding.bindingId : found.kind
  );
}

const X = "<urn:uuid:x>";
const Y = "<urn:uuid:y>";
const HERE = peer("10.0.0.10:9999");

const SINGLE: readonly (readonly [
  title: string,
  contact: ContactIdentity,
  binding: Partial<Binding>,
  expected: string,
])[] = [
  ["the same Contact URI", contact("sip:alice@10.0.0.10:5062"), {}, "a"],
  ["an equal Contact URI (RFC 3261 §19.1.4)", contact("sip:%61lice@10.0.0.10:5062;x=1"), {
    contactUri: "sip:alice@10.0.0.10:5062",
  }, "a"],
  ["the same instance at another address", contact("sip:n@10.0.0.77", { instanceId: X }), {
    instanceId: X,
  }, "a"],
  ["the same REGISTER Call-ID", contact("sip:n@10.0.0.77", { callId: "call-a" }), {}, "a"],
  ["the same IP address on another port", contact("sip:n@10.0.0.10:1", { source: HERE }), {}, "a"],
  [
    "the same IP address, one instance known",
    contact("sip:n@10.0.0.10:1", {
      source: HERE,
      instanceId: X,
    }),
    {},
    "a",
  ],
  [
    "not another instance at the same IP address",
    contact("sip:n@10.0.0.10:1", {
      source: HERE,
      instanceId: X,
    }),
    { instanceId: Y },
    "new",
  ],
  [
    "not another instance with the same Call-ID",
    contact("sip:n@10.0.0.77", {
      callId: "call-a",
      instanceId: X,
    }),
    { instanceId: Y },
    "new",
  ],
  [
    "not another instance with the same URI",
    contact("sip:alice@10.0.0.10:5062", {
      instanceId: X,
    }),
    { instanceId: Y },
    "new",
  ],
  ["not another phone", contact("sip:n@10.0.0.77"), {}, "new"],
];

for (const [title, one, binding, expected] of SINGLE) {
  Deno.test(`matchPhones() knows a phone by ${title}`, () => {
    assert.deepEqual(match([one], [bindingOf("a", binding)]), [expected]);
  });
}

Deno.test("matchPhones() gives each binding to one Contact, the surest match first", () => {
  const other = bindingOf("b", { contactUri: "sip:alice@10.0.0.10:5064" });
  const contacts = [
    contact("sip:alice@10.0.0.10:5066", { source: HERE }),
    contact("sip:alice@10.0.0.10:5064", { source: HERE }),
    contact("sip:alice@10.0.0.10:5062", { source: HERE }),
  ];
  assert.deepEqual(match(contacts, [ALICE, other]), ["new", "b", "a1"]);
});

Deno.test("matchPhones() takes the newest of several that fit", () => {
  const other = bindingOf("b", { contactUri: "sip:alice@10.0.0.10:5064" });
  assert.deepEqual(match([contact("sip:n@10.0.0.10:1", { source: HERE })], [ALICE, other]), ["b"]);
});

Deno.test("matchPhones() lets a new Contact take over what the same REGISTER removes", () => {
  const contacts = [
    contact("sip:alice@10.0.0.10:5062", { kind: "unbind", source: HERE }),
    contact("sip:alice@10.0.0.10:6000", { source: HERE }),
  ];
  assert.deepEqual(match(contacts, [ALICE]), ["superseded", "a1"]);
  assert.deepEqual(match([...contacts].reverse(), [ALICE]), ["a1", "superseded"]);
});

Deno.test("matchPhones() leaves a removal its own binding when the new Contact has another", () => {
  const other = bindingOf("b", { contactUri: "sip:alice@10.0.0.10:5064" });
  const contacts = [
    contact("sip:alice@10.0.0.10:5062", { kind: "unbind", source: HERE }),
    contact("sip:alice@10.0.0.10:5064", { source: HERE }),
  ];
  assert.deepEqual(match(contacts, [ALICE, other]), ["a1", "b"]);
});

Deno.test("matchPhones() finds the phone of a removal under its old port", () => {
  assert.deepEqual(
    match([contact("sip:alice@10.0.0.10:7000", { kind: "unbind", source: HERE })], [ALICE]),
    ["a1"],
  );
});

Deno.test("matchPhones() knows nobody when there is nobody", () => {
  assert.deepEqual(
    match([contact("sip:a@10.0.0.1"), contact("sip:b@10.0.0.2", { kind: "unbind" })], []),
    [
      "new",
      "new",
    ],
  );
});
