import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeNft } from "../../../tests/support/fake_nft.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { NftProcess } from "./nft_child.ts";
import { NftKeeper } from "./nft_keeper.ts";

/** A keeper that gets one process after the other, and what came of it. */
function keep(processes: readonly Result<NftProcess>[]) {
  const waiting = [...processes];
  const logs: string[] = [];
  let wake: () => void = () => {};
  const keeper = new NftKeeper({
    spawn: () => waiting.shift() ?? err("no more processes"),
    fill: (child) => child.send("table inet t"),
    onAgain: () => logs.push("again"),
    onLog: ({ text, event }) => {
      logs.push(`${event}: ${text}`);
      wake();
    },
    backOffMs: [1, 2],
    graceMs: 0,
  });
  const said = async (event: string) => {
    while (!logs.some((line) => line.startsWith(event))) {
      await new Promise<void>((resolve) => wake = resolve);
    }
  };
  return { keeper, logs, said };
}

Deno.test("NftKeeper.open() gives the reason when nft refuses the table", async () => {
  const nft = new FakeNft(() => ({ kind: "complain", text: "Operation not permitted" }));
  const { keeper, logs } = keep([ok(nft)]);
  const opened = await keeper.open();
  await keeper.close();
  deepStrictEqual(opened, { ok: false, error: "Operation not permitted" });
  deepStrictEqual([keeper.child, logs], [undefined, []]);
});

Deno.test("NftKeeper starts nft again and fills it, with longer and longer waits", async () => {
  const [first, second] = [new FakeNft(), new FakeNft()];
  const { keeper, logs, said } = keep([
    ok(first),
    err("Cannot fork"),
    err("Cannot fork"),
    ok(second),
  ]);
  await keeper.open();
  first.end("Error: bye");
  await said("firewall.again");
  deepStrictEqual(logs, [
    "firewall.lost: nft ended (Error: bye): its table is gone; again in 1 ms",
    "firewall.lost: Cannot fork; again in 2 ms",
    "firewall.lost: Cannot fork; again in 2 ms",
    "firewall.again: nft runs again, its table is back",
    "again",
  ]);
  deepStrictEqual(second.lines, ["table inet t"]);
  strictEqual(keeper.child === undefined, false);
  await keeper.close();
});

Deno.test("NftKeeper gives up once the right to change the firewall is gone", async () => {
  const first = new FakeNft();
  const powerless = new FakeNft(() => ({ kind: "complain", text: "Operation not permitted" }));
  const { keeper, logs, said } = keep([ok(first), ok(powerless)]);
  await keeper.open();
  first.end();
  await said("firewall.off");
  deepStrictEqual(logs, [
    "firewall.lost: nft ended: its table is gone; again in 1 ms",
    "firewall.off: Cannot start nft again: the right to change the firewall was given away with " +
    "the user switch; restart siproxd",
  ]);
  await keeper.close();
});

Deno.test("NftKeeper.close() ends the restart that was to come", async () => {
  const first = new FakeNft();
  const { keeper, said, logs } = keep([ok(first)]);
  await keeper.open();
  first.end();
  await said("firewall.lost");
  await keeper.close();
  strictEqual(logs.length, 1);
});

Deno.test("NftKeeper.close() says nothing of an nft that was ended together with the daemon", async () => {
  const first = new FakeNft();
  const { keeper, logs } = keep([ok(first)]);
  await keeper.open();
  first.kill("SIGTERM");
  await keeper.close();
  deepStrictEqual(logs, []);
});
