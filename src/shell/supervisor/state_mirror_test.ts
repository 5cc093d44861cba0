import { deepStrictEqual } from "node:assert/strict";
import type { DialogRecord } from "../../proxy/dialog_table.ts";
import type { Binding } from "../../registrar/binding.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { StateMirror } from "./state_mirror.ts";

function binding(bindingId: string, registerCseq = 1): Binding {
  const source = { address: ip("10.0.0.2"), port: 5060 };
  return {
    bindingId,
    addressOfRecord: "alice@example.org",
    addressOfRecordUri: "sip:alice@example.org",
    contactUri: "sip:alice@10.0.0.2",
    publicUri: "sip:alice@203.0.113.7",
    token: undefined,
    source,
    transport: "udp",
    target: source,
    instanceId: undefined,
    registerCallId: "c",
    registerCseq,
    registrar: undefined,
    expiresAtMs: 1000,
  };
}

function dialog(dialogId: string): DialogRecord {
  const target = { address: ip("10.0.0.2"), port: 5060 };
  return {
    dialogId,
    callId: "c",
    direction: "outgoing",
    initiatorTag: "1",
    responderTags: [],
    method: "INVITE",
    initialCseq: 1,
    farTransport: "udp",
    farSide: "wan",
    phone: {
      bindingId: undefined,
      address: target.address,
      target,
      transport: "udp",
      contactUri: "sip:alice@10.0.0.2",
      routes: [],
    },
    streams: [],
    phase: "confirmed",
    expiresAtMs: 1000,
  };
}

Deno.test("StateMirror follows the isolate from the restored registrations on", () => {
  const mirror = new StateMirror();
  mirror.restore([binding("a"), binding("b")]);
  mirror.apply({
    bindings: [
      { kind: "unbind", bindingId: "a" },
      { kind: "bind", binding: binding("b", 2) },
      { kind: "unbind", bindingId: "unknown" },
    ],
    dialogs: [{ kind: "put", dialog: dialog("d") }, { kind: "put", dialog: dialog("e") }],
    logs: [],
  });
  mirror.apply({ bindings: [], dialogs: [{ kind: "end", dialogId: "d" }], logs: [] });
  deepStrictEqual(mirror.snapshot(), { bindings: [binding("b", 2)], dialogs: [dialog("e")] });
});
