import { BoundedMap } from "../base/bounded_map.ts";
import type { RegistrationPlan } from "../registrar/registration_plan.ts";
import type { SocketAddress } from "../base/socket_address.ts";

/** A REGISTER on its way to its registrar: nothing of it is true before a 2xx. */
export interface PendingRegistration {
  readonly plan: RegistrationPlan;
  readonly registrar: SocketAddress;
}

/** Life of a non-INVITE transaction (RFC 3261 §17.1.2.2, timer F). */
const PENDING_LIFETIME_MS = 32_000;

/** Bounded against a flood of REGISTERs that nobody answers; the oldest goes first. */
const MAX_PENDING = 20_000;

/** Pending registrations by our own branch. */
export type PendingRegistrations = BoundedMap<string, PendingRegistration>;

/** Makes an empty table. */
export function createPendingRegistrations(): PendingRegistrations {
  return new BoundedMap({ maxEntries: MAX_PENDING, lifetimeMs: PENDING_LIFETIME_MS });
}
