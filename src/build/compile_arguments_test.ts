import { deepEqual, equal } from "node:assert/strict";
import { compileArguments, outputPath } from "./compile_arguments.ts";

Deno.test("compileArguments() bakes in permissions, workers and target", () => {
  deepEqual(compileArguments("aarch64"), [
    "compile",
    "--quiet",
    "--no-prompt",
    "--no-code-cache",
    "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=20,--single-threaded-gc",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-sys=networkInterfaces,uid,gid,setuid,setgid",
    "--allow-run",
    "--unstable-net",
    "--unstable-worker-options",
    "--include",
    "src/shell/signalling/signalling_worker.ts",
    "--include",
    "src/shell/media/media_worker.ts",
    "--target",
    "aarch64-unknown-linux-gnu",
    "--output",
    "dist/siproxd-aarch64",
    "mod.ts",
  ]);
});

Deno.test("outputPath() is below dist", () => {
  equal(outputPath("x86_64"), "dist/siproxd-x86_64");
});
