import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeNft } from "../../../tests/support/fake_nft.ts";
import { NftHost, type NftTenant } from "./nft_host.ts";

/** A tenant that makes one table and notes what it is told. */
function tenant(name: string, told: string[] = []): NftTenant {
  return {
    fill: (child) => child.send(`table ${name}`),
    onAgain: () => told.push(`${name} again`),
    onLost: () => told.push(`${name} lost`),
  };
}

function host(...processes: readonly FakeNft[]) {
  const waiting = [...processes];
  const again = Promise.withResolvers<void>();
  const made = new NftHost({
    spawn: () => (waiting.shift() ?? new FakeNft()).spawn(),
    onLog: ({ event }) => event === "firewall.again" && again.resolve(),
    backOffMs: [1],
  });
  return { host: made, again: again.promise };
}

Deno.test("NftHost.add() starts one nft for all", async () => {
  const nft = new FakeNft();
  const { host: one } = host(nft);
  const [a, b] = [tenant("a"), tenant("b")];
  deepStrictEqual((await one.add(a)).ok, true);
  deepStrictEqual((await one.add(b)).ok, true);
  strictEqual(one.child === undefined, false);
  await one.remove(tenant("stranger"), ["delete table x"]);
  deepStrictEqual(nft.lines, ["table a", "table b"]);
  await one.remove(a, []);
  await one.remove(b, []);
});

Deno.test("NftHost.remove() drops a table, and nft with the last one", async () => {
  const nft = new FakeNft();
  const { host: one } = host(nft);
  const [a, b] = [tenant("a"), tenant("b")];
  await one.add(a);
  await one.add(b);
  await one.remove(a, ["delete table a"]);
  strictEqual(one.child === undefined, false);
  await one.remove(b, ["delete table b"]);
  await one.remove(b, ["delete table b"]);
  strictEqual(one.child, undefined);
  deepStrictEqual(nft.lines, ["table a", "table b", "delete table a"]);
});

Deno.test("NftHost.add() of a table that cannot be made leaves the others", async () => {
  const nft = new FakeNft((line) =>
    line === "table b" ? { kind: "complain", text: "Error: too old" } : { kind: "obey" }
  );
  const { host: one } = host(nft);
  const a = tenant("a");
  await one.add(a);
  deepStrictEqual(await one.add(tenant("b")), { ok: false, error: "Error: too old" });
  strictEqual(one.child === undefined, false);
  await one.remove(a, []);
  strictEqual(one.child, undefined);
});

Deno.test("NftHost.add() of the first table that cannot be made can be tried again", async () => {
  const refusing = new FakeNft(() => ({ kind: "complain", text: "Error: not now" }));
  const { host: one } = host(refusing, new FakeNft());
  const a = tenant("a");
  strictEqual((await one.add(a)).ok, false);
  strictEqual((await one.add(a)).ok, true);
  await one.remove(a, []);
});

Deno.test("NftHost makes all tables in a new nft, and tells everybody of both", async () => {
  const [first, second] = [new FakeNft(), new FakeNft()];
  const { host: one, again } = host(first, second);
  const told: string[] = [];
  const [a, b] = [tenant("a", told), tenant("b", told)];
  await one.add(a);
  await one.add(b);
  first.end();
  await again;
  await Promise.resolve();
  deepStrictEqual(told, ["a lost", "b lost", "a again", "b again"]);
  deepStrictEqual(second.lines, ["table a", "table b"]);
  await one.remove(a, []);
  await one.remove(b, []);
});
