import assert from "node:assert/strict";
import { ip, peer } from "../../tests/support/address.ts";
import { parseHostsFile } from "./hosts_file.ts";
import type { HostAnswer, HostQuery, RouteTarget } from "./host_query.ts";
import { HostTable } from "./host_table.ts";
import type { Located } from "./locate.ts";

const QUERY: HostQuery = {
  host: "sip.example.com",
  port: undefined,
  transport: undefined,
  method: "locate",
};

function servers(equals: number, ...texts: readonly [string, ...string[]]): Located {
  const [first, ...others] = texts;
  return { kind: "servers", targets: [target(first), ...others.map(target)], equals };
}

function target(text: string): RouteTarget {
  return { peer: peer(text), transport: "udp" };
}

function order(answer: HostAnswer): readonly string[] | string {
  if (answer.kind !== "targets") return answer.kind;
  return answer.targets.map(({ peer: { address, port } }) => `${address}:${port}`);
}

const A = "192.0.2.1:5060";
const B = "192.0.2.2:5060";
const C = "192.0.2.3:5060";

const LITERALS: readonly (readonly [host: string, port: number | undefined, text: string])[] = [
  ["192.0.2.7", undefined, "192.0.2.7:5060"],
  ["192.0.2.7", 5099, "192.0.2.7:5099"],
  ["[2001:DB8::1]", 5062, "2001:db8::1:5062"],
  ["::ffff:10.0.0.1", undefined, "10.0.0.1:5060"],
];

for (const [host, port, text] of LITERALS) {
  Deno.test(`HostTable.lookUp() answers the literal ${host} port ${port} at once`, () => {
    const answer = new HostTable().lookUp({ ...QUERY, host, port, transport: "tcp" }, 0);
    assert.deepEqual(order(answer), [text]);
    assert.equal(answer.kind === "targets" && answer.targets[0].transport, "tcp");
  });
}

Deno.test("HostTable.lookUp() answers names of the hosts file at once, whatever the method", () => {
  const table = new HostTable({ hosts: parseHostsFile("192.168.1.5 PBX\n192.168.1.6 pbx\n") });
  assert.deepEqual(order(table.lookUp({ ...QUERY, host: "Pbx" }, 0)), [
    "192.168.1.5:5060",
    "192.168.1.6:5060",
  ]);
  assert.deepEqual(order(table.lookUp({ ...QUERY, host: "localhost", port: 5070 }, 0)), [
    "127.0.0.1:5070",
  ]);
});

Deno.test("HostTable.lookUp() refuses what can be no name, and keeps nothing of it", () => {
  const table = new HostTable();
  assert.deepEqual(table.lookUp({ ...QUERY, host: "a b" }, 0), {
    kind: "failed",
    reason: "not a host name",
  });
  table.storeFailure({ ...QUERY, host: "a b" }, { reason: "x", nowMs: 0 });
  table.store({ ...QUERY, host: "a b" }, { located: servers(1, A), nowMs: 0 });
  assert.equal(table.size, 0);
});

Deno.test("HostTable.lookUp() serves a good answer for 60 s, names in any case", () => {
  const table = new HostTable();
  assert.equal(order(table.lookUp(QUERY, 0)), "unknown");
  table.store(QUERY, { located: servers(1, A, B), nowMs: 0 });
  assert.deepEqual(order(table.lookUp({ ...QUERY, host: "SIP.Example.COM." }, 59_999)), [A, B]);
  assert.equal(order(table.lookUp(QUERY, 60_000)), "unknown");
});

Deno.test("HostTable.lookUp() keeps addresses once for all ports and transports", () => {
  const table = new HostTable();
  const located: Located = { kind: "addresses", addresses: [ip("192.0.2.1"), ip("192.0.2.2")] };
  table.store({ ...QUERY, port: 5070 }, { located, nowMs: 0 });
  const other = table.lookUp({ ...QUERY, port: 5080, transport: "tcp" }, 1);
  assert.deepEqual(order(other), ["192.0.2.1:5080", "192.0.2.2:5080"]);
  assert.deepEqual(order(table.lookUp({ ...QUERY, method: "address" }, 1)), [A, B]);
  assert.equal(order(table.lookUp(QUERY, 1)), "unknown");
  assert.equal(table.size, 1);
});

Deno.test("HostTable.lookUp() keeps what SRV says about each transport apart", () => {
  const table = new HostTable();
  table.store({ ...QUERY, transport: "tcp" }, { located: servers(1, A), nowMs: 0 });
  assert.equal(order(table.lookUp({ ...QUERY, transport: "udp" }, 1)), "unknown");
});

