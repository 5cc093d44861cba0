import { deepStrictEqual } from "node:assert/strict";
import { LineRing } from "./line_ring.ts";

Deno.test("LineRing gives the last lines in their order", () => {
  const ring = new LineRing(3);
  deepStrictEqual(ring.lines(), []);
  ring.add("1");
  ring.add("2");
  deepStrictEqual(ring.lines(), ["1", "2"]);
  for (let index = 3; index <= 100; index++) ring.add(`${index}`);
  deepStrictEqual(ring.lines(), ["98", "99", "100"]);
});
