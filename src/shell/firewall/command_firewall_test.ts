import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../../base/ip_address.ts";
import { ok, type Result } from "../../base/result.ts";
import { CommandFirewall } from "./command_firewall.ts";
import type { FirewallStream } from "./firewall_module.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`"${text}" is no address`);
  return address;
}

function stream(streamId: number): FirewallStream {
  return {
    streamId,
    lan: { own: { address: ip("10.0.0.1"), port: 7070 }, peer: undefined },
    wan: {
      own: { address: ip("203.0.113.1"), port: 7080 },
      peer: { address: ip("2001:db8::9"), port: 4000 },
    },
  };
}

/** A module whose program is a list of calls, each of which ends when it is told to. */
function module(answer: (line: string) => Result<number> = () => ok(0)) {
  const running: { readonly line: string; readonly end: () => void }[] = [];
  const begun: string[] = [];
  const logs: string[] = [];
  const firewall = new CommandFirewall({
    command: "/bin/door",
    onLog: ({ text }) => logs.push(text ?? ""),
    run: (program, args) => {
      const line = [program, ...args].join(" ");
      begun.push(line);
      const { promise, resolve } = Promise.withResolvers<Result<number>>();
      running.push({ line, end: () => resolve(answer(line)) });
      return promise;
    },
  });
  /** Ends everything that runs, and what follows from that, until nothing runs. */
  const drain = async () => {
    for (let one = running.shift(); one !== undefined; one = running.shift()) {
      one.end();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  return { firewall, begun, logs, drain };
}

Deno.test("CommandFirewall runs its program for both sides of a stream, in order", async () => {
  const { firewall, begun, drain } = module();
  firewall.streamStart(stream(1));
  firewall.streamChange(stream(1), "wan");
  firewall.streamStop(stream(1));
  strictEqual(begun.length, 1);
  await drain();
  deepStrictEqual(begun, [
    "/bin/door start incoming 203.0.113.1 7080 2001:db8::9 4000 1",
    "/bin/door start outgoing 10.0.0.1 7070 - 0 1",
    "/bin/door change incoming 203.0.113.1 7080 2001:db8::9 4000 1",
    "/bin/door stop incoming 203.0.113.1 7080 2001:db8::9 4000 1",
    "/bin/door stop outgoing 10.0.0.1 7070 - 0 1",
  ]);
  await firewall.close();
});

Deno.test("CommandFirewall runs four programs at a time, of different streams", async () => {
  const { firewall, begun, drain } = module();
  for (let streamId = 1; streamId <= 6; streamId++) firewall.streamStart(stream(streamId));
  deepStrictEqual(begun.map((line) => line.split(" ").at(-1)), ["1", "2", "3", "4"]);
  await drain();
  strictEqual(begun.length, 12);
  await firewall.close();
});

Deno.test("CommandFirewall tells what failed", async () => {
  const { firewall, logs, drain } = module((line) =>
    line.includes("incoming") ? ok(3) : { ok: false, error: "not done after 5000 ms" }
  );
  firewall.streamStart(stream(1));
  await drain();
  deepStrictEqual(logs, [
    'Cannot run "/bin/door start incoming 203.0.113.1 7080 2001:db8::9 4000 1": exit code 3',
    'Cannot run "/bin/door start outgoing 10.0.0.1 7070 - 0 1": not done after 5000 ms',
  ]);
  await firewall.close();
});

Deno.test("CommandFirewall leaves out what would wait too long, and says so", async () => {
  const { firewall, begun, logs, drain } = module();
  for (let streamId = 1; streamId <= 515; streamId++) firewall.streamStart(stream(streamId));
  strictEqual(begun.length, 4);
  match(logs[0] ?? "", /: 1024 events wait already$/);
  await drain();
  strictEqual(begun.length + logs.length, 1030);
  await firewall.close();
});

Deno.test("CommandFirewall.close() does not wait for ever", async () => {
  const { firewall, logs } = module();
  firewall.streamStart(stream(1));
  await firewall.close();
  deepStrictEqual(logs, ['Cannot run "/bin/door stop": no time for 1 events']);
});

Deno.test("CommandFirewall runs a real program without a shell and with a bare environment", async () => {
  const folder = Deno.makeTempDirSync();
  const program = `${folder}/door`;
  Deno.writeTextFileSync(
    program,
    `#!/bin/sh\necho "$*" >>"${folder}/said"\nenv >>"${folder}/env"\n`,
  );
  Deno.chmodSync(program, 0o755);
  const logs: string[] = [];
  const firewall = new CommandFirewall({
    command: program,
    onLog: ({ text }) => logs.push(text ?? ""),
  });
  const opened = await firewall.open();
  firewall.streamStart(stream(1));
  while (!said(folder).includes("outgoing")) await new Promise((resolve) => setTimeout(resolve, 5));
  await firewall.close();
  const environment = Deno.readTextFileSync(`${folder}/env`).split("\n").map((line) =>
    line.split("=")[0]
  ).filter((name) => !["", "PWD", "_", "SHLVL", "OLDPWD"].includes(name ?? ""));
  const text = said(folder);
  Deno.removeSync(folder, { recursive: true });
  deepStrictEqual([opened.ok, logs, [...new Set(environment)]], [true, [], ["PATH"]]);
  strictEqual(
    text,
    "start incoming 203.0.113.1 7080 2001:db8::9 4000 1\nstart outgoing 10.0.0.1 7070 - 0 1\n",
  );
});

function said(folder: string): string {
  try {
    return Deno.readTextFileSync(`${folder}/said`);
  } catch {
    return "";
  }
}

Deno.test("CommandFirewall tells that its program is not there", async () => {
  const told = Promise.withResolvers<string>();
  const firewall = new CommandFirewall({
    command: "/no/such/door",
    onLog: ({ text }) => told.resolve(text ?? ""),
  });
  firewall.streamChange(stream(1), "lan");
  match(await told.promise, /^Cannot run "\/no\/such\/door change outgoing .*": /);
  await firewall.close();
});
