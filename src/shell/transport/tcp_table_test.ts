import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ip, peer } from "../../../tests/support/address.ts";
import { FakeStream } from "../../../tests/support/fake_stream.ts";
import { TcpConnection } from "./tcp_connection.ts";
import { TcpTable } from "./tcp_table.ts";
import { WriteBudget } from "./write_budget.ts";

const LISTEN_POINT = {
  side: "lan",
  transport: "tcp",
  local: { address: ip("10.0.0.1"), port: 5060 },
} as const;

function connection(id: number, place: string, nowMs = 0): TcpConnection {
  return made({ id, place, nowMs, side: "lan" });
}

function fromOutside(id: number, place: string): TcpConnection {
  return made({ id, place, nowMs: 0, side: "wan" });
}

function made(
  { id, place, nowMs, side }: { id: number; place: string; nowMs: number; side: "lan" | "wan" },
): TcpConnection {
  return new TcpConnection({
    id,
    stream: new FakeStream(),
    peer: peer(place),
    listenPoint: { ...LISTEN_POINT, side },
    now: () => nowMs,
    budget: new WriteBudget(),
    events: { onMessage: () => {}, onClosed: () => {} },
  });
}

Deno.test("TcpTable finds connections by number and by peer, the newest of a peer first", () => {
  const table = new TcpTable();
  const [old, young] = [connection(1, "10.0.0.10:1"), connection(2, "10.0.0.10:1")];
  table.add(old);
  table.add(young);
  deepStrictEqual([table.get(1), table.to(peer("10.0.0.10:1")), table.size], [old, young, 2]);
  table.remove(old);
  deepStrictEqual([table.get(1), table.to(peer("10.0.0.10:1"))], [undefined, young]);
  table.remove(young);
  table.remove(young);
  deepStrictEqual([table.to(peer("10.0.0.10:1")), table.size, table.all()], [undefined, 0, []]);
});

Deno.test("TcpTable counts the connections of each address", () => {
  const table = new TcpTable({ maxConnections: 3, maxConnectionsPerSource: 2 });
  const first = connection(1, "10.0.0.10:1");
  table.add(first);
  const seen = [table.isSourceFull(ip("10.0.0.10"), "lan")];
  table.add(connection(2, "10.0.0.10:2"));
  table.add(connection(3, "10.0.0.11:1"));
  seen.push(
    table.isSourceFull(ip("10.0.0.10"), "lan"),
    table.isSourceFull(ip("10.0.0.11"), "lan"),
    table.isFull,
  );
  table.remove(first);
  seen.push(table.isSourceFull(ip("10.0.0.10"), "lan"), table.isFull);
  deepStrictEqual(seen, [false, true, false, true, false, false]);
});

Deno.test("TcpTable counts an IPv6 network outside as one address, and each phone inside", () => {
  const table = new TcpTable({ maxConnections: 9, maxConnectionsPerSource: 2 });
  const outside = [1, 2].map((id) => fromOutside(id, `[2001:db8:1:2::${id}]:5060`));
  for (const one of outside) table.add(one);
  for (const id of [3, 4]) table.add(connection(id, `[fd00::${id}]:5060`));
  const full = () => [
    table.isSourceFull(ip("2001:db8:1:2::9"), "wan"),
    table.isSourceFull(ip("2001:db8:1:3::1"), "wan"),
    table.isSourceFull(ip("fd00::5"), "lan"),
  ];
  deepStrictEqual(full(), [true, false, false]);
  for (const one of outside) table.remove(one);
  deepStrictEqual(full(), [false, false, false]);
});

Deno.test("TcpTable.victim() is the longest idle that is not kept", () => {
  const table = new TcpTable();
  for (const [id, nowMs] of [[1, 30], [2, 10], [3, 20]] as const) {
    table.add(connection(id, `10.0.0.1${id}:1`, nowMs));
  }
  const without = (...kept: readonly string[]) =>
    table.victim(({ address }) => kept.includes(address))?.id;
  deepStrictEqual(
    [without(), without("10.0.0.12"), without("10.0.0.12", "10.0.0.13")],
    [2, 3, 1],
  );
  strictEqual(table.victim(() => true), undefined);
});
