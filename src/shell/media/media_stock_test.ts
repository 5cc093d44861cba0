import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { ip } from "../../../tests/support/address.ts";
import { ownLoopbackAddress } from "../../../tests/support/media_harness.ts";
import { workerOf } from "../../rtp/media_share.ts";
import type { PortPair } from "../../rtp/relay_command.ts";
import type { MediaPortEvents } from "./media_port.ts";
import type { StockSettings } from "./media_shelf.ts";
import { bindPair } from "./bind_pair.ts";
import { MediaStock } from "./media_stock.ts";

const EVENTS: MediaPortEvents = {
  sendErrors: 0,
  idlePackets: 0,
  nextSignMs: Infinity,
  onSign: () => {},
  onLock: () => {},
  onDelay: () => {},
  onStranger: () => {},
  onFailed: () => {},
};

/** An address of IPv6, and what is bound in its place. */
const WAN6 = ip("2001:db8::1");
const STAND_INS = new Map([[WAN6, ownLoopbackAddress()]]);

/** A stock on addresses of its own, with real sockets and a given clock. */
class Bench implements Disposable {
  readonly stock: MediaStock = new MediaStock({
    events: EVENTS,
    random: () => 0.5,
    // A machine need not have IPv6 to tell whether the stock keeps pairs of both families.
    bind: (address, pool) => bindPair(STAND_INS.get(address) ?? address, pool),
  });
  readonly settings: StockSettings;

  constructor(changes: Partial<StockSettings> = {}) {
    const addresses = { lan: ownLoopbackAddress(), wan: ownLoopbackAddress() };
    this.settings = { addresses, portLow: 17_070, portHigh: 17_169, stockPairs: 2, ...changes };
    this.stock.configure(this.settings, 0);
    this.stock.refill(0);
  }

  /** Ready pairs of a side. */
  ready(side: PortPair["side"]): readonly PortPair[] {
    return this.stock.freePairs().filter((pair) => pair.side === side);
  }

  /** Takes the first pair of each side, as a call does. */
  take(): { readonly lan: PortPair; readonly wan: PortPair } {
    const [lan] = this.ready("lan");
    const [wan] = this.ready("wan");
    if (lan === undefined || wan === undefined) throw new Error("stock is empty");
    const ids = { lanPairId: lan.pairId, wanPairId: wan.pairId };
    notStrictEqual(this.stock.takePairs(ids), undefined);
    return { lan, wan };
  }

  [Symbol.dispose](): void {
    this.stock.close();
  }
}

