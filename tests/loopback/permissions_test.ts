import { deepStrictEqual } from "node:assert/strict";

Deno.test("revokeStartPermissions() gives away what only the start needs, and isolates still start", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-prompt",
      "--allow-net",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-run",
      "--allow-sys=networkInterfaces,hostname",
      "--unstable-net",
      "--unstable-worker-options",
      new URL("../support/revoke_probe.ts", import.meta.url).pathname,
    ],
    stdin: "null",
    stderr: "inherit",
    stdout: "piped",
  }).output();
  deepStrictEqual(JSON.parse(new TextDecoder().decode(stdout)), {
    revoked: ["env", "ffi", "run", "import"],
    servedBefore: "SIP/2.0 200",
    servedAfter: "SIP/2.0 200",
    states: {
      env: "prompt",
      ffi: "prompt",
      run: "prompt",
      hostname: "prompt",
      networkInterfaces: "granted",
      read: "granted",
      write: "granted",
    },
    interfaces: true,
  });
});
