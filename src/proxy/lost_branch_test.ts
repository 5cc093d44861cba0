import { strictEqual } from "node:assert/strict";
import { phoneWorld, requestText } from "../../tests/support/phone_world.ts";
import { ALICE } from "../../tests/support/phone_world.ts";
import type { DialogRecord } from "./dialog_table.ts";
import { isLostBranch } from "./lost_branch.ts";

function legOf(changes: Pick<DialogRecord, "phase" | "responderTags">): DialogRecord {
  const world = phoneWorld();
  world.receive(requestText(), ALICE);
  const [dialog] = world.state.dialogs.all();
  if (dialog === undefined) throw new Error("no leg");
  return { ...dialog, ...changes };
}

const TABLE: readonly (readonly [
  what: string,
  leg: Pick<DialogRecord, "phase" | "responderTags">,
  tags: readonly [from: string | undefined, to: string | undefined],
  wanted: boolean,
])[] = [
  [
    "everybody while the call rings",
    { phase: "early", responderTags: ["x", "y"] },
    ["a", "y"],
    false,
  ],
  ["the one that answered", { phase: "confirmed", responderTags: ["x", "y"] }, ["a", "x"], false],
  ["his own requests", { phase: "confirmed", responderTags: ["x", "y"] }, ["x", "a"], false],
  ["another", { phase: "confirmed", responderTags: ["x", "y"] }, ["a", "y"], true],
  ["another's own requests", { phase: "confirmed", responderTags: ["x", "y"] }, ["y", "a"], true],
  [
    "one whose early answers we never saw",
    { phase: "ending", responderTags: ["x"] },
    ["a", "z"],
    true,
  ],
  ["a first request", { phase: "confirmed", responderTags: ["x"] }, ["a", undefined], false],
  ["a leg without any answer", { phase: "ending", responderTags: [] }, ["a", "x"], false],
];

for (const [what, leg, [fromTag, toTag], wanted] of TABLE) {
  Deno.test(`isLostBranch() says ${wanted} of ${what}`, () => {
    strictEqual(isLostBranch(legOf(leg), { fromTag, toTag }), wanted);
  });
}
