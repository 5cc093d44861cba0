/** Digest authentication with real clients: who knows the password registers, who does not does not. */

import assert from "node:assert/strict";
import { startPhone } from "../support/baresip.ts";
import { defineSuite, type Suite } from "../support/case.ts";
import { poll } from "../support/command.ts";
import { startKamailio } from "../support/kamailio.ts";
import { startKamailioClient } from "../support/kamailio_client.ts";
import { ADDRESSES, createTopology, type Topology } from "../support/namespace.ts";
import { routerDirectives, startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";
import type { Directives, Proxy } from "../support/proxy.ts";
import { runSipp, type SippOptions } from "../support/sipp.ts";
import { makeDirectory } from "../support/work_directory.ts";

interface AuthenticationBench {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  readonly proxy: Proxy;
  readonly registrationFile: string;
}

const REALM = "home" as const;

/** The clients' passwords, save for one who has another one here. */
const ACCOUNTS = ["alice pw-alice", "carol pw-carol", "dave pw-dave", "frank pw-frank", "grace x"];

const CASE_TIMEOUT_MS = 30_000;

/** The daemon asks before anything passes, so that one daemon serves all cases. */
async function setUp(): Promise<AuthenticationBench> {
  const topology = await createTopology("proxy");
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const directory = await makeDirectory("passwords");
  const passwordFile = `${directory}/siproxd_passwd.cfg`;
  await Deno.writeTextFile(passwordFile, `${ACCOUNTS.join("\n")}\n`, { mode: 0o600 });
  const directives: Directives = {
    ...await routerDirectives("authentication"),
    proxy_auth_realm: REALM,
    proxy_auth_pwfile: passwordFile,
    proxy_auth_scope: "all",
  };
  const proxy = await startRouterProxy(topology, { name: "authentication", directives });
  const registrationFile = String(directives["registration_file"]);
  return { topology, provider, proxy, registrationFile };
}

async function tearDown(bench: AuthenticationBench): Promise<void> {
  await bench.proxy.stop();
  await bench.provider.stop();
  await bench.topology.remove();
}

function sippOptions(bench: AuthenticationBench, user: string): SippOptions {
  return {
    scenario: "register_407",
    namespace: bench.topology.lan1,
    address: ADDRESSES.lan1,
    port: 5070,
    target: `${ADDRESSES.rtrLan}:5060`,
    user,
    keys: { domain: ADDRESSES.rtrLan },
    timeoutSeconds: 10,
  };
}

async function sippRegisters(bench: AuthenticationBench): Promise<void> {
  await runSipp(sippOptions(bench, "frank"));
  await waitBound(bench, `frank@${ADDRESSES.lan1}:5070`);
}

async function wrongPasswordIsRefused(bench: AuthenticationBench): Promise<void> {
  await assert.rejects(runSipp(sippOptions(bench, "grace")), /failed: exit code 1, .*407 Proxy/s);
  const log = await poll(async () => {
    const text = await bench.proxy.log();
    return text.includes("proxy authentication failed for grace@10.0.0.1\n") ? text : undefined;
  }, { what: "the failure in the log", timeoutMs: 3000 });
  assert.doesNotMatch(log, /pw-grace/);
  const file = await Deno.readTextFile(bench.registrationFile).catch(() => "");
  assert.ok(!file.includes("grace"), file);
}

/** The daemon writes its file at most a second after a change. */
async function waitBound(bench: AuthenticationBench, contact: string): Promise<void> {
  await poll(async () => {
    const text = await Deno.readTextFile(bench.registrationFile).catch(() => "");
    return text.includes(contact) ? true : undefined;
  }, { what: `${contact} in the registration file`, timeoutMs: 10_000 });
}

/** Registers baresip, here or, through the daemon that asks first, at the provider that asks too. */
async function baresipRegisters(
  bench: AuthenticationBench,
  account: { readonly user: string; readonly domain: string },
): Promise<void> {
  const phone = await startPhone({
    ...account,
    namespace: bench.topology.lan1,
    address: ADDRESSES.lan1,
    sipPort: 5062,
    controlPort: 4444,
    rtpPortLow: 10_000,
    outbound: `${ADDRESSES.rtrLan}:5060`,
    answer: "auto",
    media: "audio",
  });
  try {
    await phone.waitRegistered(15_000);
    await waitBound(bench, `sip:${account.user}`);
  } finally {
    await phone.stop();
  }
}

async function kamailioRegisters(bench: AuthenticationBench): Promise<void> {
  const client = await startKamailioClient({
    namespace: bench.topology.lan2,
    address: ADDRESSES.lan2,
    user: "carol",
    domain: ADDRESSES.rtrLan,
    realm: REALM,
  });
  try {
    await waitBound(bench, `@${ADDRESSES.lan2}:5060`);
  } finally {
    await client.stop();
  }
}

/** SIPp, baresip and Kamailio's client against our challenge. */
export const AUTHENTICATION_SUITE: Suite = defineSuite<AuthenticationBench>({
  name: "authentication",
  setUp,
  tearDown,
  cases: [
    { name: "SIPp registers with its password", timeoutMs: CASE_TIMEOUT_MS, run: sippRegisters },
    {
      name: "SIPp with a wrong password is refused",
      timeoutMs: CASE_TIMEOUT_MS,
      run: wrongPasswordIsRefused,
    },
    {
      name: "baresip registers with its password",
      timeoutMs: CASE_TIMEOUT_MS,
      run: (bench) => baresipRegisters(bench, { user: "alice", domain: ADDRESSES.rtrLan }),
    },
    {
      name: "baresip answers the proxy's challenge and the provider's",
      timeoutMs: CASE_TIMEOUT_MS,
      run: (bench) => baresipRegisters(bench, { user: "dave", domain: ADDRESSES.wan }),
    },
    {
      name: "Kamailio's client registers with its password",
      timeoutMs: CASE_TIMEOUT_MS,
      run: kamailioRegisters,
    },
  ],
});
