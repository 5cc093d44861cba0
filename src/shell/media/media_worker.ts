/**
 * Entry of the media isolate: RTP and RTCP go through here, with the network as its only permission.
 * It knows no SIP, reads no file, and holds nothing but sockets, a table of streams and counters.
 * The supervisor starts it as a Worker; the signalling isolate commands it over a channel of its own.
 *
 * @module
 */
import { hearBugs } from "../hear_bugs.ts";
import { MediaIsolate } from "./media_isolate.ts";
import type { MediaToSupervisor, SupervisorToMedia } from "../media_protocol.ts";

/** Divisor that turns 32 random bits into [0, 1). */
const UINT32_RANGE = 2 ** 32;

const randomWord = new Uint32Array(1);

function random(): number {
  crypto.getRandomValues(randomWord);
  return (randomWord[0] ?? 0) / UINT32_RANGE;
}

const isolate = new MediaIsolate({
  post: (message: MediaToSupervisor): void => {
    self.postMessage(message);
    if (message.kind === "stopped") self.close();
  },
  random,
});

hearBugs(self, (stack) => {
  self.postMessage({ kind: "crashed", stack } satisfies MediaToSupervisor);
  return "die";
});

self.addEventListener(
  "message",
  (event: MessageEvent<SupervisorToMedia>) => isolate.receive(event.data),
);
