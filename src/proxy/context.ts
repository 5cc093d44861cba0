import type { AccessRight } from "../access/access_list.ts";
import type { IpAddress } from "../base/ip_address.ts";
import type { Side } from "../base/socket_address.ts";
import type { Config } from "../config/config.ts";
import type { Binding } from "../registrar/binding.ts";
import type { CheckedMessage, CheckedRequest, CheckedResponse } from "../sip/check_message.ts";
import type { SipMessage, SipRequest, SipResponse } from "../sip/message.ts";
import type { DialogRecord, Direction } from "./dialog_table.ts";
import type { Env } from "./env.ts";
import type { ProxyInput } from "./input.ts";
import type { Hop } from "./hop.ts";
import type { Action } from "./outcome.ts";
import type { ProxyState } from "./state.ts";
import type { TransactionRecord } from "./transaction_memo.ts";

/** What one run of the pipeline knows so far; each stage reads it and fills in its own part. */
export interface RunContext<Message extends SipMessage> {
  readonly input: ProxyInput;
  readonly state: ProxyState;
  readonly env: Env;
  readonly config: Config;
  /** The message as received, decoded once, with `received` and `rport` in its topmost Via, and what plugins changed. */
  checked: CheckedMessage;
  /** The network the message came from. */
  readonly side: Side;
  /** The message as it will be forwarded. */
  message: Message;
  direction: Direction | undefined;
  /** The registration the message belongs to: the caller's when outgoing, the callee's when incoming. */
  binding: Binding | undefined;
  /** The leg the message belongs to, with the changes made so far. */
  dialog: DialogRecord | undefined;
  /** Where the message goes. */
  hop: Hop | undefined;
  /** What to do if the run ends well, besides sending the message. */
  readonly actions: Action[];
}

/** A run of a request. */
export interface RequestContext extends RunContext<SipRequest> {
  readonly kind: "request";
  checked: CheckedRequest;
  /** What the access lists let the sender do. */
  readonly right: AccessRight;
  /** The request as received, with `received` and `rport`: what our own answers are built from. */
  readonly received: SipRequest;
  /** Whether an incoming request takes its phone's Contact as Request-URI or, by a plugin's choice, keeps its own. */
  requestUriRule: "contact" | "keep";
  /** Name of the transaction, made of the Via as received. */
  transactionKey: string | undefined;
  /** What an earlier message of the same transaction was turned into. */
  recalled: TransactionRecord | undefined;
  /** Our own branch. */
  branch: string | undefined;
}

/** A run of a response. */
export interface ResponseContext extends RunContext<SipResponse> {
  readonly kind: "response";
  checked: CheckedResponse;
  /** `verified` when the topmost Via holds the branch that we made for this very request. */
  trust: "verified" | "unverified";
  /** Our own branch, as the response brought it back. */
  branch: string | undefined;
}

/** Either run. */
export type AnyContext = RequestContext | ResponseContext;

/** The sender's address. */
export function sourceAddress(context: AnyContext): IpAddress {
  return context.input.source.address;
}
