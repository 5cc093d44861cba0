import type { Via } from "../sip/via.ts";
import type { Direction } from "./dialog_table.ts";
import type { Env } from "./env.ts";

/** RFC 3261 §8.1.1.7: what every branch begins with. */
export const MAGIC_COOKIE = "z9hG4bK";

/** What a branch is made of: everything that a response brings back unchanged. */
export interface BranchIdentity {
  /** Of the request; the branch proves it too. */
  readonly direction: Direction;
  /** The sender's Via, with `received` and `rport`: topmost in the request, second in the response. */
  readonly via: Via;
  readonly callId: string;
  readonly cseqNumber: number;
  readonly fromTag: string;
}

/**
 * Makes the branch of our own Via: a keyed hash, so that it is the same for retransmissions, CANCEL and the ACK to a
 * failure without any state (RFC 3261 §16.11), and so that a response that carries it proves that we asked.
 *
 * @param identity the parts that are hashed
 * @param env gives the keyed hash
 * @returns the magic cookie and 32 hex digits
 */
export function ownBranch(identity: BranchIdentity, env: Env): string {
  const { via, direction } = identity;
  const branch = via.branch ?? "";
  const sender = branch.startsWith(MAGIC_COOKIE) ? branch : `${branch}\n${identity.fromTag}`;
  const place = `${via.host.toLowerCase()}:${via.port ?? ""}\n${via.received ?? ""}:${
    via.rport ?? ""
  }`;
  const text = `${direction}\n${sender}\n${place}\n${identity.callId}\n${identity.cseqNumber}`;
  return MAGIC_COOKIE + env.keyedHash(text);
}
