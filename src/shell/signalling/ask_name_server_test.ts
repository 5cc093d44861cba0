import assert from "node:assert/strict";
import { DnsServer } from "../../../tests/support/dns_server.ts";
import type { DnsRecordType } from "../../dns/dns_record.ts";
import { askNameServer } from "./ask_name_server.ts";

const SRV = { priority: 10, weight: 5, port: 5070, target: "sip1.example.test" };
const NAPTR = {
  order: 1,
  preference: 2,
  flags: "s",
  services: "SIP+D2U",
  replacement: "_sip._udp.example.test",
};
const ZONE = {
  "A example.test": ["192.0.2.1", "192.0.2.2"],
  "AAAA example.test": ["2001:db8:0:0:0:0:0:1"],
  "SRV _sip._udp.example.test": [SRV],
  "NAPTR example.test": [NAPTR],
};

const QUESTIONS:
  readonly (readonly [type: DnsRecordType, name: string, answer: readonly unknown[]])[] = [
    ["A", "example.test", ["192.0.2.1", "192.0.2.2"]],
    ["AAAA", "example.test", ["2001:db8::1"]],
    ["SRV", "_sip._udp.example.test", [{ ...SRV, target: "sip1.example.test." }]],
    ["NAPTR", "example.test", [{ ...NAPTR, regexp: "", replacement: "_sip._udp.example.test." }]],
    ["A", "nobody.test", []],
  ];

for (const [type, name, records] of QUESTIONS) {
  Deno.test(`askNameServer() asks ${type} ${name} of a real name server`, async () => {
    await using server = new DnsServer(ZONE);
    const ask = askNameServer(server.nameServer);
    const answer = await ask({ type, name }, AbortSignal.timeout(5_000));
    assert.equal(answer.type, type);
    assert.deepEqual(
      answer.records.map((record) => typeof record === "string" ? record : { ...record }),
      records,
    );
  });
}

Deno.test("askNameServer() takes a server that fails for an answer without records", async () => {
  await using server = new DnsServer(ZONE, () => "servfail");
  const ask = askNameServer(server.nameServer);
  const answer = await ask({ type: "A", name: "example.test" }, AbortSignal.timeout(5_000));
  assert.deepEqual(answer, { type: "A", records: [] });
});

Deno.test("askNameServer() ends at the signal, before it and during it", async () => {
  await using server = new DnsServer(ZONE, () => "silent");
  const ask = askNameServer(server.nameServer);
  const during = new AbortController();
  const answer = ask({ type: "SRV", name: "example.test" }, during.signal);
  during.abort();
  assert.deepEqual(await answer, { type: "SRV", records: [] });
  assert.deepEqual(await ask({ type: "A", name: "example.test" }, AbortSignal.abort()), {
    type: "A",
    records: [],
  });
});

Deno.test("askNameServer() finds localhost without a name server", async () => {
  const answer = await askNameServer()(
    { type: "A", name: "localhost" },
    AbortSignal.timeout(5_000),
  );
  assert.deepEqual(answer, { type: "A", records: ["127.0.0.1"] });
});
