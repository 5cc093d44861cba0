import assert from "node:assert/strict";
import { ip, peer } from "../../tests/support/address.ts";
import { ALICE, bindingOf, tableWith } from "../../tests/support/registrations.ts";
import type { Binding } from "./binding.ts";
import { BindingTable } from "./binding_table.ts";

const SECOND = bindingOf("a2", {
  contactUri: "sip:alice@10.0.0.20",
  publicUri: "sip:alice@192.0.2.1;spx=000000aa",
  token: "000000aa",
  source: peer("10.0.0.20:5060"),
  target: peer("10.0.0.20:5060"),
});

const BOB = bindingOf("b1", {
  addressOfRecordUri: "sip:bob@p.example",
  contactUri: "sip:bob@10.0.0.30",
  publicUri: "sip:bob@192.0.2.1",
  source: peer("10.0.0.30:5060"),
  target: peer("10.0.0.30:5060"),
});

Deno.test("BindingTable.apply() binds a phone under all its keys", () => {
  const table = tableWith(ALICE, SECOND, BOB);
  assert.equal(table.size, 3);
  assert.equal(table.byId("a1"), ALICE);
  assert.deepEqual(table.byAddressOfRecord("alice@192.0.2.10"), [ALICE, SECOND]);
  assert.deepEqual(table.byPublicKey("alice@192.0.2.1"), [ALICE, SECOND]);
  assert.deepEqual(table.byUser("bob"), [BOB]);
  assert.deepEqual(table.bySourceAddress(ip("10.0.0.20")), [SECOND]);
  assert.equal(table.isPhone(ip("10.0.0.30")), true);
  assert.equal(table.isPhone(ip("10.0.0.31")), false);
  assert.deepEqual(table.all(), [ALICE, SECOND, BOB]);
});

Deno.test("BindingTable.apply() moves a phone to its new keys and to the end", () => {
  const table = tableWith(ALICE, SECOND);
  const moved: Binding = {
    ...ALICE,
    contactUri: "sip:alice@10.0.0.99",
    publicUri: "sip:alice@203.0.113.5",
    source: peer("10.0.0.99:5060"),
    target: peer("10.0.0.99:5060"),
  };
  table.apply({ kind: "bind", binding: moved });
  assert.equal(table.size, 2);
  assert.equal(table.isPhone(ip("10.0.0.10")), false);
  assert.deepEqual(table.bySourceAddress(ip("10.0.0.99")), [moved]);
  assert.deepEqual(table.byPublicKey("alice@192.0.2.1"), [SECOND]);
  assert.deepEqual(table.byPublicKey("alice@203.0.113.5"), [moved]);
  assert.deepEqual(table.byAddressOfRecord("alice@192.0.2.10"), [SECOND, moved]);
});

Deno.test("BindingTable.apply() unbinds a phone from all its keys; an unknown id changes nothing", () => {
  const table = tableWith(ALICE, BOB);
  table.apply({ kind: "unbind", bindingId: "a1" });
  table.apply({ kind: "unbind", bindingId: "nobody" });
  assert.equal(table.byId("a1"), undefined);
  assert.deepEqual(table.byAddressOfRecord("alice@192.0.2.10"), []);
  assert.deepEqual(table.byPublicKey("alice@192.0.2.1"), []);
  assert.deepEqual(table.byUser("alice"), []);
  assert.equal(table.isPhone(ip("10.0.0.10")), false);
  assert.deepEqual(table.all(), [BOB]);
});

Deno.test("BindingTable.apply() takes no further phone when full, and goes on renewing the others", () => {
  const table = new BindingTable({ maxRegistrations: 2 });
  assert.equal(table.apply({ kind: "bind", binding: ALICE }), "applied");
  assert.deepEqual([table.isFull, table.room], [false, 1]);
  assert.equal(table.apply({ kind: "bind", binding: SECOND }), "applied");
  assert.deepEqual([table.isFull, table.room], [true, 0]);
  assert.equal(table.apply({ kind: "bind", binding: BOB }), "table-full");
  const renewed = { ...ALICE, expiresAtMs: 500_000 };
  assert.equal(table.apply({ kind: "bind", binding: renewed }), "applied");
  assert.equal(table.byId("a1"), renewed);
  assert.equal(table.size, 2);
});

Deno.test("BindingTable.expire() gives a phone five seconds of grace, then takes it out", () => {
  const table = tableWith(ALICE, { ...BOB, expiresAtMs: 300_000 });
  assert.equal(table.isExpired(ALICE), false);
  assert.deepEqual(table.expire(119_999), []);
  assert.equal(table.isExpired(ALICE), false);
  assert.deepEqual(table.expire(120_000), []);
  assert.equal(table.isExpired(ALICE), true);
  assert.equal(table.isPhone(ip("10.0.0.10")), true);
  assert.deepEqual(table.expire(125_000), [ALICE]);
  assert.equal(table.isPhone(ip("10.0.0.10")), false);
  assert.equal(table.size, 1);
});

