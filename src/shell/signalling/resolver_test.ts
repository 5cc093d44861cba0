import assert from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { DnsServer } from "../../../tests/support/dns_server.ts";
import type { DnsAnswer, DnsQuestion } from "../../dns/dns_record.ts";
import { questionKey } from "../../dns/dns_record.ts";
import type { HostQuery } from "../../dns/host_query.ts";
import { HostTable } from "../../dns/host_table.ts";
import { askNameServer } from "./ask_name_server.ts";
import { Resolver, type ResolverOptions } from "./resolver.ts";

const QUERY: HostQuery = { host: "a.test", port: 5060, transport: undefined, method: "address" };

interface Asked {
  readonly question: DnsQuestion;
  readonly answer: (records: readonly string[]) => void;
}

/** A name server that answers when the test says so, and never on its own. */
interface Rig {
  readonly table: HostTable;
  readonly resolver: Resolver;
  readonly asked: Asked[];
  readonly failures: string[];
  readonly answer: (key: string, records: readonly string[]) => void;
}

function makeRig(overrides: Partial<ResolverOptions> = {}): Rig {
  const table = new HostTable();
  const asked: Asked[] = [];
  const failures: string[] = [];
  const resolver = new Resolver({
    table,
    nowMs: () => 0,
    random: () => 0,
    families: () => [4],
    ask: (question, signal) => {
      const { promise, resolve } = Promise.withResolvers<DnsAnswer>();
      const answer = (records: readonly string[]) => resolve(answerOf(question, records));
      signal.addEventListener("abort", () => answer([]), { once: true });
      asked.push({ question, answer });
      return promise;
    },
    onFailure: (query, reason) => failures.push(`${query.host}: ${reason}`),
    ...overrides,
  });
  const answer = (key: string, records: readonly string[]) => {
    for (const one of asked) if (questionKey(one.question) === key) one.answer(records);
  };
  return { table, resolver, asked, failures, answer };
}

function answerOf({ type }: DnsQuestion, records: readonly string[]): DnsAnswer {
  switch (type) {
    case "NAPTR":
    case "SRV":
      return { type, records: [] };
    default:
      return { type, records };
  }
}

function addresses(table: HostTable, query: HostQuery = QUERY): readonly string[] | string {
  const answer = table.lookUp(query, 1);
  if (answer.kind === "failed") return answer.reason;
  return answer.kind === "unknown" ? "unknown" : answer.targets.map(({ peer }) => peer.address);
}

/** Lets time pass, and then all that promises have to do. */
async function advance(time: FakeTime, durationMs: number): Promise<void> {
  time.tick(durationMs);
  for (let turn = 0; turn < 4; turn++) await time.runMicrotasks();
}

Deno.test("Resolver.resolve() fills the table", async () => {
  const { resolver, table, answer, asked } = makeRig();
  const done = resolver.resolve(QUERY);
  assert.equal(resolver.size, 1);
  answer("A a.test", ["192.0.2.1", "192.0.2.2"]);
  await done;
  assert.deepEqual(addresses(table), ["192.0.2.1", "192.0.2.2"]);
  assert.equal(asked.length, 1);
  assert.equal(resolver.size, 0);
});

Deno.test("Resolver.resolve() remembers a failure with its reason", async () => {
  const { resolver, table, answer, failures } = makeRig();
  const done = resolver.resolve(QUERY);
  answer("A a.test", []);
  await done;
  assert.equal(addresses(table), "no address found");
  assert.deepEqual(failures, ["a.test: no address found"]);
});

Deno.test("Resolver.resolve() asks once for callers that want the same", async () => {
  const { resolver, asked, answer } = makeRig();
  const callers = [resolver.resolve(QUERY), resolver.resolve({ ...QUERY, host: "A.TEST" })];
  assert.equal(asked.length, 1);
  answer("A a.test", ["192.0.2.1"]);
  await Promise.all(callers);
});

