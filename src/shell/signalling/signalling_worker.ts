/**
 * Entry of the signalling isolate: a Worker that may use the network and nothing else.
 * It holds no logic and reads no file. The supervisor's keeper starts it.
 *
 * @module
 */
import { hearBugs } from "../hear_bugs.ts";
import type { FromSignalling, ToSignalling } from "../protocol.ts";
import { SignallingIsolate } from "./signalling_isolate.ts";

const post = (message: FromSignalling): void => self.postMessage(message);
hearBugs(self, (stack) => {
  post({ kind: "crashed", stack });
  return "die";
});
const isolate = new SignallingIsolate(post);
self.addEventListener(
  "message",
  (event: MessageEvent<ToSignalling>) => isolate.receive(event.data),
);
post({ kind: "loaded" });
