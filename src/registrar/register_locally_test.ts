import assert from "node:assert/strict";
import {
  ALICE,
  bindingOf,
  register,
  type RegisterParts,
  registration,
  tableWith,
} from "../../tests/support/registrations.ts";
import type { LocalRegistration } from "./register_locally.ts";
import { registerLocally } from "./register_locally.ts";
import type { RegistrationContext } from "./registration_plan.ts";

/** Registers and applies the changes. */
function run(parts: RegisterParts, context: RegistrationContext): LocalRegistration | string {
  const done = registerLocally(register({ aor: "sip:alice@10.0.0.1", ...parts }), context);
  if (!done.ok) return done.error;
  for (const change of done.value.changes) context.table.apply(change);
  return done.value;
}

function granted(parts: RegisterParts, context: RegistrationContext): readonly string[] | string {
  const done = run(parts, context);
  if (typeof done === "string") return done;
  return done.granted.map(({ contactUri, expiresSeconds }) => `${contactUri} ${expiresSeconds}`);
}

Deno.test("registerLocally() grants the default expiry (matrix row 6)", () => {
  const context = registration({ nowMs: 1_000 });
  assert.deepEqual(granted({}, context), ["sip:alice@10.0.0.10:5062 600"]);
  const [binding] = context.table.byAddressOfRecord("alice@10.0.0.1");
  assert.equal(binding?.expiresAtMs, 601_000);
  assert.equal(binding?.registrar, undefined);
});

Deno.test("registerLocally() removes a phone at once with expires 0 (matrix row 7)", () => {
  const context = registration();
  run({ expires: 600 }, context);
  assert.deepEqual(granted({ expires: 0, cseq: 2 }, context), []);
  assert.equal(context.table.size, 0);
});

Deno.test("registerLocally() removes all phones on a star, and answers once for an unknown one (rows 8, 9)", () => {
  const context = registration();
  assert.deepEqual(granted({ contacts: ["*"], expires: 0 }, context), []);
  run({}, context);
  run({ contacts: ["<sip:alice@10.0.0.20>"], source: "10.0.0.20:5060", callId: "b" }, context);
  assert.equal(context.table.size, 2);
  assert.deepEqual(granted({ contacts: ["*"], expires: 0, callId: "c" }, context), []);
  assert.equal(context.table.size, 0);
});

Deno.test("registerLocally() lists all phones of the address of record with the time they have left", () => {
  const context = registration();
  run({ expires: 100 }, context);
  const second = {
    contacts: ["<sip:alice@10.0.0.20>"],
    source: "10.0.0.20:5060",
    callId: "b",
    expires: 50,
  };
  assert.deepEqual(granted(second, { ...context, nowMs: 30_500 }), [
    "sip:alice@10.0.0.10:5062 70",
    "sip:alice@10.0.0.20 50",
  ]);
  const query = { contacts: [], callId: "q" };
  assert.deepEqual(granted(query, { ...context, nowMs: 60_000 }), [
    "sip:alice@10.0.0.10:5062 40",
    "sip:alice@10.0.0.20 21",
  ]);
  assert.deepEqual(granted(query, { ...context, nowMs: 90_000 }), ["sip:alice@10.0.0.10:5062 10"]);
});

Deno.test("registerLocally() lets the Contact preferred most ring: it is bound last", () => {
  const context = registration();
  run({ contacts: ["<sip:a@10.0.0.10>;q=0.9, <sip:b@10.0.0.10>;q=0.1"] }, context);
  const uris = context.table.byAddressOfRecord("alice@10.0.0.1").map(({ contactUri }) =>
    contactUri
  );
  assert.deepEqual(uris, ["sip:b@10.0.0.10", "sip:a@10.0.0.10"]);
});

Deno.test("registerLocally() refuses an older CSeq of the same Call-ID and repeats an equal one (§10.3 step 7)", () => {
  const context = registration();
  run({ cseq: 5, expires: 600 }, context);
  assert.equal(granted({ cseq: 4, expires: 0 }, context), "out-of-order");
  assert.equal(granted({ cseq: 4, contacts: ["*"], expires: 0 }, context), "out-of-order");
  assert.equal(context.table.size, 1);
  assert.deepEqual(granted({ cseq: 5, expires: 600 }, context), ["sip:alice@10.0.0.10:5062 600"]);
  assert.deepEqual(granted({ cseq: 1, callId: "after reboot", expires: 60 }, context), [
    "sip:alice@10.0.0.10:5062 60",
  ]);
});

Deno.test("registerLocally() changes nothing when one Contact of several is out of order", () => {
  const context = registration();
  run({ cseq: 5, expires: 600 }, context);
  const contacts = ["<sip:alice@10.0.0.10:5062>, <sip:new@10.0.0.10:7000>"];
  assert.equal(granted({ cseq: 4, contacts }, context), "out-of-order");
  assert.equal(context.table.size, 1);
});

Deno.test("registerLocally() shortens an expiry", () => {
  const context = registration();
  run({ expires: 3600 }, context);
  assert.deepEqual(granted({ expires: 60, cseq: 2 }, context), ["sip:alice@10.0.0.10:5062 60"]);
});

Deno.test("registerLocally() shows a masked host outside (matrix row 13), others our public address", () => {
  const context = registration({ maskHosts: [{ host: "10.0.0.1", maskedHost: "home.example" }] });
  run({}, context);
  run({ aor: "sip:bob@10.0.0.2", callId: "b" }, context);
  assert.deepEqual(context.table.all().map(({ publicUri }) => publicUri), [
    "sip:alice@home.example",
    "sip:bob@192.0.2.1",
  ]);
});

Deno.test("registerLocally() writes a masked IPv6 address in brackets", () => {
  const context = registration({ maskHosts: [{ host: "10.0.0.1", maskedHost: "2001:DB8::1" }] });
  run({}, context);
  assert.equal(context.table.all()[0]?.publicUri, "sip:alice@[2001:db8::1]");
});

Deno.test("registerLocally() takes over a phone that was registered elsewhere", () => {
  const known = bindingOf("a1", { addressOfRecordUri: "sip:alice@10.0.0.1" });
  const context = registration({ table: tableWith(known) });
  run({ cseq: 2 }, context);
  assert.equal(context.table.byId("a1")?.registrar, undefined);
  assert.notEqual(ALICE.registrar, undefined);
});

Deno.test("registerLocally() passes the plan's refusals on", () => {
  assert.equal(granted({ contacts: ["*"], expires: 5 }, registration()), "bad-wildcard");
});