Deno.test("Resolver.resolve() lets nobody wait for somebody else's name", async () => {
  const { resolver, table, answer } = makeRig();
  const slow = resolver.resolve({ ...QUERY, host: "slow.test" });
  const quick = resolver.resolve(QUERY);
  answer("A a.test", ["192.0.2.1"]);
  await quick;
  assert.deepEqual(addresses(table), ["192.0.2.1"]);
  assert.equal(resolver.size, 1);
  resolver.close();
  await slow;
  assert.equal(resolver.size, 0);
});

Deno.test("Resolver.resolve() lets its callers go after five seconds; a later answer fills the table", async () => {
  using time = new FakeTime();
  const { resolver, table, answer, failures } = makeRig();
  let isDone = false;
  resolver.resolve(QUERY).then(() => isDone = true);
  await advance(time, 4_999);
  assert.equal(isDone, false);
  await advance(time, 1);
  assert.equal(isDone, true);
  assert.equal(addresses(table), "no answer from the name server");
  await advance(time, 3_000);
  answer("A a.test", ["192.0.2.8"]);
  await advance(time, 0);
  assert.deepEqual(addresses(table), ["192.0.2.8"]);
  assert.deepEqual(failures, ["a.test: no answer from the name server"]);
  assert.equal(resolver.size, 0);
});

Deno.test("Resolver.resolve() gives up a look-up that is never answered, after thirty seconds", async () => {
  using time = new FakeTime();
  const { resolver, failures } = makeRig();
  resolver.resolve(QUERY);
  await advance(time, 29_999);
  assert.equal(resolver.size, 1);
  await advance(time, 1);
  assert.equal(resolver.size, 0);
  assert.deepEqual(failures, ["a.test: no answer from the name server"]);
});

Deno.test("Resolver.resolve() answers from the table, not by a second question, while an answer is overdue", async () => {
  using time = new FakeTime();
  let nowMs = 0;
  const { resolver, asked, table, failures } = makeRig({ nowMs: () => nowMs });
  resolver.resolve(QUERY);
  await advance(time, 6_000);
  nowMs = 10_000;
  assert.equal(table.lookUp(QUERY, nowMs).kind, "unknown");
  let isDone = false;
  resolver.resolve(QUERY).then(() => isDone = true);
  await advance(time, 0);
  assert.deepEqual([isDone, asked.length, failures.length], [true, 1, 1]);
  assert.equal(table.lookUp(QUERY, nowMs).kind, "failed");
  resolver.close();
});

Deno.test("Resolver.resolve() ends the oldest of 128 look-ups for one more", async () => {
  const { resolver, table, failures, answer } = makeRig();
  const named = (index: number): HostQuery => ({ ...QUERY, host: `h${index}.test` });
  const first = resolver.resolve(named(0));
  for (let index = 1; index < 128; index++) resolver.resolve(named(index));
  assert.equal(resolver.size, 128);
  const last = resolver.resolve(named(128));
  assert.equal(resolver.size, 128);
  await first;
  assert.deepEqual(failures, ["h0.test: too many look-ups"]);
  answer("A h128.test", ["192.0.2.1"]);
  await last;
  assert.deepEqual(addresses(table, named(128)), ["192.0.2.1"]);
  resolver.close();
});

Deno.test("Resolver.resolve() does not wait for NAPTR and AAAA when all else is answered", async () => {
  using time = new FakeTime();
  const { resolver, table, answer } = makeRig({ families: () => [4, 6] });
  const query: HostQuery = { ...QUERY, port: undefined, method: "locate" };
  resolver.resolve(query);
  answer("SRV _sip._udp.a.test", []);
  answer("SRV _sip._tcp.a.test", []);
  answer("A a.test", ["192.0.2.1"]);
  await advance(time, 0);
  assert.equal(addresses(table, query), "unknown");
  await advance(time, 499);
  assert.equal(addresses(table, query), "unknown");
  await advance(time, 1);
  assert.deepEqual(addresses(table, query), ["192.0.2.1"]);
});

