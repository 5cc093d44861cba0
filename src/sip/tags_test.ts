import { equal } from "node:assert/strict";
import { messageOf } from "../../tests/support/sip_messages.ts";
import { fromTag, toTag } from "./tags.ts";

Deno.test("fromTag() and toTag() read the tag of the header, not one of the URI or the name", () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["<sip:a@b>;tag=1", "1"],
    ["<sip:a@b;tag=no>;x;TAG = 2", "2"],
    ["sip:a@b;tag=3", "3"],
    ['"x>;tag=no" <sip:a@b>;tag=4', "4"],
    ['"x>;tag=no" <sip:a@b>', undefined],
    ["<sip:a@b;tag=no>", undefined],
    ["<sip:a@b>;tag=", undefined],
    ["<sip:a@b>", undefined],
    ["sip:a@b", undefined],
    ['"open <sip:a@b>;tag=5', undefined],
    ["<sip:a@b>;;tag=6", undefined],
    ["", undefined],
  ];
  for (const [value, tag] of rows) {
    equal(fromTag(messageOf(["OPTIONS sip:b SIP/2.0", `f: ${value}`])), tag, value);
    equal(toTag(messageOf(["OPTIONS sip:b SIP/2.0", `To : ${value}`])), tag, value);
  }
});

Deno.test("fromTag() and toTag() bear missing headers", () => {
  const message = messageOf(["OPTIONS sip:b SIP/2.0"]);
  equal(fromTag(message), undefined);
  equal(toTag(message), undefined);
});
