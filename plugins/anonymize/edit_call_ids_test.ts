import { strictEqual } from "node:assert/strict";
import { requestEvent } from "../../tests/support/plugin_events.ts";
import { editCallIds } from "./edit_call_ids.ts";

function upper(callId: string): string {
  return callId.endsWith("@in") ? callId.replace("@in", "@OUT") : callId;
}

/** Header lines before and after. */
const lines: readonly (readonly [string, string])[] = [
  ["Replaces: a@in;to-tag=1;from-tag=2", "Replaces: a@OUT;to-tag=1;from-tag=2"],
  ["Replaces: a@in ;to-tag=1;from-tag=2", "Replaces: a@OUT ;to-tag=1;from-tag=2"],
  ["Replaces: a@in", "Replaces: a@OUT"],
  ["Replaces: a@other;to-tag=@in", "Replaces: a@other;to-tag=@in"],
  ["replaces:   a@in;early-only", "Replaces: a@OUT;early-only"],
  ["Join: b@in;to-tag=1;from-tag=2", "Join: b@OUT;to-tag=1;from-tag=2"],
  ["Target-Dialog: c@in;local-tag=x", "Target-Dialog: c@OUT;local-tag=x"],
  ["In-Reply-To: a@in, b@other,c@in", "In-Reply-To: a@OUT, b@other, c@OUT"],
  ["In-Reply-To: a@other", "In-Reply-To: a@other"],
  [
    "Refer-To: <sip:x@y?Replaces=a%40in%3Bto-tag%3D1>",
    "Refer-To: <sip:x@y?Replaces=a%40OUT%3Bto-tag%3D1>",
  ],
  [
    "Refer-To: <sip:x@y?Require=replaces&replaces=a%40in%3bto-tag%3D1>",
    "Refer-To: <sip:x@y?Require=replaces&replaces=a%40OUT%3bto-tag%3D1>",
  ],
  ["Refer-To: <sip:x@y?Replaces=a%40in>", "Refer-To: <sip:x@y?Replaces=a%40OUT>"],
  ["Refer-To: <sip:x@y?Replaces=a%40in&Foo=1>", "Refer-To: <sip:x@y?Replaces=a%40OUT&Foo=1>"],
  ["Refer-To: <sip:x@y>", "Refer-To: <sip:x@y>"],
  ["Refer-To: <sip:x@y?Replaces=>", "Refer-To: <sip:x@y?Replaces=>"],
  ["X-Call: a@in", "X-Call: a@in"],
];

for (const [before, after] of lines) {
  Deno.test(`editCallIds() makes "${after}" of "${before}"`, () => {
    const { message } = requestEvent({ extra: [before] });
    const edited = editCallIds(message, upper);
    const name = after.slice(0, after.indexOf(":")).toLowerCase();
    const line = edited.headers.find((field) => field.name.toLowerCase() === name)?.line;
    strictEqual(line, edited === message ? before : after);
    strictEqual(edited === message, after === before);
  });
}

Deno.test("editCallIds() changes the Call-ID itself", () => {
  const { message } = requestEvent();
  const edited = editCallIds(message, (callId) => `${callId}.x`);
  strictEqual(edited.headers.find(({ key }) => key === "call-id")?.value, "event@10.0.0.10.x");
});

Deno.test("editCallIds() gives the same object when nothing changes", () => {
  const { message } = requestEvent({ extra: ["Replaces: a@b;to-tag=1;from-tag=2"] });
  strictEqual(editCallIds(message, (callId) => callId), message);
});
