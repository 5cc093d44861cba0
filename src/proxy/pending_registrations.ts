import { BoundedMap } from "../base/bounded_map.ts";
import type { RegistrationPlan } from "../registrar/registration_plan.ts";
import type { SocketAddress } from "../base/socket_address.ts";

/** A REGISTER on its way to its registrar: nothing of it is true before a 2xx. */
export interface PendingRegistration {
  readonly plan: RegistrationPlan;
  readonly registrar: SocketAddress;
  /** When it was sent on. */
  readonly sentAtMs: number;
}

/** A REGISTER that its registrar said yes to. */
export interface AnsweredRegister {
  readonly cseqNumber: number;
  readonly atMs: number;
}

/** Life of a non-INVITE transaction (RFC 3261 §17.1.2.2, timer F). */
const PENDING_LIFETIME_MS = 32_000;

/** Bounded against a flood of REGISTERs that nobody answers; the oldest goes first. */
const MAX_PENDING = 20_000;

/** The last REGISTER that was answered, by its Call-ID, as long as an earlier one may still be answered. */
export type AnsweredRegisters = BoundedMap<string, AnsweredRegister>;

/** Makes an empty table; one that is full knows less and binds what it should have left alone. */
export function createAnsweredRegisters(): AnsweredRegisters {
  return new BoundedMap({ maxEntries: MAX_PENDING, lifetimeMs: PENDING_LIFETIME_MS });
}

/**
 * Tells whether a later REGISTER of the same phone was answered first: a registrar may take them in order and its answers
 * may come in another one (RFC 3261 §10.2.4 goes by the CSeq of a Call-ID).
 *
 * Only what was under way together counts: a phone that starts again at CSeq 1 has overtaken nobody.
 *
 * @param pending the one that is answered now
 * @param last what was answered before it
 * @returns true when its answer says nothing new
 */
export function isOvertaken(
  pending: PendingRegistration,
  last: AnsweredRegister | undefined,
): boolean {
  return last !== undefined && last.cseqNumber > pending.plan.cseqNumber &&
    last.atMs >= pending.sentAtMs;
}

/** Pending registrations by our own branch. */
export type PendingRegistrations = BoundedMap<string, PendingRegistration>;

/** Makes an empty table. */
export function createPendingRegistrations(): PendingRegistrations {
  return new BoundedMap({ maxEntries: MAX_PENDING, lifetimeMs: PENDING_LIFETIME_MS });
}