/** Whether nobody holds a port, asked after the turn in which the system really closes a socket that is being read. */
async function isFree(hostname: string, port: number): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  try {
    Deno.listenDatagram({ transport: "udp", hostname, port }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("MediaStock.takePairs() takes both or neither, and each once", () => {
  using bench = new Bench();
  const [lan] = bench.ready("lan");
  const [wan] = bench.ready("wan");
  const lanPairId = lan?.pairId ?? 0, wanPairId = wan?.pairId ?? 0;
  strictEqual(bench.stock.takePairs({ lanPairId, wanPairId: -1 }), undefined);
  strictEqual(bench.stock.takePairs({ lanPairId: wanPairId, wanPairId: lanPairId }), undefined);
  deepStrictEqual(bench.stock.takePairs({ lanPairId, wanPairId })?.lan.pair, lan);
  strictEqual(bench.stock.takePairs({ lanPairId, wanPairId }), undefined);
});

Deno.test("MediaStock.refill() prefers fresh ports while a used one rests", async () => {
  using bench = new Bench();
  const { lan, wan } = bench.take();
  bench.stock.release(lan.pairId, 1000);
  bench.stock.release(wan.pairId, 1000);
  const added = bench.stock.refill(1001);
  strictEqual(added.length, 2);
  strictEqual(added.some(({ rtpPort }) => rtpPort === lan.rtpPort), false);
  strictEqual(await isFree(lan.address, lan.rtpPort), false);
});

Deno.test("MediaStock.refill() wakes a rested port under a new id", () => {
  using bench = new Bench();
  const { lan } = bench.take();
  bench.stock.release(lan.pairId, 1000);
  const [woken] = bench.stock.refill(31_000).filter(({ side }) => side === "lan");
  strictEqual(woken?.rtpPort, lan.rtpPort);
  notStrictEqual(woken?.pairId, lan.pairId);
});

Deno.test("MediaStock.refill() re-uses a port at once where the range is empty", () => {
  using bench = new Bench({ portHigh: 17_071 });
  const { lan } = bench.take();
  deepStrictEqual(bench.stock.refill(1), []);
  bench.stock.release(lan.pairId, 1000);
  deepStrictEqual(bench.stock.refill(1000).map(({ rtpPort }) => rtpPort), [17_070]);
});

Deno.test("MediaStock.tick() closes what rested too long", async () => {
  using bench = new Bench();
  const { lan } = bench.take();
  bench.stock.release(lan.pairId, 1000);
  bench.stock.tick(60_999);
  strictEqual(await isFree(lan.address, lan.rtpPort), false);
  bench.stock.tick(61_000);
  strictEqual(await isFree(lan.address, lan.rtpPort), true);
});

Deno.test("MediaStock.raise() enlarges the stock until things are calm", () => {
  using bench = new Bench();
  bench.stock.raise(1, 1000);
  bench.stock.refill(1000);
  strictEqual(bench.stock.size("lan"), 4);
  bench.stock.raise(9, 2000);
  bench.stock.refill(2000);
  strictEqual(bench.stock.size("wan"), 9);
  for (let call = 0; call < 8; call++) bench.take();
  bench.stock.tick(12_000);
  strictEqual(bench.stock.refill(12_000).length, 2);
  strictEqual(bench.stock.size("lan"), 2);
});

Deno.test("MediaStock.configure() keeps what still fits", () => {
  using bench = new Bench();
  const before = bench.stock.freePairs();
  deepStrictEqual(bench.stock.configure(bench.settings, 1), []);
  deepStrictEqual(bench.stock.refill(1), []);
  deepStrictEqual(bench.stock.freePairs(), before);
});

Deno.test("MediaStock.configure() retires a lost address, with a moment of grace", async () => {
  using bench = new Bench();
  const [first, second] = bench.ready("wan");
  const [lan] = bench.ready("lan");
  const addresses = { ...bench.settings.addresses, wan: ownLoopbackAddress() };
  const removed = bench.stock.configure({ ...bench.settings, addresses }, 1000);
  deepStrictEqual(removed, [first?.pairId, second?.pairId]);
  const ids = { lanPairId: lan?.pairId ?? 0, wanPairId: first?.pairId ?? 0 };
  deepStrictEqual(bench.stock.takePairs(ids)?.wan.pair, first);
  bench.stock.tick(3000);
  strictEqual(await isFree(second?.address ?? "", second?.rtpPort ?? 0), true);
  strictEqual(await isFree(first?.address ?? "", first?.rtpPort ?? 0), false);
  bench.stock.release(first?.pairId ?? 0, 4000);
  strictEqual(await isFree(first?.address ?? "", first?.rtpPort ?? 0), true);
});

Deno.test("MediaStock.configure() to another range keeps calls and their ports", () => {
  using bench = new Bench({ portHigh: 17_073 });
  const { lan } = bench.take();
  bench.stock.configure({ ...bench.settings, portHigh: 17_079, stockPairs: 9 }, 1000);
  bench.stock.refill(1000);
  const ports = bench.ready("lan").map(({ rtpPort }) => rtpPort);
  strictEqual(ports.includes(lan.rtpPort), false);
  strictEqual(ports.length, 4);
  bench.stock.release(lan.pairId, 1001);
  deepStrictEqual(bench.stock.refill(1001).map(({ rtpPort }) => rtpPort), [lan.rtpPort]);
});

Deno.test("MediaStock.configure() back to a range that went a moment ago has its ports at once, under new ids", () => {
  using bench = new Bench({ portLow: 17_270, portHigh: 17_273 });
  const before = bench.ready("wan").map(({ rtpPort }) => rtpPort).toSorted();
  const ids = bench.stock.freePairs().map(({ pairId }) => pairId);
  bench.stock.configure({ ...bench.settings, portLow: 17_280, portHigh: 17_283 }, 10);
  bench.stock.refill(10);
  bench.stock.configure(bench.settings, 20);
  bench.stock.refill(20);
  deepStrictEqual(bench.ready("wan").map(({ rtpPort }) => rtpPort).toSorted(), before);
  deepStrictEqual(bench.stock.freePairs().filter(({ pairId }) => ids.includes(pairId)), []);
});

Deno.test("MediaStock.discard() drops a pair whose socket failed, wherever it is", async () => {
  using bench = new Bench();
  const { lan } = bench.take();
  const used = bench.stock.used(lan.pairId);
  if (used === undefined) throw new Error("not in use");
  deepStrictEqual(bench.stock.discard(used.rtcpLoop), { pairId: lan.pairId, place: "used" });
  strictEqual(bench.stock.discard(used.rtcpLoop), undefined);
  strictEqual(await isFree(lan.address, lan.rtpPort), true);
});

/** Pairs of one side by family, as they are ready. */
function ready(stock: MediaStock): readonly number[] {
  const sides = ["lan", "wan"] as const;
  return sides.flatMap((side) => ([4, 6] as const).map((family) => stock.size(side, family)));
}

Deno.test("MediaStock keeps a few pairs of the second family, more while calls need them", () => {
  const addresses = {
    lan: ownLoopbackAddress(),
    wan: ownLoopbackAddress(),
    wan6: WAN6,
  };
  using bench = new Bench({ addresses, stockPairs: 6 });
  deepStrictEqual(ready(bench.stock), [6, 0, 6, 4]);
  strictEqual(bench.stock.size("wan"), 10);
  bench.stock.raise(9, 1000);
  bench.stock.refill(1000);
  deepStrictEqual(ready(bench.stock), [12, 0, 12, 9]);
  const [lan] = bench.ready("lan");
  const wan = bench.ready("wan").find(({ address }) => address === WAN6);
  const ids = { lanPairId: lan?.pairId ?? 0, wanPairId: wan?.pairId ?? 0 };
  deepStrictEqual(bench.stock.takePairs(ids)?.wan.pair, wan);
  bench.stock.release(ids.wanPairId, 1000);
  deepStrictEqual(ready(bench.stock), [11, 0, 12, 8]);
});

Deno.test("MediaStock keeps a full stock of the only family", () => {
  const addresses = { lan: ownLoopbackAddress(), wan: WAN6 };
  using bench = new Bench({ addresses, stockPairs: 6 });
  deepStrictEqual(ready(bench.stock), [6, 0, 0, 6]);
  deepStrictEqual(
    bench.stock.configure({ ...bench.settings, addresses: { ...addresses, wan: undefined } }, 1)
      .length,
    6,
  );
  deepStrictEqual(ready(bench.stock), [6, 0, 0, 0]);
});

Deno.test("MediaStock of one of several isolates has its ports, and ids that tell whose they are", () => {
  const benches = [0, 1].map((worker) => new Bench({ share: { worker, workers: 2 } }));
  for (const [worker, bench] of benches.entries()) {
    const pairs = bench.stock.freePairs();
    deepStrictEqual(pairs.map(({ pairId }) => workerOf(pairId)), pairs.map(() => worker));
    deepStrictEqual(pairs.map(({ rtpPort }) => rtpPort / 2 % 2), pairs.map(() => worker));
    const { lan } = bench.take();
    bench.stock.release(lan.pairId, 0);
    // The next use of it has another id of the same isolate, and a new range moves no share.
    bench.stock.configure({ ...bench.settings, portLow: 17_072 }, 0);
    bench.stock.refill(30_000);
    const again = bench.stock.freePairs();
    deepStrictEqual(again.map(({ pairId }) => workerOf(pairId)), again.map(() => worker));
    deepStrictEqual(again.map(({ rtpPort }) => rtpPort / 2 % 2), again.map(() => worker));
    bench[Symbol.dispose]();
  }
});
