import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { KeptRequests } from "./kept_requests.ts";

const hidden = { vias: ["SIP/2.0/UDP a"], historyInfo: ["<sip:b@c>"] };

Deno.test("KeptRequests gives back what was kept, again and again", () => {
  const kept = new KeptRequests();
  kept.keep("one", { ...hidden, nowMs: 0 });
  deepStrictEqual([kept.find("one"), kept.find("one"), kept.find("two")], [
    hidden,
    hidden,
    undefined,
  ]);
});

Deno.test("KeptRequests forgets what is older than five minutes when something new comes", () => {
  const kept = new KeptRequests();
  kept.keep("old", { ...hidden, nowMs: 0 });
  kept.keep("young", { ...hidden, nowMs: 200_000 });
  kept.keep("new", { ...hidden, nowMs: 300_001 });
  deepStrictEqual(["old", "young", "new"].map((branch) => kept.find(branch) !== undefined), [
    false,
    true,
    true,
  ]);
});

Deno.test("KeptRequests renews a request that is repeated", () => {
  const kept = new KeptRequests();
  kept.keep("one", { ...hidden, nowMs: 0 });
  kept.keep("one", { vias: ["x"], historyInfo: [], nowMs: 299_000 });
  kept.keep("two", { ...hidden, nowMs: 301_000 });
  deepStrictEqual(kept.find("one"), { vias: ["x"], historyInfo: [] });
});

Deno.test("KeptRequests holds no more than its limit, the oldest go", () => {
  const kept = new KeptRequests();
  for (let count = 0; count < 5000; count++) kept.keep(`b${count}`, { ...hidden, nowMs: count });
  strictEqual(kept.size, 4096);
  deepStrictEqual([kept.find("b903"), kept.find("b904") !== undefined], [undefined, true]);
});
