import { deepEqual, equal, match } from "node:assert/strict";
import {
  checkIntegrity,
  checkRuntime,
  extractRuntime,
  KNOWN_RUNTIMES,
  type KnownRuntime,
} from "./known_runtime.ts";

const ELF_LENGTH_BYTES = 64 + 10;

/** The smallest "program": a header whose section table of ten bytes follows at once, then code. */
function program(appended: string): Uint8Array {
  const bytes = new Uint8Array(ELF_LENGTH_BYTES + appended.length);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  bytes[0x28] = 64;
  bytes[0x3a] = 10;
  bytes[0x3c] = 1;
  bytes.set(new TextEncoder().encode(appended), ELF_LENGTH_BYTES);
  return bytes;
}

const KNOWN: KnownRuntime = {
  ...KNOWN_RUNTIMES.x86_64,
  lengthBytes: ELF_LENGTH_BYTES,
  sha256: "002d45756c538b7621b588f79099ef1141e158791587b7462c88a8c06d327daf",
};

Deno.test("KNOWN_RUNTIMES are of the pinned Deno and name exact packages", () => {
  for (const known of Object.values(KNOWN_RUNTIMES)) {
    equal(known.denoVersion, "2.7.11");
    match(known.packageVersion, /^\d+\.\d+\.\d+$/);
    match(known.integrity, /^sha512-[A-Za-z0-9+/]{86}==$/);
    match(known.sha256, /^[0-9a-f]{64}$/);
  }
});

Deno.test("checkIntegrity() compares the digest of the archive", () => {
  const bytes = new TextEncoder().encode("abc");
  const integrity =
    "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";
  deepEqual(checkIntegrity(bytes, integrity), { ok: true, value: null });
  deepEqual(checkIntegrity(bytes, "sha512-x"), {
    ok: false,
    error: `Cannot trust archive: integrity is "${integrity}", not "sha512-x"`,
  });
});

Deno.test("extractRuntime() cuts off what was appended", () => {
  const runtime = program("");
  deepEqual(extractRuntime(program("user code"), KNOWN), { ok: true, value: runtime });
  deepEqual(checkRuntime(runtime, KNOWN), { ok: true, value: null });
});

Deno.test("extractRuntime() refuses another length and another content", () => {
  deepEqual(extractRuntime(program("x"), { ...KNOWN, lengthBytes: 75 }), {
    ok: false,
    error: "Cannot trust runtime: its length is 74, not 75",
  });
  const changed = program("x");
  changed[20] = 1;
  const result = extractRuntime(changed, KNOWN);
  match(result.ok ? "" : result.error, /^Cannot trust runtime: SHA-256 is "[0-9a-f]{64}", not "00/);
  deepEqual(extractRuntime(new Uint8Array(3), KNOWN), {
    ok: false,
    error: "Cannot read ELF header: only 3 bytes",
  });
});
