import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import {
  ALICE,
  bindingOf,
  listed,
  register,
  type RegisterParts,
  registration,
  tableWith,
} from "../../tests/support/registrations.ts";
import type { Binding, BindingChange } from "./binding.ts";
import type { BindingTable } from "./binding_table.ts";
import { commitRegistration } from "./commit_registration.ts";
import { planRegistration } from "./plan_registration.ts";

const REGISTRAR = peer("192.0.2.10:5070");
const NEWER: RegisterParts = { cseq: 2 };
const SECOND: RegisterParts = {
  contacts: ["<sip:alice@10.0.0.20>"],
  callId: "b",
  source: "10.0.0.20:5060",
};

/** The answer of a registrar: its Contacts and its Expires header. */
interface Answer {
  readonly contacts: readonly string[];
  readonly expires?: number;
}

function commit(
  parts: RegisterParts,
  answer: Answer,
  table: BindingTable = tableWith(),
): readonly BindingChange[] {
  const planned = planRegistration(register(parts), registration({ table }));
  if (!planned.ok) throw new Error(planned.error);
  return commitRegistration(planned.value, {
    table,
    answer: {
      contacts: listed(...answer.contacts),
      expiresSeconds: answer.expires,
      registrar: REGISTRAR,
      nowMs: 1_000,
    },
  });
}

/** `id publicUri seconds` of a bind, `-id` of an unbind. */
function summary(changes: readonly BindingChange[]): readonly string[] {
  return changes.map((change) =>
    change.kind === "unbind"
      ? `-${change.bindingId}`
      : `${change.binding.bindingId} ${change.binding.publicUri} ${
        (change.binding.expiresAtMs - 1_000) / 1000
      }`
  );
}

const FIRST = "0000000000000001";

Deno.test("commitRegistration() makes the binding real with the registrar's expiry (matrix row 2)", () => {
  const changes = commit({ expires: 3600 }, { contacts: ["<sip:alice@192.0.2.1>;expires=120"] });
  const binding: Binding = {
    ...ALICE,
    bindingId: FIRST,
    registrar: REGISTRAR,
    expiresAtMs: 121_000,
  };
  assert.deepEqual(changes, [{ kind: "bind", binding }]);
});

const EXPIRES: readonly (readonly [title: string, answer: Answer, expected: readonly string[]])[] =
  [
    ["a shorter one", { contacts: ["<sip:alice@192.0.2.1>;expires=30"] }, [
      "a1 sip:alice@192.0.2.1 30",
    ]],
    ["a longer one", { contacts: ["<sip:alice@192.0.2.1>;expires=7200"] }, [
      "a1 sip:alice@192.0.2.1 7200",
    ]],
    ["the header's", { contacts: ["<sip:alice@192.0.2.1>"], expires: 90 }, [
      "a1 sip:alice@192.0.2.1 90",
    ]],
    ["the one asked for", { contacts: ["<sip:alice@192.0.2.1>"] }, ["a1 sip:alice@192.0.2.1 600"]],
    ["0, an end", { contacts: ["<sip:alice@192.0.2.1>;expires=0"] }, ["-a1"]],
    ["0 by header, an end", { contacts: ["<sip:alice@192.0.2.1>"], expires: 0 }, ["-a1"]],
    ["the header's of an answer without Contacts", { contacts: [], expires: 90 }, [
      "a1 sip:alice@192.0.2.1 90",
    ]],
    ["none: an answer that lists nothing", { contacts: [] }, ["-a1"]],
    ["none: an answer that lists others only", {
      contacts: ["<sip:bob@192.0.2.99>;expires=60"],
      expires: 90,
    }, ["-a1"]],
  ];

for (const [title, answer, expected] of EXPIRES) {
  Deno.test(`commitRegistration() takes as expiry ${title}`, () => {
    assert.deepEqual(summary(commit(NEWER, answer, tableWith(ALICE))), expected);
  });
}

const SPELLINGS: readonly string[] = [
  "<sip:alice@192.0.2.1:5060>;expires=60",
  "<SIP:%61lice@192.0.2.1;ob>;expires=60",
  "<sip:alice@192.0.2.1;transport=udp>;q=0.5;expires=60",
  // The address that a registrar saw behind a further NAT.
  "<sip:alice@203.0.113.9:62000>;expires=60",
];

for (const spelling of SPELLINGS) {
  Deno.test(`commitRegistration() knows our Contact in ${spelling}`, () => {
    assert.deepEqual(summary(commit(NEWER, { contacts: [spelling] }, tableWith(ALICE))), [
      "a1 sip:alice@192.0.2.1 60",
    ]);
  });
}

Deno.test("commitRegistration() finds its own Contact among others' of the same user", () => {
  const contacts = [
    "<sip:alice@198.51.100.7>;expires=11",
    "<sip:alice@192.0.2.1;spx=99>;expires=22",
    "<sip:alice@192.0.2.1>;expires=33",
  ];
  assert.deepEqual(summary(commit(NEWER, { contacts }, tableWith(ALICE))), [
    "a1 sip:alice@192.0.2.1 33",
  ]);
});

