import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { headerValue } from "../../src/cli/demo/sip_text.ts";
import type { InterfaceAddress } from "../../src/shell/machine/interfaces.ts";
import { startFaultyDaemon } from "../support/faulty_daemon.ts";
import { startLoopbackDaemon } from "../support/loopback_daemon.ts";
import { acceptText, registerText } from "../support/sip_registrations.ts";
import { ip, SipPeer } from "../support/sip_peer.ts";

const PHONE = "127.11.0.2";
const REGISTRAR = "127.21.0.2";

Deno.test("the daemon forwards a registration with its own address and brings the answer back", async () => {
  const daemon = await startLoopbackDaemon();
  const phone = new SipPeer(PHONE);
  const registrar = new SipPeer(REGISTRAR);
  await phone.send(registerText(phone, registrar), daemon.lan);
  const request = await registrar.next();
  const contact = headerValue(request?.text ?? "", "Contact");
  await registrar.send(acceptText(request?.text ?? ""), daemon.wan);
  const response = await phone.next();
  const { signalling } = await daemon.supervisor.statistics();
  await daemon.supervisor.stop();
  phone.close();
  registrar.close();
  deepStrictEqual([request?.hostname, request?.port], [daemon.wan.hostname, daemon.wan.port]);
  match(contact, new RegExp(`^<sip:alice@${daemon.wan.hostname}:${daemon.wan.port}`));
  match(response?.text ?? "", /^SIP\/2\.0 200 OK\r\n/);
  match(
    headerValue(response?.text ?? "", "Contact"),
    new RegExp(`sip:alice@${PHONE}:${phone.port}>`),
  );
  deepStrictEqual([response?.hostname, signalling?.bindings], [daemon.lan.hostname, 1]);
});

Deno.test("the daemon goes on after junk of every kind and counts it", async () => {
  const daemon = await startLoopbackDaemon();
  const phone = new SipPeer(PHONE);
  const junk: readonly (string | Uint8Array)[] = [
    new Uint8Array(0),
    new Uint8Array(1),
    new Uint8Array(60_000).fill(0xff),
    crypto.getRandomValues(new Uint8Array(1400)),
    "\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "INVITE sip:a@b SIP/2.0\r\n",
    "INVITE sip:a@b SIP/2.0\r\n\r\n",
    `OPTIONS sip:a@b SIP/2.0\r\nVia: ${"x".repeat(60_000)}\r\n\r\n`,
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n\r\n",
  ];
  for (const data of junk) await phone.send(data, daemon.lan);
  phone.clear();
  let answer: string | undefined;
  for (let tries = 0; answer?.startsWith("SIP/2.0 200") !== true && tries < 20; tries++) {
    answer = await phone.optionsAnswered(daemon.lan);
  }
  const { signalling } = await daemon.supervisor.statistics();
  await daemon.supervisor.stop();
  phone.close();
  match(answer ?? "", /^SIP\/2\.0 200 /);
  const counters = [...signalling?.counters ?? []];
  strictEqual(signalling?.counters.get("sip_bug"), undefined);
  ok(counters.some(([name]) => name.startsWith("sip_dropped{")), JSON.stringify(counters));
});

Deno.test("the daemon's sockets follow an address change within five seconds", async () => {
  const addresses = (wan: string): readonly InterfaceAddress[] => [
    { name: "in0", address: ip("127.11.0.1"), network: undefined },
    { name: "out0", address: ip(wan), network: undefined },
  ];
  let wan = "127.21.0.1";
  const daemon = await startLoopbackDaemon({
    lines: ["if_inbound = in0", "if_outbound = out0"],
    network: {
      readInterfaces: () => addresses(wan),
      findDefaultRoute: () => Promise.resolve(undefined),
    },
  });
  const peer = new SipPeer(REGISTRAR);
  match(await peer.optionsAnswered(daemon.wan) ?? "", /^SIP\/2\.0 /);
  wan = "127.21.0.9";
  const moved = { hostname: wan, port: daemon.wan.port };
  const startMs = performance.now();
  match(await peer.optionsAnswered(moved, 5000) ?? "no answer", /^SIP\/2\.0 /);
  const tookMs = performance.now() - startMs;
  peer.clear();
  const old = await peer.optionsAnswered(daemon.wan, 200);
  await daemon.supervisor.stop();
  peer.close();
  deepStrictEqual([tookMs < 5000, old], [true, undefined]);
  ok(daemon.logs.some(({ event }) => event === "network.changed"));
});

Deno.test("a registration survives the replacement of the signalling isolate", async () => {
  const daemon = await startFaultyDaemon("patient");
  const phone = new SipPeer(PHONE);
  const registrar = new SipPeer(REGISTRAR);
  await phone.send(registerText(phone, registrar), daemon.lan);
  const request = await registrar.next();
  await registrar.send(acceptText(request?.text ?? ""), daemon.wan);
  await phone.next();
  // The journal reports four times a second.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await daemon.fail("throw");
  phone.clear();
  await phone.optionsAnswered(daemon.lan, 5000);
  const { signalling } = await daemon.supervisor.statistics();
  await daemon.supervisor.stop();
  phone.close();
  registrar.close();
  strictEqual(signalling?.bindings, 1);
});
