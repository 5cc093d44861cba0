import type { Binding } from "./binding.ts";

/** Bindings of one key up to which an array copied on each change is cheaper than a map. */
const MAX_COPIED_BUCKET = 16;

/** Many bindings under one key, such as all accounts of a PBX under its address. */
class CrowdedBucket {
  readonly byId: Map<string, Binding>;
  #list: readonly Binding[] | undefined;

  constructor(bindings: readonly Binding[]) {
    this.byId = new Map(bindings.map((binding) => [binding.bindingId, binding]));
  }

  get list(): readonly Binding[] {
    return this.#list ??= [...this.byId.values()];
  }

  put(binding: Binding): void {
    this.remove(binding.bindingId);
    this.byId.set(binding.bindingId, binding);
  }

  remove(bindingId: string): void {
    this.byId.delete(bindingId);
    this.#list = undefined;
  }
}

const NONE: readonly Binding[] = Object.freeze([]);

/** Bindings by a key that several may share; the one put last stands last. All calls cost O(1) but for the list of a crowded key. */
export class BindingIndex {
  readonly #buckets = new Map<string, readonly Binding[] | CrowdedBucket>();

  /** Whether any binding has the key. */
  has(key: string): boolean {
    return this.#buckets.has(key);
  }

  /** Gives the bindings of a key, the one put last at the end. */
  get(key: string): readonly Binding[] {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return NONE;
    return bucket instanceof CrowdedBucket ? bucket.list : bucket;
  }

  /** Puts a binding under a key, in the place of its older self. */
  put(key: string, binding: Binding): void {
    const bucket = this.#buckets.get(key);
    if (bucket instanceof CrowdedBucket) {
      bucket.put(binding);
      return;
    }
    const others = (bucket ?? NONE).filter(({ bindingId }) => bindingId !== binding.bindingId);
    const list = [...others, binding];
    this.#buckets.set(key, list.length > MAX_COPIED_BUCKET ? new CrowdedBucket(list) : list);
  }

  /** Takes a binding out from under a key. */
  remove(key: string, bindingId: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    if (bucket instanceof CrowdedBucket) {
      bucket.remove(bindingId);
      if (bucket.byId.size === 0) this.#buckets.delete(key);
      return;
    }
    const others = bucket.filter((binding) => binding.bindingId !== bindingId);
    if (others.length === 0) this.#buckets.delete(key);
    else this.#buckets.set(key, others);
  }
}
