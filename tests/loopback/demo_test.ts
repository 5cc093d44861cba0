import { deepStrictEqual, match } from "node:assert/strict";
import { runDemo } from "../../src/cli/commands/demo.ts";
import { runSelfTest } from "../../src/cli/commands/prove_jail.ts";

function recorder() {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
  };
  return { out, err, io };
}

Deno.test("runDemo() plays a call through the real daemon and shows both sides of it", async () => {
  const { out, err, io } = recorder();
  const exitCode = await runDemo([], io);
  const report = out.join("");
  deepStrictEqual([exitCode, err], [0, []]);
  for (
    const seen of [
      /alice +--> siproxd +REGISTER /,
      /provider <-- siproxd +REGISTER .* Contact sip:alice@127\.20\.0\.1:/,
      /bob +<-- provider +INVITE .* RTP 127\.20\.0\.1:/,
      /alice +<-- siproxd +SIP\/2\.0 200 OK .* RTP 127\.10\.0\.1:/,
      /alice +<-- siproxd +BYE /,
      /RTP alice --> siproxd --> bob: 50 of 50 packets arrived/,
      /RTP bob --> siproxd --> alice: 50 of 50 packets arrived/,
      /Everything arrived\./,
    ]
  ) match(report, seen);
});

Deno.test("runDemo() takes no arguments", async () => {
  const { err, io } = recorder();
  deepStrictEqual(await runDemo(["--fast"], io), 2);
  deepStrictEqual(err, ['siproxd: Cannot use "--fast": demo takes no arguments\n']);
});

Deno.test("runSelfTest() shows that both jails hold", async () => {
  const { out, io } = recorder();
  deepStrictEqual(await runSelfTest(["jail"], io), 0);
  deepStrictEqual(out.filter((line) => line.includes("the jail")), [
    "signalling: the jail holds\n",
    "media: the jail holds\n",
  ]);
});

Deno.test("runSelfTest() refuses what it does not know", async () => {
  const { err, io } = recorder();
  deepStrictEqual(await runSelfTest(["walls"], io), 2);
  deepStrictEqual(err, ['siproxd: Cannot use "walls": self-test knows jail\n']);
});
