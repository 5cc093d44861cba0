import assert from "node:assert/strict";
import { bindingOf } from "../../tests/support/registrations.ts";
import { BindingIndex } from "./binding_index.ts";

function ids(index: BindingIndex, key: string): readonly string[] {
  return index.get(key).map(({ bindingId }) => bindingId);
}

Deno.test("BindingIndex.put() puts a binding last, in place of its older self", () => {
  const index = new BindingIndex();
  for (const id of ["a", "b", "c", "a"]) index.put("key", bindingOf(id));
  const renewed = bindingOf("b", { registerCseq: 9 });
  index.put("key", renewed);
  assert.deepEqual(ids(index, "key"), ["c", "a", "b"]);
  assert.equal(index.get("key")[2], renewed);
});

Deno.test("BindingIndex.remove() forgets a binding and an empty key", () => {
  const index = new BindingIndex();
  index.put("key", bindingOf("a"));
  index.remove("key", "other");
  index.remove("nothing", "a");
  assert.equal(index.has("key"), true);
  index.remove("key", "a");
  assert.equal(index.has("key"), false);
  assert.deepEqual(index.get("key"), []);
});

Deno.test("BindingIndex keeps the order of a crowded key as of a small one", () => {
  const index = new BindingIndex();
  const all = Array.from({ length: 40 }, (_, number) => `p${number}`);
  for (const id of all) index.put("key", bindingOf(id));
  assert.deepEqual(ids(index, "key"), all);
  index.put("key", bindingOf("p3"));
  index.remove("key", "p0");
  assert.deepEqual(ids(index, "key"), [...all.slice(1, 3), ...all.slice(4), "p3"]);
  for (const id of all) index.remove("key", id);
  assert.equal(index.has("key"), false);
});

Deno.test("BindingIndex.get() gives a list that later changes leave alone", () => {
  const index = new BindingIndex();
  for (let number = 0; number < 20; number++) index.put("key", bindingOf(`p${number}`));
  const before = index.get("key");
  index.remove("key", "p0");
  assert.equal(before.length, 20);
  assert.equal(index.get("key").length, 19);
});