Deno.test("commitRegistration() finds the second phone by its token, at whatever address", () => {
  const contacts = [
    "<sip:alice@192.0.2.1>;expires=11",
    "<sip:alice@203.0.113.9;SPX=00000002>;expires=22",
  ];
  assert.deepEqual(summary(commit(SECOND, { contacts }, tableWith(ALICE))), [
    `${FIRST} sip:alice@192.0.2.1;spx=00000002 22`,
  ]);
});

Deno.test("commitRegistration() takes the token out where the registrar stripped it", () => {
  const contacts = ["<sip:alice@192.0.2.1>;expires=60"];
  const [change] = commit(SECOND, { contacts }, tableWith(ALICE));
  assert.ok(change?.kind === "bind");
  assert.deepEqual([change.binding.publicUri, change.binding.token], [
    "sip:alice@192.0.2.1",
    undefined,
  ]);
});

Deno.test("commitRegistration() ends a phone that asked for it, listed or not", () => {
  const removal: RegisterParts = { cseq: 2, expires: 0 };
  assert.deepEqual(summary(commit(removal, { contacts: [] }, tableWith(ALICE))), ["-a1"]);
  const still = { contacts: ["<sip:alice@192.0.2.1>;expires=60"] };
  assert.deepEqual(summary(commit(removal, still, tableWith(ALICE))), ["-a1"]);
  assert.deepEqual(commit({ ...SECOND, expires: 0 }, { contacts: [] }, tableWith(ALICE)), []);
});

Deno.test("commitRegistration() ends all phones of the address of record after a star", () => {
  const table = tableWith(
    ALICE,
    bindingOf("a2"),
    bindingOf("b", { addressOfRecordUri: "sip:bob@p" }),
  );
  const star: RegisterParts = { contacts: ["*"], expires: 0, cseq: 2 };
  assert.deepEqual(summary(commit(star, { contacts: [] }, table)), ["-a1", "-a2"]);
});

Deno.test("commitRegistration() changes nothing after a query", () => {
  const answer = { contacts: ["<sip:alice@192.0.2.1>;expires=60"] };
  assert.deepEqual(commit({ contacts: [] }, answer, tableWith(ALICE)), []);
});

Deno.test("commitRegistration() leaves the old binding until it is called (matrix row 5)", () => {
  const table = tableWith(ALICE);
  const changed: RegisterParts = { contacts: ["<sip:alice@10.0.0.10:7777>"], cseq: 2 };
  const changes = commit(changed, { contacts: ["<sip:alice@192.0.2.1>;expires=60"] }, table);
  assert.equal(table.byId("a1"), ALICE);
  for (const change of changes) table.apply(change);
  assert.equal(table.byId("a1")?.contactUri, "sip:alice@10.0.0.10:7777");
  assert.equal(table.size, 1);
});

Deno.test("commitRegistration() repeats itself for a repeated answer", () => {
  const answer = { contacts: ["<sip:alice@192.0.2.1>;expires=60"] };
  assert.deepEqual(summary(commit({ cseq: 1 }, answer, tableWith(ALICE))), [
    "a1 sip:alice@192.0.2.1 60",
  ]);
});

Deno.test("commitRegistration() answers each of several Contacts, the one preferred most last", () => {
  const parts: RegisterParts = { contacts: ["<sip:a@10.0.0.10:1>;q=1, <sip:b@10.0.0.10:2>;q=0.2"] };
  const contacts = [
    "<sip:alice@192.0.2.1>;expires=10",
    "<sip:alice@192.0.2.1;spx=00000003>;expires=20",
    "<tel:+491>",
  ];
  assert.deepEqual(summary(commit(parts, { contacts })), [
    "0000000000000002 sip:alice@192.0.2.1;spx=00000003 20",
    `${FIRST} sip:alice@192.0.2.1 10`,
  ]);
});

Deno.test("commitRegistration() passes over a Contact that was superseded", () => {
  const contacts = ["<sip:alice@10.0.0.10:5062>;expires=0, <sip:alice@10.0.0.10:6000>"];
  const answer = { contacts: ["<sip:alice@192.0.2.1>;expires=60"] };
  assert.deepEqual(summary(commit({ contacts, cseq: 2 }, answer, tableWith(ALICE))), [
    "a1 sip:alice@192.0.2.1 60",
  ]);
});

Deno.test("commitRegistration() keeps a phone one that was planned under two ids", () => {
  const answer = { contacts: ["<sip:alice@192.0.2.1>;expires=60"] };
  const table = tableWith();
  const planned = planRegistration(register(NEWER), registration({ table }));
  assert.ok(planned.ok);
  table.apply({ kind: "bind", binding: { ...ALICE, registerCseq: 1 } });
  const context = {
    table,
    answer: {
      contacts: listed(...answer.contacts),
      expiresSeconds: 60,
      registrar: REGISTRAR,
      nowMs: 1_000,
    },
  };
  assert.deepEqual(summary(commitRegistration(planned.value, context)), [
    "a1 sip:alice@192.0.2.1 60",
  ]);
});
