import { deepStrictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  phoneWorld,
  PROVIDER,
  registerText,
  requestText,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import type { Action } from "./outcome.ts";

/** What was counted of registrations. */
function attempts(actions: readonly Action[]): readonly (string | undefined)[] {
  return actions.flatMap((action) =>
    action.kind === "count" && action.counter === "register_attempts" ? [action.reason] : []
  );
}

for (
  const [status, wanted] of [
    ["100 Trying", []],
    ["200 OK", ["proxied 200"]],
    ["401 Unauthorized", ["proxied 401"]],
    ["423 Interval Too Brief", ["proxied 423"]],
    ["499 Whatever", ["proxied 4xx"]],
    ["599 Whatever", ["proxied 5xx"]],
  ] as const
) {
  Deno.test(`countAttempt() of a registrar's ${status}: ${wanted.length}`, () => {
    const world = phoneWorld({ phones: [] });
    const [forwarded] = sendsOf(world.receive(registerText("alice"), ALICE));
    const actions = world.receive(answerText(forwarded?.text ?? "", status), PROVIDER);
    deepStrictEqual(attempts(actions), wanted);
  });
}

Deno.test("countAttempt() of our own answers", () => {
  const world = phoneWorld({ phones: [] });
  const nowhere = registerText("alice").replace("sip:192.0.2.10:5070", "sip:nowhere.example");
  deepStrictEqual(attempts(world.receive(nowhere, ALICE)), ["local 504"]);
  const local = requestText({
    method: "REGISTER",
    uri: "sip:10.0.0.1",
    to: "<sip:bob@10.0.0.1>",
    via: "SIP/2.0/UDP 10.0.0.11:5064;branch=z9hG4bKb",
    headers: ["Contact: <sip:bob@10.0.0.11:5064>"],
  });
  const BOB = { side: "lan", source: "10.0.0.11:5064" } as const;
  deepStrictEqual(attempts(world.receive(local, BOB)), ["local 200"]);
});

Deno.test("countAttempt() counts neither other requests nor an answer that we did not ask for", () => {
  const world = phoneWorld();
  deepStrictEqual(attempts(world.receive(requestText({ method: "MESSAGE" }), ALICE)), []);
  const forged = answerText(
    requestText({
      method: "REGISTER",
      via:
        "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKforged\r\nVia: SIP/2.0/UDP 10.0.0.10:5062;branch=x",
    }),
    "200 OK",
  );
  deepStrictEqual(attempts(world.receive(forged, PROVIDER)), []);
});
