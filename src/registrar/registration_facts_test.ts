import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import { ALICE, bindingOf } from "../../tests/support/registrations.ts";
import { formatFacts, parseFacts, recordCheck } from "./registration_facts.ts";

Deno.test("formatFacts() writes what the record format has no place for", () => {
  assert.equal(
    formatFacts(ALICE),
    "id=a1 transport=udp source=10.0.0.10:5062 target=10.0.0.10:5062 call=call-a cseq=1 " +
      "registrar=192.0.2.10:5070",
  );
});

Deno.test("parseFacts() reads what formatFacts() writes, odd characters included", () => {
  const binding = bindingOf("id with %20 and = and \u00e9", {
    transport: "tcp",
    source: peer("2001:db8::1:40000"),
    target: peer("2001:db8::1:5060"),
    instanceId: "<urn:uuid:0001 x>",
    registerCallId: "a=b\tc%d\r\ne@10.0.0.10",
    registerCseq: 2147483647,
    registrar: undefined,
  });
  const line = formatFacts(binding);
  assert.doesNotMatch(line, /[\r\n\t\u0080-\u00ff]/);
  assert.deepEqual(parseFacts(line.split(" ")), {
    bindingId: binding.bindingId,
    transport: "tcp",
    source: { address: "2001:db8::1", port: 40000 },
    target: { address: "2001:db8::1", port: 5060 },
    instanceId: binding.instanceId,
    registerCallId: binding.registerCallId,
    registerCseq: 2147483647,
  });
});

Deno.test("parseFacts() passes over what is unknown or malformed", () => {
  const words = [
    "id=",
    "transport=sctp",
    "source=10.0.0.1",
    "target=10.0.0.1:0",
    "cseq=-1",
    "new=x",
    "registrar=host:5060",
    "",
    "=",
    "source",
    "call=ok",
  ];
  assert.deepEqual(parseFacts(words), { registerCallId: "ok" });
});

Deno.test("recordCheck() differs with every line of the record", () => {
  const checks = [
    ALICE,
    { ...ALICE, contactUri: "sip:alice@10.0.0.10:5063" },
    { ...ALICE, publicUri: "sip:alice@192.0.2.2" },
    { ...ALICE, addressOfRecordUri: "sip:alice@192.0.2.11" },
    // The same characters, in other lines.
    { contactUri: "a", publicUri: "bc", addressOfRecordUri: "d" },
    { contactUri: "ab", publicUri: "c", addressOfRecordUri: "d" },
  ].map(recordCheck);
  assert.equal(new Set(checks).size, 6);
  for (const check of checks) assert.match(check, /^[0-9a-f]{16}$/);
});

Deno.test("recordCheck() tells 20,000 like records apart", () => {
  const checks = new Set<string>();
  for (let number = 0; number < 20_000; number++) {
    checks.add(recordCheck({ ...ALICE, contactUri: `sip:u${number}@10.0.0.10` }));
  }
  assert.equal(checks.size, 20_000);
});
