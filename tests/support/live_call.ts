import { DemoMedia } from "../../src/cli/demo/demo_media.ts";
import { DemoParty, type Place } from "../../src/cli/demo/demo_party.ts";
import { type DemoCall, DemoPhone } from "../../src/cli/demo/demo_phone.ts";
import { DemoProvider } from "../../src/cli/demo/demo_provider.ts";
import { Ladder } from "../../src/cli/demo/ladder.ts";

/** A call that is up through a daemon: alice behind it, bob outside. */
export interface LiveCall {
  /** Both sides send a second of speech. */
  readonly talk: () => Promise<void>;
  /** Different packets that reached each side. */
  readonly received: () => Readonly<Record<"alice" | "bob", number>>;
  /** Bob hangs up; throws when that is not answered. */
  readonly hangUp: () => Promise<void>;
  readonly close: () => void;
}

/** Registers both phones at a provider and lets alice call bob. */
export async function startCall(daemon: Place): Promise<LiveCall> {
  const surroundings = { ladder: new Ladder(), names: new Map() };
  const party = (name: string, hostname: string) => new DemoParty({ name, hostname }, surroundings);
  const parties = {
    alice: party("alice", "127.12.0.2"),
    provider: party("provider", "127.22.0.2"),
    bob: party("bob", "127.22.0.3"),
  };
  const media = {
    alice: new DemoMedia("127.12.0.2", 0xa11ce),
    bob: new DemoMedia("127.22.0.3", 0xb0b),
  };
  new DemoProvider(parties.provider);
  const provider = parties.provider.address;
  const domain = `${provider.hostname}:${provider.port}`;
  const phone = (name: "alice" | "bob", outboundProxy: Place) =>
    new DemoPhone({ party: parties[name], media: media[name] }, {
      user: name,
      domain,
      outboundProxy,
    });
  const alice = phone("alice", daemon);
  const bob = phone("bob", provider);
  await Promise.all([alice.register(), bob.register()]);
  const calls: readonly [DemoCall, DemoCall] = await Promise.all([
    alice.call("bob"),
    bob.answer(),
  ]);
  return {
    talk: async () => {
      await Promise.all([alice.talk(calls[0]), bob.talk(calls[1])]);
    },
    received: () => ({ alice: media.alice.received, bob: media.bob.received }),
    hangUp: async () => {
      await Promise.all([bob.hangUp(calls[1]), alice.awaitHangUp()]);
    },
    close: () => {
      for (const one of [...Object.values(parties), ...Object.values(media)]) one.close();
    },
  };
}
