/**
 * Faults: the compiled daemon is killed, stopped, cut off, starved of disk, names and time while phones telephone.
 *
 * `deno task e2e:faults [FILTER]` makes two network namespaces, the daemon's router and one with all peers, and runs
 * inside.ts in the second. It prints one line a case and closes with `N passed, N failed`; it ends what it started by
 * its process id, also after a failure or Ctrl-C. Called by people and by continuous integration.
 *
 * @module
 */
import { cleanUp, cleanUpOnSignals, onCleanup } from "../support/cleanup.ts";
import { runCommand } from "../support/command.ts";
import {
  addNamespace,
  inNamespace,
  removeNamespace,
  setNameServer,
  sweepStaleNamespaces,
} from "../support/namespace.ts";
import { setKernel } from "../support/network.ts";
import { LINKS, PLACES, ROUTER_VARIABLE } from "./places.ts";

/** A run that takes longer than this hangs: all cases together need about eight minutes. */
const RUN_TIMEOUT_SECONDS = 20 * 60;

/** Program → Debian package. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ip: "iproute2",
  socat: "socat",
  dnsmasq: "dnsmasq-base",
  timeout: "coreutils",
};

async function missingRequirements(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "Cannot run the fault tests: network namespaces need root";
  const packages: string[] = [];
  for (const [program, name] of Object.entries(PROGRAMS)) {
    const found = await runCommand("sh", ["-c", `command -v ${program}`]);
    if (found.code !== 0) packages.push(name);
  }
  const faketime = await runCommand("sh", ["-c", "ls /usr/lib/*/faketime/libfaketimeMT.so.1"]);
  if (faketime.code !== 0) packages.push("libfaketime");
  return packages.length === 0
    ? undefined
    : `Cannot run the fault tests: install ${packages.join(" ")}`;
}

/** A router with two sides, and everybody else at the other ends of its wires. */
async function makeNetwork(): Promise<{ readonly peers: string; readonly router: string }> {
  const peers = await addNamespace("faults-peers");
  const router = await addNamespace("faults-router");
  const sides = [
    { name: LINKS.lan, own: PLACES.lan, peer: PLACES.phones },
    { name: LINKS.wan, own: PLACES.wan, peer: PLACES.far },
  ];
  for (const { name, own, peer } of sides) {
    await inNamespace(router, `link add ${name} type veth peer name ${name} netns ${peers}`);
    await inNamespace(router, `addr add ${own}/24 dev ${name}`);
    await inNamespace(peers, `addr add ${peer}/24 dev ${name}`);
    for (const namespace of [router, peers]) await inNamespace(namespace, `link set ${name} up`);
  }
  // Phones and provider are one namespace: what takes the other one's wire must not arrive.
  for (const name of ["all", LINKS.lan, LINKS.wan]) {
    await setKernel(peers, `net.ipv4.conf.${name}.rp_filter=1`);
  }
  await inNamespace(router, `route add default via ${PLACES.far}`);
  await setNameServer(router, PLACES.far);
  return { peers, router };
}

async function runInside(filter: string): Promise<number> {
  const { peers, router } = await makeNetwork();
  const script = new URL("inside.ts", import.meta.url).pathname;
  const child = new Deno.Command("ip", {
    args: [
      ...["netns", "exec", peers, "timeout", "--kill-after=20", String(RUN_TIMEOUT_SECONDS)],
      ...[Deno.execPath(), "run", "-A", "--no-prompt", "--unstable-net", script, filter],
    ],
    env: { [ROUTER_VARIABLE]: router },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  let isRunning = true;
  onCleanup(async () => {
    if (isRunning) child.kill("SIGTERM");
    await child.status;
  });
  const { code } = await child.status;
  isRunning = false;
  if (code === 124 || code === 137) {
    console.log(`FAIL not done within ${RUN_TIMEOUT_SECONDS} s\n0 passed, 1 failed`);
  }
  for (const namespace of [peers, router]) await removeNamespace(namespace);
  return code;
}

async function main(): Promise<number> {
  const missing = await missingRequirements();
  if (missing !== undefined) {
    console.error(missing);
    return 1;
  }
  cleanUpOnSignals();
  await sweepStaleNamespaces();
  try {
    return await runInside(Deno.args[0] ?? "");
  } finally {
    await cleanUp();
  }
}

if (import.meta.main) Deno.exit(await main());