Deno.test("HostTable.storeFailure() rests a name, twice as long each time, ten minutes at most", () => {
  const table = new HostTable();
  const rests: number[] = [];
  for (let failure = 0, nowMs = 0; failure < 9; failure++) {
    table.storeFailure(QUERY, { reason: "no address found", nowMs });
    let rest = 0;
    while (table.lookUp(QUERY, nowMs + rest).kind === "failed") rest += 1000;
    rests.push(rest / 1000);
    nowMs += rest;
  }
  assert.deepEqual(rests, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
  assert.deepEqual(table.lookUp(QUERY, 1e9).kind, "unknown");
});

Deno.test("HostTable.lookUp() gives the reason of a failure", () => {
  const table = new HostTable();
  table.storeFailure(QUERY, { reason: "no answer from the name server", nowMs: 0 });
  assert.deepEqual(table.lookUp(QUERY, 1), {
    kind: "failed",
    reason: "no answer from the name server",
  });
});

Deno.test("HostTable serves an old answer while the name server is out of order, for an hour", () => {
  const table = new HostTable();
  table.store(QUERY, { located: servers(1, A), nowMs: 0 });
  table.storeFailure(QUERY, { reason: "down", nowMs: 61_000 });
  assert.deepEqual(order(table.lookUp(QUERY, 61_001)), [A]);
  assert.equal(order(table.lookUp(QUERY, 66_000)), "unknown");
  table.storeFailure(QUERY, { reason: "down", nowMs: 66_000 });
  assert.deepEqual(order(table.lookUp(QUERY, 75_999)), [A]);
  table.storeFailure(QUERY, { reason: "down", nowMs: 3_660_000 });
  assert.equal(order(table.lookUp(QUERY, 3_660_001)), "failed");
});

Deno.test("HostTable.storeFailure() takes nothing away from a fresh answer", () => {
  const table = new HostTable();
  table.store(QUERY, { located: servers(1, A), nowMs: 0 });
  table.storeFailure(QUERY, { reason: "late", nowMs: 10 });
  assert.deepEqual(order(table.lookUp(QUERY, 59_000)), [A]);
});

Deno.test("HostTable.store() forgets earlier failures", () => {
  const table = new HostTable();
  for (let failure = 0; failure < 5; failure++) {
    table.storeFailure(QUERY, { reason: "down", nowMs: failure * 1_000_000 });
  }
  table.store(QUERY, { located: servers(1, A), nowMs: 5_000_000 });
  table.storeFailure(QUERY, { reason: "down", nowMs: 9_000_000 });
  assert.equal(order(table.lookUp(QUERY, 9_004_999)), "failed");
  assert.equal(order(table.lookUp(QUERY, 9_005_000)), "unknown");
});

Deno.test("HostTable.store() keeps the server in use first among equals only", () => {
  const table = new HostTable();
  table.store(QUERY, { located: servers(2, A, B, C), nowMs: 0 });
  table.store(QUERY, { located: servers(2, B, A, C), nowMs: 60_000 });
  assert.deepEqual(order(table.lookUp(QUERY, 60_001)), [A, B, C]);
  table.store(QUERY, { located: servers(1, B, A), nowMs: 120_000 });
  assert.deepEqual(order(table.lookUp(QUERY, 120_001)), [B, A]);
  table.store(QUERY, { located: servers(1, C), nowMs: 180_000 });
  assert.deepEqual(order(table.lookUp(QUERY, 180_001)), [C]);
});

Deno.test("HostTable.store() keeps the address in use first while a round robin turns", () => {
  const table = new HostTable();
  const query: HostQuery = { ...QUERY, port: 5060 };
  table.store(query, {
    located: { kind: "addresses", addresses: [ip("192.0.2.1"), ip("192.0.2.2")] },
    nowMs: 0,
  });
  table.store(query, {
    located: { kind: "addresses", addresses: [ip("192.0.2.2"), ip("192.0.2.1")] },
    nowMs: 1,
  });
  assert.deepEqual(order(table.lookUp(query, 2)), [A, B]);
  table.store(query, { located: { kind: "addresses", addresses: [ip("192.0.2.2")] }, nowMs: 3 });
  assert.deepEqual(order(table.lookUp(query, 4)), [B]);
});

Deno.test("HostTable.markDead() puts a server behind the others until its rest is over", () => {
  const table = new HostTable();
  table.store(QUERY, { located: servers(1, A, B, C), nowMs: 0 });
  table.markDead(peer(A), 0);
  assert.deepEqual(order(table.lookUp(QUERY, 1)), [B, C, A]);
  assert.equal(table.isResting(peer(A), 1), true);
  assert.deepEqual(order(table.lookUp(QUERY, 30_000)), [A, B, C]);
  table.markDead(peer(A), 30_000);
  table.markAlive(peer(A));
  assert.deepEqual(order(table.lookUp(QUERY, 30_001)), [A, B, C]);
});

Deno.test("HostTable.markDead() leaves the order when all servers rest", () => {
  const table = new HostTable();
  table.store(QUERY, { located: servers(1, A, B), nowMs: 0 });
  for (const text of [A, B]) table.markDead(peer(text), 0);
  assert.deepEqual(order(table.lookUp(QUERY, 1)), [A, B]);
});

Deno.test("HostTable holds 1,024 names; failed ones go first, then the one unused for longest", () => {
  const table = new HostTable();
  const named = (index: number): HostQuery => ({ ...QUERY, host: `h${index}.example.com` });
  for (let index = 0; index < 1000; index++) {
    table.store(named(index), { located: servers(1, A), nowMs: 0 });
  }
  for (let index = 1000; index < 3000; index++) {
    table.storeFailure(named(index), { reason: "no address found", nowMs: 0 });
  }
  assert.equal(table.size, 1024);
  assert.deepEqual(order(table.lookUp(named(0), 1)), [A]);
  assert.equal(order(table.lookUp(named(1000), 1)), "unknown");
  assert.equal(order(table.lookUp(named(2999), 1)), "failed");
  for (let index = 3000; index < 3025; index++) {
    table.store(named(index), { located: servers(1, A), nowMs: 1 });
  }
  assert.equal(table.size, 1024);
  assert.deepEqual(order(table.lookUp(named(0), 2)), [A]);
  assert.equal(order(table.lookUp(named(1), 2)), "unknown");
});
