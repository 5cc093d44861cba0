import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import { sip } from "../../tests/support/registrations.ts";
import { contactTarget } from "./contact_target.ts";

const CASES: readonly (readonly [contact: string, source: string, target: string])[] = [
  ["sip:alice@10.0.0.10:5062", "10.0.0.10:5062", "10.0.0.10:5062"],
  ["sip:alice@10.0.0.10:5062", "10.0.0.10:40000", "10.0.0.10:5062"],
  ["sip:alice@10.0.0.10", "10.0.0.10:40000", "10.0.0.10:5060"],
  ["sips:alice@10.0.0.10", "10.0.0.10:40000", "10.0.0.10:5061"],
  ["sip:alice@[2001:DB8::1]:5070", "2001:db8::1:5062", "2001:db8::1:5070"],
  ["sip:alice@[::ffff:10.0.0.10]:5070", "10.0.0.10:5062", "10.0.0.10:5070"],
  // R24: never to a third host.
  ["sip:alice@10.0.0.1:22", "10.0.0.10:5062", "10.0.0.10:5062"],
  ["sip:alice@192.0.2.10:5060", "10.0.0.10:5062", "10.0.0.10:5062"],
  ["sip:alice@phone.local:5070", "10.0.0.10:5062", "10.0.0.10:5062"],
];

for (const [contact, source, target] of CASES) {
  Deno.test(`contactTarget() sends requests for ${contact} from ${source} to ${target}`, () => {
    assert.deepEqual({ ...contactTarget(sip(contact), peer(source)) }, peer(target));
  });
}
