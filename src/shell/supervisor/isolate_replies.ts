import type { Result } from "../../base/result.ts";
import type { JailReport } from "../machine/jail_probe.ts";
import type { SignallingStatistics } from "../protocol.ts";
import { Reply } from "./reply.ts";

/** Answers of the isolates that the supervisor waits for. */
export interface IsolateReplies {
  readonly started: Reply<Result<undefined>>;
  readonly stopped: Reply<"stopped">;
  readonly reloaded: Reply<{ readonly failure: string | undefined }>;
  readonly signalling: Reply<SignallingStatistics>;
  readonly signallingProbe: Reply<JailReport>;
}

/**
 * Makes them, with nobody waiting.
 *
 * @returns one for each question
 */
export function createIsolateReplies(): IsolateReplies {
  return {
    started: new Reply(),
    stopped: new Reply(),
    reloaded: new Reply(),
    signalling: new Reply(),
    signallingProbe: new Reply(),
  };
}
