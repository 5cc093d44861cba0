import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import type { StartReason } from "../protocol.ts";
import { laterReason, takeOver } from "./take_over.ts";

const NETWORK = {
  own: {
    lan: undefined,
    wan: undefined,
    advertised: undefined,
    lanNetworks: [],
    gateway: undefined,
  },
  listen: [],
};

/** A transport whose port gets free with the n-th try. */
function portFreeAfter(tries: number) {
  let made = 0;
  const attempt = () => ++made < tries ? "taken" : undefined;
  return { transport: { listen: attempt, reopen: attempt }, made: () => made };
}

Deno.test("takeOver() of the first isolate says at once that a port is taken", async () => {
  const { transport, made } = portFreeAfter(2);
  strictEqual(await takeOver(transport, { network: NETWORK, reason: "first" }), "taken");
  strictEqual(made(), 1);
});

for (const reason of ["after-crash", "after-hang"] as const) {
  Deno.test(`takeOver() ${reason} waits for the sockets of its predecessor`, async () => {
    using time = new FakeTime();
    const { transport, made } = portFreeAfter(4);
    const taken = takeOver(transport, { network: NETWORK, reason });
    for (let step = 0; step < 2; step++) await time.tickAsync(20);
    strictEqual(made(), 3);
    await time.tickAsync(20);
    deepStrictEqual([await taken, made()], [undefined, 4]);
  });

  Deno.test(`takeOver() ${reason} goes on without after three seconds`, async () => {
    using time = new FakeTime();
    const { transport, made } = portFreeAfter(Infinity);
    const taken = takeOver(transport, { network: NETWORK, reason });
    for (let step = 0; step < 150; step++) await time.tickAsync(20);
    deepStrictEqual([await taken, made()], [undefined, 151]);
  });
}

const later: readonly (readonly [StartReason, StartReason])[] = [
  ["first", "after-crash"],
  ["after-crash", "after-crash"],
  ["after-hang", "after-hang"],
];

for (const [reason, expected] of later) {
  Deno.test(`laterReason() of ${reason} is ${expected}`, () => {
    strictEqual(laterReason(reason), expected);
  });
}
