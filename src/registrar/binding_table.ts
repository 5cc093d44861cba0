import { BoundedMap } from "../base/bounded_map.ts";
import type { IpAddress } from "../base/ip_address.ts";
import type { Binding, BindingChange } from "./binding.ts";
import { BindingIndex } from "./binding_index.ts";
import { type BindingKeys, bindingKeys } from "./binding_keys.ts";
import { ExpiryWheel } from "./expiry_wheel.ts";
import { ReservationTable } from "./reservation_table.ts";
import { findTwin } from "./same_phone.ts";

/** An expired binding stays this long for the messages that are still under way, as in siproxd. */
const GRACE_MS = 5_000;

/** Addresses of record remembered after their last binding went, to answer 480 in place of 404. */
const MAX_REMEMBERED = 20_000;

/** How long they are remembered: a phone that is away overnight is still known in the morning. */
const REMEMBERED_MS = 86_400_000;

/** How a table is limited. */
export interface BindingTableLimits {
  /** Most bindings the table takes. */
  readonly maxRegistrations: number;
}

interface Row {
  readonly binding: Binding;
  readonly keys: BindingKeys;
}

/** All registrations, with an index for each question that a message asks; no question costs more with more phones. */
export class BindingTable {
  readonly #maxRegistrations: number;
  readonly #rows = new Map<string, Row>();
  readonly #byAddressOfRecord = new BindingIndex();
  readonly #byPublicKey = new BindingIndex();
  readonly #byUser = new BindingIndex();
  readonly #byAddress = new BindingIndex();
  readonly #wheel = new ExpiryWheel();
  readonly #remembered = new BoundedMap<string, true>({
    maxEntries: MAX_REMEMBERED,
    lifetimeMs: REMEMBERED_MS,
  });
  readonly #reservations = new ReservationTable();
  #nowMs = 0;

  constructor(limits: BindingTableLimits) {
    this.#maxRegistrations = limits.maxRegistrations;
  }

  /** Number of bindings, those in their grace included. */
  get size(): number {
    return this.#rows.size;
  }

  /** Whether no further phone can be taken. */
  get isFull(): boolean {
    return this.#rows.size >= this.#maxRegistrations;
  }

  /** How many further phones can be taken. */
  get room(): number {
    return Math.max(this.#maxRegistrations - this.#rows.size, 0);
  }

  /** Applies a change; a new phone that finds the table full is not taken. */
  apply(change: BindingChange): "applied" | "table-full" {
    if (change.kind === "unbind") {
      this.#remove(change.bindingId);
      return "applied";
    }
    const { binding } = change;
    const old = this.#rows.get(binding.bindingId);
    if (old === undefined && this.isFull) return "table-full";
    this.#reservations.release(binding.bindingId);
    const twin = findTwin(binding, this.#reservations.byAddressOfRecord(binding.addressOfRecord));
    if (twin !== undefined) this.#reservations.release(twin.bindingId);
    this.#put(binding, old);
    return "applied";
  }

  /**
   * Holds the public URIs of phones whose REGISTER is under way, so that a second phone of the same user gets another
   * one, and so that the same REGISTER with credentials gets the same one again.
   */
  reserve(bindings: readonly Binding[], nowMs: number): void {
    for (const binding of bindings) {
      if (this.#rows.get(binding.bindingId)?.binding.publicUri === binding.publicUri) continue;
      this.#reservations.hold(binding, nowMs);
    }
  }

  /** Finds one binding. */
  byId(bindingId: string): Binding | undefined {
    return this.#rows.get(bindingId)?.binding;
  }

  /** Finds the phones of an address of record, the newest last. */
  byAddressOfRecord(addressOfRecord: string): readonly Binding[] {
    return this.#byAddressOfRecord.get(addressOfRecord);
  }

  /** Finds the phones whose public URI has this `user@host`, the newest last. */
  byPublicKey(publicKey: string): readonly Binding[] {
    return this.#byPublicKey.get(publicKey);
  }

  /** Finds the phones whose address of record or public URI has this user part, the newest last. */
  byUser(user: string): readonly Binding[] {
    return this.#byUser.get(user);
  }

  /** Finds the phones at an address, the newest last. */
  bySourceAddress(address: IpAddress): readonly Binding[] {
    return this.#byAddress.get(address);
  }

  /** Whether an address is a registered phone's. */
  isPhone(address: IpAddress): boolean {
    return this.#byAddress.has(address);
  }

  /** Finds the phones of an address of record that wait for their registrar's answer. */
  reservedByAddressOfRecord(addressOfRecord: string): readonly Binding[] {
    return this.#reservations.byAddressOfRecord(addressOfRecord);
  }

  /** Finds the phones that wait for their registrar's answer under this `user@host`. */
  reservedByPublicKey(publicKey: string): readonly Binding[] {
    return this.#reservations.byPublicKey(publicKey);
  }

  /** Whether a binding's time was over at the last `expire`; it may still stand in its grace. */
  isExpired(binding: Binding): boolean {
    return binding.expiresAtMs <= this.#nowMs;
  }

  /** Whether an address of record, or a public `user@host`, was registered lately and has no live binding now. */
  knownAddressOfRecord(key: string): boolean {
    const bindings = [...this.#byAddressOfRecord.get(key), ...this.#byPublicKey.get(key)];
    if (bindings.length > 0) return bindings.every((binding) => this.isExpired(binding));
    return this.#remembered.get(key, this.#nowMs) === true;
  }

  /** Gives all bindings, in no particular order. */
  all(): readonly Binding[] {
    return Array.from(this.#rows.values(), ({ binding }) => binding);
  }

  /** Takes out and returns the bindings whose grace is over; the clock of the table is set to `nowMs`. */
  expire(nowMs: number): readonly Binding[] {
    this.#nowMs = Math.max(nowMs, this.#nowMs);
    this.#reservations.expire(nowMs);
    this.#remembered.expire(nowMs);
    const expired: Binding[] = [];
    for (const bindingId of this.#wheel.takeDue(nowMs)) {
      const row = this.#rows.get(bindingId);
      if (row === undefined) continue;
      expired.push(row.binding);
      this.#remove(bindingId);
    }
    return expired;
  }

  #put(binding: Binding, old: Row | undefined): void {
    const keys = old !== undefined && hasSameKeys(old.binding, binding)
      ? old.keys
      : bindingKeys(binding);
    if (old !== undefined && old.keys !== keys) this.#unindex(old);
    this.#rows.set(binding.bindingId, { binding, keys });
    this.#byAddressOfRecord.put(keys.addressOfRecord, binding);
    this.#byPublicKey.put(keys.publicKey, binding);
    for (const user of keys.users) this.#byUser.put(user, binding);
    for (const address of keys.addresses) this.#byAddress.put(address, binding);
    this.#wheel.set(binding.bindingId, binding.expiresAtMs + GRACE_MS);
  }

  #unindex({ binding, keys }: Row): void {
    const { bindingId } = binding;
    this.#byAddressOfRecord.remove(keys.addressOfRecord, bindingId);
    this.#byPublicKey.remove(keys.publicKey, bindingId);
    for (const user of keys.users) this.#byUser.remove(user, bindingId);
    for (const address of keys.addresses) this.#byAddress.remove(address, bindingId);
  }

  #remove(bindingId: string): void {
    const row = this.#rows.get(bindingId);
    if (row === undefined) return;
    this.#rows.delete(bindingId);
    this.#unindex(row);
    this.#wheel.delete(bindingId);
    const memory = { value: true, nowMs: this.#nowMs } as const;
    this.#remembered.set(row.keys.addressOfRecord, memory);
    this.#remembered.set(row.keys.publicKey, memory);
  }
}

function hasSameKeys(old: Binding, binding: Binding): boolean {
  return old.publicUri === binding.publicUri && old.contactUri === binding.contactUri &&
    old.addressOfRecord === binding.addressOfRecord &&
    old.addressOfRecordUri === binding.addressOfRecordUri &&
    old.source.address === binding.source.address && old.target.address === binding.target.address;
}
