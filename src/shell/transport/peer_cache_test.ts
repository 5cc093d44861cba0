import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ip } from "../../../tests/support/sip_peer.ts";
import { PeerCache } from "./peer_cache.ts";

const FROM: Deno.NetAddr = { transport: "udp", hostname: "10.0.0.2", port: 5060 };

Deno.test("PeerCache gives one frozen object a peer, for both directions", () => {
  const peers = new PeerCache();
  const source = peers.source(FROM);
  if (source === undefined) throw new Error("no source");
  deepStrictEqual(source, { address: ip("10.0.0.2"), port: 5060 });
  strictEqual(peers.source({ ...FROM }), source);
  strictEqual(peers.destination({ ...source }), peers.destination(source));
  deepStrictEqual(peers.destination(source), FROM);
});

Deno.test("PeerCache.source() folds IPv4 in IPv6 and refuses what is no address", () => {
  const peers = new PeerCache();
  const mapped = peers.source({ ...FROM, hostname: "::ffff:10.0.0.2" });
  deepStrictEqual(mapped?.address, ip("10.0.0.2"));
  strictEqual(peers.source({ ...FROM, hostname: "example.org" }), undefined);
});

Deno.test("PeerCache stays bounded under a flood of sources", () => {
  const peers = new PeerCache();
  const first = peers.source(FROM);
  for (let port = 1; port <= 17_000; port++) peers.source({ ...FROM, hostname: "10.9.9.9", port });
  const again = peers.source(FROM);
  deepStrictEqual([again, again === first], [first, false]);
});
