import { strictEqual, throws } from "node:assert/strict";
import {
  ALICE,
  type From,
  phoneWorld,
  requestContext,
  type RequestParts,
  requestText,
} from "../../tests/support/phone_world.ts";
import type { RequestContext } from "./context.ts";
import { branchOf } from "./own_branch.ts";

function run(parts: RequestParts = {}, from: From = ALICE): RequestContext {
  return requestContext(phoneWorld(), { text: requestText(parts), from });
}

Deno.test("branchOf() wants the direction first, and then makes one branch a run", () => {
  const context = run();
  throws(() => branchOf(context), { message: "Cannot make branch: direction unknown" });
  context.direction = "outgoing";
  const branch = branchOf(context);
  strictEqual(/^z9hG4bK[0-9a-f]{32}$/.test(branch), true);
  strictEqual(context.branch, branch);
  context.direction = "incoming";
  strictEqual(branchOf(context), branch);
});

Deno.test("branchOf() is another one for the other direction, and the same for a retransmission", () => {
  const of = (direction: "outgoing" | "incoming", parts: RequestParts = {}): string => {
    const context = run(parts);
    context.direction = direction;
    return branchOf(context);
  };
  strictEqual(of("outgoing"), of("outgoing"));
  strictEqual(of("outgoing"), of("outgoing", { method: "CANCEL" }));
  strictEqual(of("outgoing") === of("incoming"), false);
  strictEqual(of("outgoing") === of("outgoing", { cseq: 2 }), false);
});
