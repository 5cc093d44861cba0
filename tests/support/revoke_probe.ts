import { readInterfaces } from "../../src/shell/machine/interfaces.ts";
import { revokeStartPermissions } from "../../src/shell/machine/permissions.ts";
import { startLoopbackDaemon } from "./loopback_daemon.ts";
import { SipPeer } from "./sip_peer.ts";

/** Run by a test in a process of its own, since what is revoked is gone for good. */
const before = await startLoopbackDaemon();
const revoked = revokeStartPermissions(Deno.args[0] === "keep" ? "keep" : "give");
const phone = new SipPeer("127.11.0.2");
const servedBefore = (await phone.optionsAnswered(before.lan))?.slice(0, 11);
await before.supervisor.stop();
// What starts now starts as a replacement of a dead isolate would.
const after = await startLoopbackDaemon();
phone.clear();
const servedAfter = (await phone.optionsAnswered(after.lan))?.slice(0, 11);
await after.supervisor.stop();
phone.close();
const state = (descriptor: Deno.PermissionDescriptor) =>
  Deno.permissions.querySync(descriptor).state;
console.log(JSON.stringify({
  revoked,
  servedBefore,
  servedAfter,
  states: {
    env: state({ name: "env" }),
    ffi: state({ name: "ffi" }),
    run: state({ name: "run" }),
    hostname: state({ name: "sys", kind: "hostname" }),
    networkInterfaces: state({ name: "sys", kind: "networkInterfaces" }),
    read: state({ name: "read" }),
    write: state({ name: "write" }),
  },
  interfaces: readInterfaces().length > 0,
}));
