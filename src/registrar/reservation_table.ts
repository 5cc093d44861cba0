import type { Binding } from "./binding.ts";
import { BindingIndex } from "./binding_index.ts";
import { publicKeyOf } from "./binding_keys.ts";
import { ExpiryWheel } from "./expiry_wheel.ts";

/** Life of a reservation: a REGISTER's answer comes within timer F (RFC 3261 §17.1.2.2) or never. */
export const PENDING_LIFETIME_MS = 32_000;

/** Reservations at once: as many as REGISTERs that may be under way. */
const MAX_RESERVATIONS = 20_000;

/**
 * Reservations of one address of record, or under one public `user@host`: as many as one may have phones. Each REGISTER
 * compares itself with all of them, so that a flood of REGISTERs for one name would make each one cost more.
 */
const MAX_OF_ONE_NAME = 128;

/** Phones whose REGISTER waits for its registrar's answer; they hold their public URI and are not reachable yet. */
export class ReservationTable {
  readonly #rows = new Map<string, Binding>();
  readonly #byAddressOfRecord = new BindingIndex();
  readonly #byPublicKey = new BindingIndex();
  readonly #wheel = new ExpiryWheel();

  /** Number of phones held. */
  get size(): number {
    return this.#rows.size;
  }

  /** Holds a phone's public URI; the oldest of too many of one name goes, a full table holds no further one. */
  hold(binding: Binding, nowMs: number): void {
    const publicKey = publicKeyOf(binding.publicUri);
    this.release(binding.bindingId);
    this.#makeRoom(this.#byAddressOfRecord.get(binding.addressOfRecord));
    this.#makeRoom(this.#byPublicKey.get(publicKey));
    if (this.#rows.size >= MAX_RESERVATIONS) return;
    this.#rows.set(binding.bindingId, binding);
    this.#byAddressOfRecord.put(binding.addressOfRecord, binding);
    this.#byPublicKey.put(publicKey, binding);
    this.#wheel.set(binding.bindingId, nowMs + PENDING_LIFETIME_MS);
  }

  /** Lets a phone go: it is registered now, or its time is over. */
  release(bindingId: string): void {
    const binding = this.#rows.get(bindingId);
    if (binding === undefined) return;
    this.#rows.delete(bindingId);
    this.#byAddressOfRecord.remove(binding.addressOfRecord, bindingId);
    this.#byPublicKey.remove(publicKeyOf(binding.publicUri), bindingId);
    this.#wheel.delete(bindingId);
  }

  /** Finds the waiting phones of an address of record. */
  byAddressOfRecord(addressOfRecord: string): readonly Binding[] {
    return this.#byAddressOfRecord.get(addressOfRecord);
  }

  /** Finds the waiting phones under a public `user@host`. */
  byPublicKey(publicKey: string): readonly Binding[] {
    return this.#byPublicKey.get(publicKey);
  }

  /** Lets all phones go whose time is over. */
  expire(nowMs: number): void {
    for (const bindingId of this.#wheel.takeDue(nowMs)) this.release(bindingId);
  }

  #makeRoom(ofOneName: readonly Binding[]): void {
    const [oldest] = ofOneName;
    if (oldest !== undefined && ofOneName.length >= MAX_OF_ONE_NAME) {
      this.release(oldest.bindingId);
    }
  }
}
