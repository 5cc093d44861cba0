import { loadConfig } from "../../config/load.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { Supervisor } from "../../shell/supervisor/supervisor.ts";
import { DemoMedia, MEDIA_PACKETS } from "./demo_media.ts";
import { DemoParty } from "./demo_party.ts";
import { DemoPhone } from "./demo_phone.ts";
import { DemoProvider } from "./demo_provider.ts";
import { findFreePorts } from "./free_ports.ts";
import { Ladder } from "./ladder.ts";

/** The little Internet of the demo, all of it on loopback. */
const DAEMON_LAN = "127.10.0.1";
const DAEMON_WAN = "127.20.0.1";
const ALICE = "127.10.0.2";
const PROVIDER = "127.20.0.2";
const BOB = "127.20.0.3";

/** Media ports of the daemon: one call and room to spare. */
const MEDIA_PORTS = 20;

/** What came of a demo. */
export interface DemoResult {
  readonly ladder: readonly string[];
  /** Packets that reached each phone, of those sent to it. */
  readonly received: { readonly alice: number; readonly bob: number };
  readonly sent: number;
  /** Everything that went wrong; empty when all arrived. */
  readonly problems: readonly string[];
}

/**
 * Plays the demo: alice behind the daemon and bob outside register at a provider, talk for a second, and bob hangs up.
 *
 * @param onLog hears what the daemon logs
 * @returns what everybody saw; it throws nothing and takes some seconds at most
 */
export async function playDemo(onLog: (event: LogEvent) => void): Promise<DemoResult> {
  const ladder = new Ladder();
  const hostnames = [DAEMON_LAN, DAEMON_WAN, "127.0.0.1"];
  const sipPort = findFreePorts(hostnames, 1);
  const mediaPort = findFreePorts(hostnames, MEDIA_PORTS);
  const problems: string[] = [];
  const names = new Map([
    [DAEMON_LAN, "siproxd"],
    [DAEMON_WAN, "siproxd"],
    [ALICE, "alice"],
    [PROVIDER, "provider"],
    [BOB, "bob"],
  ]);
  const received = { alice: 0, bob: 0 };
  if (sipPort === undefined || mediaPort === undefined) {
    return { ladder: [], received, sent: 0, problems: ["Cannot play: no free UDP ports"] };
  }
  const supervisor = startDaemon({ sipPort, mediaPort }, onLog);
  const started = await supervisor.start();
  if (!started.ok) problems.push(started.error);
  const surroundings = { ladder, names };
  const parties = {
    alice: new DemoParty({ name: "alice", hostname: ALICE }, surroundings),
    provider: new DemoParty({ name: "provider", hostname: PROVIDER }, surroundings),
    bob: new DemoParty({ name: "bob", hostname: BOB }, surroundings),
  };
  const media = { alice: new DemoMedia(ALICE, 0xa11ce), bob: new DemoMedia(BOB, 0xb0b) };
  try {
    if (started.ok) await playCall({ parties, media, sipPort });
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  received.alice = media.alice.received;
  received.bob = media.bob.received;
  problems.push(...mediaProblems(media));
  for (const one of [...Object.values(parties), ...Object.values(media)]) one.close();
  await supervisor.stop();
  return { ladder: ladder.lines(), received, sent: MEDIA_PACKETS, problems };
}

function startDaemon(
  ports: { readonly sipPort: number; readonly mediaPort: number },
  onLog: (event: LogEvent) => void,
): Supervisor {
  const text = [
    `if_inbound = ${DAEMON_LAN}`,
    `if_outbound = ${DAEMON_WAN}`,
    `sip_listen_port = ${ports.sipPort}`,
    `rtp_port_low = ${ports.mediaPort}`,
    `rtp_port_high = ${ports.mediaPort + MEDIA_PORTS - 1}`,
  ].join("\n");
  const { loaded, issues } = loadConfig({ text, fileName: "demo" });
  if (loaded === undefined) throw new Error(`Cannot configure demo: ${issues[0]?.message}`);
  return new Supervisor({ config: loaded.config, bindings: [], onLog });
}

interface Stage {
  readonly parties: Readonly<Record<"alice" | "provider" | "bob", DemoParty>>;
  readonly media: Readonly<Record<"alice" | "bob", DemoMedia>>;
  readonly sipPort: number;
}

async function playCall({ parties, media, sipPort }: Stage): Promise<void> {
  const provider = new DemoProvider(parties.provider);
  const { hostname, port } = parties.provider.address;
  const domain = `${hostname}:${port}`;
  const alice = new DemoPhone({ party: parties.alice, media: media.alice }, {
    user: "alice",
    domain,
    outboundProxy: { hostname: DAEMON_LAN, port: sipPort },
  });
  const bob = new DemoPhone({ party: parties.bob, media: media.bob }, {
    user: "bob",
    domain,
    outboundProxy: { hostname, port },
  });
  await Promise.all([alice.register(), bob.register()]);
  const shown = provider.contactOf("alice");
  if (!shown.includes(DAEMON_WAN)) throw new Error(`provider saw ${shown} instead of siproxd`);
  const [aliceCall, bobCall] = await Promise.all([alice.call("bob"), bob.answer()]);
  await Promise.all([alice.talk(aliceCall), bob.talk(bobCall)]);
  await Promise.all([bob.hangUp(bobCall), alice.awaitHangUp()]);
}

/** All packets must have come, and through the daemon. */
function mediaProblems(media: Readonly<Record<"alice" | "bob", DemoMedia>>): readonly string[] {
  const problems: string[] = [];
  const relays = { alice: DAEMON_LAN, bob: DAEMON_WAN };
  for (const name of ["alice", "bob"] as const) {
    const { received, sources } = media[name];
    if (received !== MEDIA_PACKETS) {
      problems.push(`${name} received ${received} of ${MEDIA_PACKETS} RTP packets`);
    }
    const foreign = sources.filter((source) => !source.startsWith(`${relays[name]}:`));
    if (foreign.length > 0) problems.push(`${name} received RTP from ${foreign.join(", ")}`);
  }
  return problems;
}
