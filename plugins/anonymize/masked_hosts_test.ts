import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { MaskedHosts, type MaskHost } from "./masked_hosts.ts";

/** A store of a plugin and a random source that counts. */
function maskHost(texts: Map<string, string>, limit = 1000): MaskHost {
  let drawn = 0;
  return {
    randomHex: (digits) => (++drawn).toString(16).padStart(digits, "0"),
    store: {
      get: (key) => texts.get(key),
      keys: () => [...texts.keys()],
      set: (key, value) => {
        if (texts.size >= limit) return false;
        texts.set(key, value);
        return true;
      },
      delete: (key) => {
        texts.delete(key);
      },
    },
  };
}

Deno.test("MaskedHosts masks a private host and knows it again", () => {
  const masks = new MaskedHosts(maskHost(new Map()));
  const masked = masks.hide("abc@10.0.0.10");
  strictEqual(masked, "abc@0000000000000001.anonymous.invalid");
  strictEqual(masks.hide("def@10.0.0.10"), "def@0000000000000001.anonymous.invalid");
  strictEqual(masks.hide("abc@10.0.0.11"), "abc@0000000000000002.anonymous.invalid");
  strictEqual(masks.restore(masked), "abc@10.0.0.10");
});

const kept: readonly string[] = ["abc", "abc@example.org", "abc@192.0.2.1", "@", "abc@", ""];

for (const callId of kept) {
  Deno.test(`MaskedHosts leaves "${callId}" alone both ways`, () => {
    const masks = new MaskedHosts(maskHost(new Map()));
    deepStrictEqual([masks.hide(callId), masks.restore(callId)], [callId, callId]);
  });
}

Deno.test("MaskedHosts restores no mask that it did not make", () => {
  const masks = new MaskedHosts(maskHost(new Map()));
  masks.hide("abc@10.0.0.10");
  const foreign = "abc@ffffffffffffffff.anonymous.invalid";
  deepStrictEqual([masks.restore(foreign), masks.restore(".anonymous.invalid")], [
    foreign,
    ".anonymous.invalid",
  ]);
});

Deno.test("MaskedHosts survives a restart by the store, and believes nothing else in it", () => {
  const texts = new Map([["other", "10.0.0.12"]]);
  const masked = new MaskedHosts(maskHost(texts)).hide("abc@10.0.0.10");
  const again = new MaskedHosts(maskHost(texts));
  deepStrictEqual([again.restore(masked), again.restore("abc@other")], [
    "abc@10.0.0.10",
    "abc@other",
  ]);
});

Deno.test("MaskedHosts leaves a Call-ID as it is when no more hosts fit", () => {
  const masks = new MaskedHosts(maskHost(new Map()));
  for (let count = 0; count < 250; count++) match(masks.hide(`a@h${count}`), /invalid$/);
  deepStrictEqual([masks.hide("a@one-more"), masks.hide("a@h3").endsWith("invalid")], [
    "a@one-more",
    true,
  ]);
});

Deno.test("MaskedHosts leaves a Call-ID as it is when the store is full", () => {
  strictEqual(new MaskedHosts(maskHost(new Map(), 0)).hide("a@10.0.0.1"), "a@10.0.0.1");
});
