import { deepEqual, equal } from "node:assert/strict";
import { parseTargets, TARGETS, targetTriple } from "./target.ts";

Deno.test("parseTargets() takes one target or all", () => {
  deepEqual(parseTargets([]), { ok: true, value: TARGETS });
  deepEqual(parseTargets(["--target", "aarch64"]), { ok: true, value: ["aarch64"] });
  deepEqual(parseTargets(["--target=x86_64"]), { ok: true, value: ["x86_64"] });
});

Deno.test("parseTargets() names what it cannot use", () => {
  const rows: readonly (readonly [readonly string[], string])[] = [
    [["--fast"], 'Cannot use option "--fast": only --target is known'],
    [["--target"], 'Cannot use target "": known are x86_64, aarch64'],
    [["--target", "mips"], 'Cannot use target "mips": known are x86_64, aarch64'],
    [["--target", "x86_64", "y"], 'Cannot use target "x86_64 y": known are x86_64, aarch64'],
  ];
  for (const [args, error] of rows) deepEqual(parseTargets(args), { ok: false, error });
});

Deno.test("targetTriple() is the glibc one", () => {
  equal(targetTriple("aarch64"), "aarch64-unknown-linux-gnu");
});
