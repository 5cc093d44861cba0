import { deepStrictEqual } from "node:assert/strict";

/** What a process of its own tells after it gave its permissions away. */
async function probe(run: "give" | "keep"): Promise<unknown> {
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
      run,
    ],
    stdin: "null",
    stderr: "inherit",
    stdout: "piped",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("revokeStartPermissions() gives away what only the start needs, and isolates still start (R30)", async () => {
  deepStrictEqual(await probe("give"), {
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

Deno.test("revokeStartPermissions() keeps run for a firewall module, and nothing else", async () => {
  const { revoked, states } = Object(await probe("keep"));
  deepStrictEqual([revoked, states.run, states.env], [
    ["env", "ffi", "import"],
    "granted",
    "prompt",
  ]);
});
