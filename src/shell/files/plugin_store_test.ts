import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PluginStoreFile } from "./plugin_store.ts";

Deno.test("PluginStoreFile keeps texts over a restart, readable by its owner alone", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/texts`;
  const first = new PluginStoreFile(path);
  first.set("a", { key: "k", value: "v" });
  first.set("a", { key: "gone", value: "v" });
  first.set("a", { key: "gone", value: undefined });
  first.save();
  strictEqual((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  deepStrictEqual(new PluginStoreFile(path).snapshot(), { a: { k: "v" } });
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginStoreFile begins anew with a file that is none of ours", () => {
  const path = Deno.makeTempFileSync();
  for (const content of ["", "{", "7", '{"a":7,"b":{"k":1,"l":"v"}}']) {
    Deno.writeTextFileSync(path, content);
    const kept = content.startsWith('{"a"') ? { a: {}, b: { l: "v" } } : {};
    deepStrictEqual(new PluginStoreFile(path).snapshot(), kept);
  }
  Deno.removeSync(path);
});

Deno.test("PluginStoreFile without a path keeps texts for its life", () => {
  const store = new PluginStoreFile(undefined);
  store.set("a", { key: "k", value: "v" });
  store.save();
  deepStrictEqual(store.snapshot(), { a: { k: "v" } });
});
