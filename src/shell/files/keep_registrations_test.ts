import { deepStrictEqual, match } from "node:assert/strict";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { Binding } from "../../registrar/binding.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { keepRegistrations } from "./keep_registrations.ts";

function binding(expiresAtMs: number): Binding {
  const source = { address: ip("10.0.0.2"), port: 5060 };
  return {
    bindingId: "b",
    addressOfRecord: "alice@example.org",
    addressOfRecordUri: "sip:alice@example.org",
    contactUri: "sip:alice@10.0.0.2",
    publicUri: "sip:alice@192.0.2.1",
    token: undefined,
    source,
    transport: "udp",
    target: source,
    instanceId: undefined,
    registerCallId: "c",
    registerCseq: 1,
    registrar: undefined,
    expiresAtMs,
  };
}

Deno.test("keepRegistrations() keeps nothing where the configuration names no file", async () => {
  const kept = await keepRegistrations(configOf([]), { hasConfigFile: true, onLog: () => {} });
  kept.follow({ bindings: [], dialogs: [], logs: [] });
  await kept.close();
  deepStrictEqual(
    [kept.restored, kept.description],
    [[], "in memory only; registration_file = PATH keeps them over a restart"],
  );
});

Deno.test("keepRegistrations() brings back what the last run was told", async () => {
  const folder = Deno.makeTempDirSync();
  const config = configOf([`registration_file = ${folder}/regs`, "autosave_registrations = 0"]);
  const logs: LogEvent[] = [];
  const options = { hasConfigFile: true, onLog: (event: LogEvent) => void logs.push(event) };
  const first = await keepRegistrations(config, options);
  const change = { kind: "bind", binding: binding(performance.now() + 600_000) } as const;
  first.follow({ bindings: [change], dialogs: [], logs: [] });
  await first.close();
  const second = await keepRegistrations(config, options);
  await second.close();
  Deno.removeSync(folder, { recursive: true });
  deepStrictEqual(
    second.restored.map(({ addressOfRecord, contactUri }) => [addressOfRecord, contactUri]),
    [["alice@example.org", "sip:alice@10.0.0.2"]],
  );
  deepStrictEqual(second.description, `kept in ${folder}/regs`);
  match(logs[0]?.text ?? "", /registration file not found/);
});
