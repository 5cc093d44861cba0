import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import { PeerHealth } from "./peer_health.ts";

const SERVER = peer("192.0.2.10:5060");

/** Seconds until the server is used again after it failed at `nowMs`. */
function restMs(health: PeerHealth, nowMs: number): number {
  let rest = 0;
  while (health.isResting(SERVER, nowMs + rest)) rest += 1000;
  return rest;
}

Deno.test("PeerHealth.markDead() rests a server, twice as long each time, ten minutes at most", () => {
  const health = new PeerHealth();
  const rests: number[] = [];
  for (let failure = 0, nowMs = 0; failure < 7; failure++) {
    health.markDead(SERVER, nowMs);
    const rest = restMs(health, nowMs);
    rests.push(rest);
    nowMs += rest;
  }
  assert.deepEqual(rests, [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
});

Deno.test("PeerHealth.markDead() counts the failures of one outage once", () => {
  const health = new PeerHealth();
  for (let failure = 0; failure < 10; failure++) health.markDead(SERVER, 1000 + failure);
  assert.equal(health.isResting(SERVER, 30_999), true);
  assert.equal(health.isResting(SERVER, 31_000), false);
});

Deno.test("PeerHealth.markAlive() takes a server back and forgets its failures", () => {
  const health = new PeerHealth();
  health.markDead(SERVER, 0);
  health.markDead(SERVER, 40_000);
  health.markAlive(SERVER);
  assert.equal(health.isResting(SERVER, 40_000), false);
  assert.equal(health.allWell, true);
  health.markDead(SERVER, 50_000);
  assert.equal(restMs(health, 50_000), 30_000);
});

Deno.test("PeerHealth tells ports of one address apart", () => {
  const health = new PeerHealth();
  health.markDead(SERVER, 0);
  assert.equal(health.isResting(peer("192.0.2.10:5061"), 1), false);
  health.markAlive(peer("192.0.2.10:5061"));
  assert.equal(health.isResting(SERVER, 1), true);
});

Deno.test("PeerHealth remembers 1,024 servers and forgets the oldest", () => {
  const health = new PeerHealth();
  for (let port = 1; port <= 1025; port++) health.markDead(peer(`192.0.2.10:${port}`), 0);
  assert.equal(health.isResting(peer("192.0.2.10:1"), 1), false);
  assert.equal(health.isResting(peer("192.0.2.10:2"), 1), true);
  assert.equal(health.isResting(peer("192.0.2.10:1025"), 1), true);
});