Deno.test("Resolver.resolve() waits for AAAA where it asks for IPv6 alone", async () => {
  using time = new FakeTime();
  const { resolver, table, answer } = makeRig({ families: () => [6] });
  resolver.resolve(QUERY);
  await advance(time, 2_000);
  assert.equal(addresses(table), "unknown");
  answer("AAAA a.test", ["2001:db8::1"]);
  await advance(time, 0);
  assert.deepEqual(addresses(table), ["2001:db8::1"]);
});

Deno.test("Resolver.resolve() fails at once on what is no name", async () => {
  const { resolver, asked, failures } = makeRig();
  await resolver.resolve({ ...QUERY, host: "a b" });
  assert.equal(asked.length, 0);
  assert.deepEqual(failures, ["a b: not a host name"]);
});

Deno.test("Resolver.resolve() follows NAPTR, SRV and addresses of a real name server", async () => {
  await using server = new DnsServer({
    "NAPTR provider.test": [{
      order: 1,
      preference: 1,
      flags: "s",
      services: "SIP+D2U",
      replacement: "_sip._udp.pool.test",
    }],
    "SRV _sip._udp.pool.test": [
      { priority: 20, weight: 0, port: 5080, target: "spare.test" },
      { priority: 10, weight: 0, port: 5070, target: "main.test" },
    ],
    "A main.test": ["192.0.2.10"],
    "A spare.test": ["192.0.2.20"],
  });
  const table = new HostTable();
  const resolver = new Resolver({
    table,
    nowMs: () => 0,
    random: () => 0,
    ask: askNameServer(server.nameServer),
  });
  const query: HostQuery = { ...QUERY, host: "provider.test", port: undefined, method: "locate" };
  await resolver.resolve(query);
  assert.deepEqual(table.lookUp(query, 1), {
    kind: "targets",
    targets: [
      { peer: { address: "192.0.2.10", port: 5070 }, transport: "udp" },
      { peer: { address: "192.0.2.20", port: 5080 }, transport: "udp" },
    ],
  });
});

Deno.test("Resolver.resolve() is not held up by a silent name of a real name server", async () => {
  await using server = new DnsServer(
    { "A quick.test": ["192.0.2.1"] },
    (question) => question === "A slow.test" ? "silent" : 0,
  );
  const table = new HostTable();
  const ask = askNameServer(server.nameServer);
  const resolver = new Resolver({ table, nowMs: () => 0, random: () => 0, ask, timeoutMs: 60 });
  const slow: HostQuery = { ...QUERY, host: "slow.test" };
  const slowDone = resolver.resolve(slow);
  await resolver.resolve({ ...QUERY, host: "quick.test" });
  assert.equal(table.lookUp(slow, 1).kind, "unknown");
  await slowDone;
  assert.equal(addresses(table, slow), "no answer from the name server");
  resolver.close();
});

Deno.test("Resolver.resolve() fills the table with a late answer of a real name server", async () => {
  await using server = new DnsServer({ "A late.test": ["192.0.2.7"] }, () => 200);
  const table = new HostTable();
  const stored = Promise.withResolvers<void>();
  const ask = askNameServer(server.nameServer);
  const resolver = new Resolver({
    table,
    nowMs: () => 0,
    random: () => 0,
    families: () => [4],
    timeoutMs: 20,
    ask: async (question, signal) => {
      const answer = await ask(question, signal);
      queueMicrotask(() => setTimeout(stored.resolve));
      return answer;
    },
  });
  const late: HostQuery = { ...QUERY, host: "late.test" };
  await resolver.resolve(late);
  assert.equal(addresses(table, late), "no answer from the name server");
  await stored.promise;
  assert.deepEqual(addresses(table, late), ["192.0.2.7"]);
});