Deno.test("BindingTable.expire() follows a renewal, a shorter one too", () => {
  const table = tableWith(ALICE, BOB);
  table.apply({ kind: "bind", binding: { ...ALICE, expiresAtMs: 600_000 } });
  table.apply({ kind: "bind", binding: { ...BOB, expiresAtMs: 10_000 } });
  assert.deepEqual(table.expire(15_000).map(({ bindingId }) => bindingId), ["b1"]);
  assert.deepEqual(table.expire(200_000), []);
  assert.deepEqual(table.expire(605_000).map(({ bindingId }) => bindingId), ["a1"]);
});

Deno.test("BindingTable.knownAddressOfRecord() knows who was here and has no live binding now", () => {
  const table = tableWith(ALICE);
  const known = () => [
    table.knownAddressOfRecord("alice@192.0.2.10"),
    table.knownAddressOfRecord("alice@192.0.2.1"),
  ];
  assert.deepEqual(known(), [false, false]);
  table.expire(121_000);
  assert.deepEqual(known(), [true, true]);
  table.expire(126_000);
  assert.deepEqual(known(), [true, true]);
  assert.equal(table.knownAddressOfRecord("nobody@192.0.2.10"), false);
  table.apply({ kind: "bind", binding: { ...ALICE, expiresAtMs: 400_000 } });
  assert.deepEqual(known(), [false, false]);
  table.apply({ kind: "unbind", bindingId: "a1" });
  assert.deepEqual(known(), [true, true]);
  table.expire(126_000 + 86_400_000);
  assert.deepEqual(known(), [false, false]);
});

Deno.test("BindingTable.knownAddressOfRecord() says no while one of several phones lives", () => {
  const table = tableWith(ALICE, { ...SECOND, expiresAtMs: 900_000 });
  table.expire(130_000);
  assert.equal(table.knownAddressOfRecord("alice@192.0.2.10"), false);
});

Deno.test("BindingTable.knownAddressOfRecord() remembers 20,000 names and no more", () => {
  const table = new BindingTable({ maxRegistrations: 10 });
  for (let number = 0; number < 12_000; number++) {
    const uri = `sip:u${number}@p.example`;
    const binding = bindingOf("x", {
      addressOfRecordUri: uri,
      publicUri: `sip:u${number}@192.0.2.1`,
    });
    table.apply({ kind: "bind", binding });
    table.apply({ kind: "unbind", bindingId: "x" });
  }
  assert.equal(table.knownAddressOfRecord("u1999@p.example"), false);
  assert.equal(table.knownAddressOfRecord("u11999@p.example"), true);
});

Deno.test("BindingTable.reserve() holds a phone that is not reachable yet, for 32 s", () => {
  const table = tableWith(BOB);
  table.reserve([ALICE], 1_000);
  assert.equal(table.size, 1);
  assert.equal(table.isPhone(ip("10.0.0.10")), false);
  assert.deepEqual(table.byAddressOfRecord("alice@192.0.2.10"), []);
  assert.deepEqual(table.reservedByAddressOfRecord("alice@192.0.2.10"), [ALICE]);
  assert.deepEqual(table.reservedByPublicKey("alice@192.0.2.1"), [ALICE]);
  table.expire(32_999);
  assert.deepEqual(table.reservedByPublicKey("alice@192.0.2.1"), [ALICE]);
  table.expire(33_000);
  assert.deepEqual(table.reservedByPublicKey("alice@192.0.2.1"), []);
  assert.deepEqual(table.reservedByAddressOfRecord("alice@192.0.2.10"), []);
});

Deno.test("BindingTable.reserve() holds nothing for a phone that keeps its public URI", () => {
  const table = tableWith(ALICE);
  table.reserve([{ ...ALICE, registerCseq: 2 }], 0);
  assert.deepEqual(table.reservedByAddressOfRecord("alice@192.0.2.10"), []);
  const renamed = { ...ALICE, publicUri: "sip:alice@203.0.113.5" };
  table.reserve([renamed], 0);
  assert.deepEqual(table.reservedByPublicKey("alice@203.0.113.5"), [renamed]);
});

Deno.test("BindingTable.apply() ends the reservation of the phone it binds", () => {
  const table = tableWith();
  table.reserve([ALICE, SECOND], 0);
  table.apply({ kind: "bind", binding: ALICE });
  assert.deepEqual(table.reservedByAddressOfRecord("alice@192.0.2.10"), [SECOND]);
});

Deno.test("BindingTable.apply() ends the reservation that the same phone has under another id", () => {
  const table = tableWith();
  const twin = { ...ALICE, bindingId: "a2", publicUri: "sip:alice@192.0.2.1;spx=00000001" };
  const other = { ...twin, bindingId: "a3", contactUri: "sip:alice@10.0.0.77:5062" };
  table.reserve([twin, other], 0);
  table.apply({ kind: "bind", binding: ALICE });
  assert.deepEqual(table.reservedByAddressOfRecord("alice@192.0.2.10"), [other]);
});
