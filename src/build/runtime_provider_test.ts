import { equal } from "node:assert/strict";
import { cacheFolder } from "./runtime_provider.ts";

Deno.test("cacheFolder() follows XDG_CACHE_HOME, then HOME", () => {
  const rows: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ XDG_CACHE_HOME: "/c", HOME: "/h" }, "/c/siproxd-build"],
    [{ XDG_CACHE_HOME: "", HOME: "/h" }, "/h/.cache/siproxd-build"],
    [{}, "/tmp/.cache/siproxd-build"],
  ];
  for (const [env, want] of rows) equal(cacheFolder((name) => env[name]), want);
});
