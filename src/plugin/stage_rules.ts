import type { Result } from "../base/result.ts";
import { editRequest, editResponse, keep, steer } from "./apply_verdict.ts";
import type {
  Continue,
  Drop,
  MessageVerdict,
  Proceed,
  Reply,
  RequestEvent,
  ResponseEvent,
  Steer,
  Target,
} from "./hooks.ts";
import type { SipRequest, SipResponse } from "../sip/message.ts";

/** How a stage treats the verdicts of its hooks. */
export interface StageRules<Event, Verdict extends MessageVerdict> {
  /** Verdicts that end the message's way; `continue` never does. */
  readonly ends: readonly MessageVerdict["kind"][];
  /** Puts what a hook changed into the event. */
  readonly change: (event: Event, verdict: Verdict) => Result<Event>;
}

/** A request whose syntax is right. */
export const VALIDATE: StageRules<RequestEvent, Proceed | Drop | Reply> = {
  ends: ["drop", "reply"],
  change: keep,
};

/** A response whose syntax is right. */
export const VALIDATE_RESPONSE: StageRules<ResponseEvent, Proceed | Drop> = {
  ends: ["drop"],
  change: keep,
};

/** Where a request goes. */
export const DETERMINE_TARGET: StageRules<RequestEvent, Continue<SipRequest> | Drop | Reply> = {
  ends: ["drop", "reply"],
  change: editRequest,
};

/** The same stage for responses. */
export const DETERMINE_TARGET_RESPONSE: StageRules<ResponseEvent, Continue<SipResponse> | Drop> = {
  ends: ["drop"],
  change: editResponse,
};

/** A request that is about to be rewritten. */
export const PRE_PROXY: StageRules<RequestEvent, Steer> = { ends: [], change: steer };

/** A request for nobody. */
export const PROXY_UNKNOWN: StageRules<RequestEvent, Proceed | Target | Drop | Reply> = {
  ends: ["target", "drop", "reply"],
  change: keep,
};

/** A request that is about to be sent. */
export const POST_PROXY: StageRules<RequestEvent, Continue<SipRequest>> = {
  ends: [],
  change: editRequest,
};

/** A response that is about to be rewritten, or to be sent. */
export const EDIT_RESPONSE: StageRules<ResponseEvent, Continue<SipResponse>> = {
  ends: [],
  change: editResponse,
};
