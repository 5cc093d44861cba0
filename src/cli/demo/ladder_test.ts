import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { Ladder } from "./ladder.ts";

const STEP = { party: "alice", peer: "siproxd", startLine: "BYE sip:a SIP/2.0" } as const;

Deno.test("Ladder.lines() writes one line a message, as its party saw it", () => {
  const ladder = new Ladder();
  ladder.note({ ...STEP, direction: "sent", detail: "" });
  ladder.note({ ...STEP, direction: "received", detail: "Contact sip:b" });
  const [sent = "", received = ""] = ladder.lines();
  match(sent, /^ *\d+ ms {2}alice {4}--> siproxd {3}BYE sip:a SIP\/2\.0$/);
  match(received, /^ *\d+ ms {2}alice {4}<-- siproxd {3}BYE sip:a SIP\/2\.0 {3}Contact sip:b$/);
  deepStrictEqual(ladder.lines().length, 2);
});

Deno.test("Ladder.note() stops at five hundred messages", () => {
  const ladder = new Ladder();
  for (let step = 0; step < 600; step++) ladder.note({ ...STEP, direction: "sent", detail: "" });
  strictEqual(ladder.lines().length, 500);
});
