import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import { ALICE, bindingOf } from "../../tests/support/registrations.ts";
import { bindingKeys, publicKeyOf } from "./binding_keys.ts";
import type { Binding } from "./binding.ts";

Deno.test("bindingKeys() names a phone by its address of record, public URI, user and address", () => {
  assert.deepEqual(bindingKeys(ALICE), {
    addressOfRecord: "alice@192.0.2.10",
    publicKey: "alice@192.0.2.1",
    users: ["alice"],
    addresses: ["10.0.0.10"],
  });
});

Deno.test("publicKeyOf() counts neither parameters nor the default port", () => {
  assert.equal(publicKeyOf("sip:alice@192.0.2.1:5060;transport=tcp;spx=00ab"), "alice@192.0.2.1");
  assert.equal(publicKeyOf("sip:alice@192.0.2.1:5099"), "alice@192.0.2.1:5099");
  assert.equal(publicKeyOf("no uri"), "no uri");
});

Deno.test("bindingKeys() keeps the user in one spelling, and both where they differ", () => {
  const binding = bindingOf("x", {
    addressOfRecordUri: "sip:%61lice@p.example",
    publicUri: "sip:other@192.0.2.1",
  });
  assert.deepEqual(bindingKeys(binding).users, ["alice", "other"]);
});

const ADDRESSES: readonly (readonly [title: string, Partial<Binding>, readonly string[]])[] = [
  ["the source and the target", { target: peer("10.0.0.11:5060") }, [
    "10.0.0.10",
    "10.0.0.11",
  ]],
  ["a private Contact behind another proxy", { contactUri: "sip:a@10.9.9.9" }, [
    "10.0.0.10",
    "10.9.9.9",
  ]],
  ["no public host of a Contact", { contactUri: "sip:a@198.51.100.5" }, ["10.0.0.10"]],
  ["no loopback of a Contact", { contactUri: "sip:a@127.0.0.1" }, ["10.0.0.10"]],
  ["no name of a Contact", { contactUri: "sip:a@phone.local" }, ["10.0.0.10"]],
  ["not the registrar's address", {
    contactUri: "sip:a@10.9.9.9",
    registrar: peer("10.9.9.9:5060"),
  }, ["10.0.0.10"]],
];

for (const [title, overrides, addresses] of ADDRESSES) {
  Deno.test(`bindingKeys() finds a phone by ${title}`, () => {
    assert.deepEqual(bindingKeys(bindingOf("x", overrides)).addresses, addresses);
  });
}
